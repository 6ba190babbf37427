"""Reads the platform's database in a process of its own: a question a line in, an answer a line out."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import django
from django.db import Error, connections

ROOT = Path(__file__).resolve().parents[3]
TRIES = 40
PAUSE = 0.25


class Witness:
    """Asks such a process. `settle` has it forget, from then on, all that is there now."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._log = log.open("ab")
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.campaign.witness"],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._log):
            if stream is not None:
                stream.close()

    def ask(self, question: str) -> dict[str, Any]:
        """`states`, `facts`, `all` or `settle`; asked again for a while where the database does not answer."""
        for _ in range(TRIES):
            answer = self._once(question)
            if answer is not None:
                return answer
            time.sleep(PAUSE)
        raise RuntimeError(f"The database does not answer the question for {question}.")

    def are_final(self) -> bool:
        """Whether everything has ended; False also where the database is away."""
        states = self._once("states")
        return states is not None and bool(states["are_final"])

    def _once(self, question: str) -> dict[str, Any] | None:
        pipes = self._process
        if pipes.stdin is None or pipes.stdout is None:
            raise RuntimeError("The witness has no pipes.")
        with self._lock:
            pipes.stdin.write(question + "\n")
            pipes.stdin.flush()
            answer: dict[str, Any] | None = json.loads(pipes.stdout.readline() or "null")
        return answer


def main() -> None:
    """Answer until the questions end; `null` where the database is away."""
    known: set[UUID] = set()
    for line in sys.stdin:
        try:
            answer = _answer(line.strip(), known)
        except Error:
            connections.close_all()
            answer = None
        print(json.dumps(answer), flush=True)


def _answer(question: str, known: set[UUID]) -> dict[str, Any]:
    if question == "settle":
        known |= {UUID(each) for kind in ("entries", "datasets") for each in facts.states(known)[kind]}
        return {}
    if question == "all":
        return facts.facts(set())
    return facts.facts(known) if question == "facts" else facts.states(known)


if __name__ == "__main__":
    django.setup()
    from tests.faults.campaign import facts  # models can be read only after the line above

    main()
