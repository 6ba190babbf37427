"""A process that sees a site's database and waits for what it is told: to start one each time takes seconds."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Self

from tests.support.site import ROOT, Site

_LISTEN = """
import contextlib, io, json, sys
for line in sys.stdin:
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(json.loads(line), {})
    print(json.dumps(said.getvalue().strip()), flush=True)
"""


class AtHand:
    """Use it in a `with` block."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def __enter__(self) -> Self:
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-v", "0", "-c", _LISTEN]
        self._listener = subprocess.Popen(
            command, cwd=ROOT, env=self._site.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.communicate()  # nothing more: it ends

    def ask(self, code: str) -> str:
        """What these lines of Python print there."""
        told, said = self._listener.stdin, self._listener.stdout
        assert told is not None
        assert said is not None
        told.write(json.dumps(code) + "\n")
        told.flush()
        line = said.readline()
        assert line, "it ended: see what it said on its standard error"
        return str(json.loads(line))
