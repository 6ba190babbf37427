#!/usr/bin/env python
"""Puts platform/ on the path and starts Django. `platform` is a folder, never a package (see docs/architecture.md)."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Run one of Django's or Fixpoint's commands."""
    root = Path(__file__).resolve().parent
    sys.path[:0] = [str(root / "platform"), str(root)]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fixpoint.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
