"""`fixed-model lock`: writes recipes.lock, or with --check says whether it is stale. Never imports torch."""

from __future__ import annotations

import argparse

from fixed_model.lock import LOCK, render


def main(arguments: list[str]) -> None:
    """Write or check the lock beside the code."""
    parser = argparse.ArgumentParser(prog="fixed-model lock", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; status 1 if the lock is stale")
    options = parser.parse_args(arguments)
    text = render()
    if not options.check:
        LOCK.write_text(text, encoding="utf-8")
    elif not LOCK.exists() or LOCK.read_text(encoding="utf-8") != text:
        raise SystemExit("recipes.lock is stale: a number or a line that computes has changed; run `fixed-model lock`")
