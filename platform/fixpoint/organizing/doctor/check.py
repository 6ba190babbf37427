"""One question about the installation: asked for a bounded time, and never in the way of the next."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue

from django.db import connections

from worker.contract import Finding, Level

PATIENCE_SECONDS = 8.0
"""Longer than any part's own timeout, whose words tell more."""


@dataclass(frozen=True)
class Check:
    """`advice` is for a check that breaks or hangs; it is not run where one of those that it `needs` has failed."""

    name: str
    run: Callable[[], Finding]
    advice: str
    needs: tuple[str, ...] = ()
    seconds: float = PATIENCE_SECONDS


def examination(checks: Iterable[Check]) -> Iterator[Finding]:
    """One finding for each check, in order, as it is made."""
    failed: set[str] = set()
    for check in checks:
        if lacking := failed.intersection(check.needs):
            finding = Finding(Level.WARN, "not checked", f"see {', '.join(sorted(lacking))} first")
        else:
            finding = _examined(check)
        if finding.level is Level.FAIL or lacking:
            failed.add(check.name)
        yield replace(finding, check=check.name)


def _examined(check: Check) -> Finding:
    # A thread that is left behind: nothing else gets away from a call that never comes back.
    found: SimpleQueue[Finding] = SimpleQueue()
    threading.Thread(target=lambda: found.put(_attempt(check)), name=check.name, daemon=True).start()
    try:
        return found.get(timeout=check.seconds)
    except Empty:
        return Finding(Level.FAIL, f"no answer within {check.seconds:.0f} seconds", check.advice)


def _attempt(check: Check) -> Finding:
    try:
        return check.run()
    except Exception as error:  # noqa: BLE001 - a check that breaks is a finding, and must not hide the others
        return Finding(Level.FAIL, f"{type(error).__name__}: {error}", check.advice)
    finally:
        connections.close_all()
