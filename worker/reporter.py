"""Facts of one attempt on their way up: numbered, delivered until answered, the answer obeyed."""

from __future__ import annotations

import itertools
import threading
from typing import Any

import structlog

from worker.contract import Fact, Job, Phase, Progress, Report
from worker.lease import Lease
from worker.platform_client import Platform
from worker.progress import Say

PROGRESS_TIMEOUT = 5.0
log = structlog.get_logger()


class Reporter:
    """Numbers are drawn under a lock, since progress is reported beside the phase that makes it."""

    def __init__(self, job: Job, key: str, platform: Platform, lease: Lease) -> None:
        self._job = job
        self._key = key
        self._platform = platform
        self._lease = lease
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def deliver(self, fact: Fact, phase: Phase, **parts: Any) -> None:
        """Report and wait for the answer. Raises AttemptOverError, RefusedError."""
        report = self._numbered(fact, phase, **parts)
        log.info("reports", fact=str(fact), phase=str(phase), sequence=report.sequence)
        self._lease.deliver(lambda: self._platform.report(self._job, self._key, report))

    def progress(self, phase: Phase, epochs: tuple[Progress, ...]) -> Say:
        """A report of epochs, sent once per call and always the same. Raises UnreachableError, RefusedError."""
        report = self._numbered(Fact.PROGRESS, phase, progress=epochs)

        def say() -> None:
            self._lease.ask(lambda: self._platform.report(self._job, self._key, report, timeout=PROGRESS_TIMEOUT))

        return say

    def _numbered(self, fact: Fact, phase: Phase, **parts: Any) -> Report:
        with self._lock:
            return Report(fact=fact, phase=phase, sequence=next(self._numbers), **parts)
