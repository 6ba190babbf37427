"""A worker's check is asked for a bounded time, and what breaks it is a finding."""

from __future__ import annotations

import threading
import time

from worker.contract import Finding, Level
from worker.doctor.bounded import bounded


def test_what_is_found_is_handed_on() -> None:
    finding = Finding(Level.OK, "fine")

    assert bounded(lambda: finding, seconds=5, advice="") == finding


def test_what_breaks_fails_with_its_reason() -> None:
    def broken() -> Finding:
        raise ValueError("nobody thought of it")

    assert bounded(broken, seconds=5, advice="look") == Finding(Level.FAIL, "ValueError: nobody thought of it", "look")


def test_what_hangs_fails_after_its_time() -> None:
    forever = threading.Event()

    def hang() -> Finding:
        forever.wait()
        return Finding(Level.OK, "at last")

    began = time.monotonic()
    finding = bounded(hang, seconds=0.2, advice="look")
    forever.set()

    assert (finding.level, finding.advice) == (Level.FAIL, "look")
    assert time.monotonic() - began < 5
