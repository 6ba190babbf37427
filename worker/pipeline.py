"""A job's whole way: claim it, keep the lease, carry the attempt out, and account for every way it can end."""

from __future__ import annotations

import errno
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import structlog
from structlog.contextvars import bound_contextvars

from worker.attempt import Attempt
from worker.bench import Bench
from worker.claim import Claimed, claim
from worker.contract import Job
from worker.device import gpu_of
from worker.fault import Blame, ours
from worker.lease import AttemptOverError, Lease
from worker.meter import Meter
from worker.meters.readers import readers_of
from worker.outputs import BadOutputError
from worker.platform_client import RefusedError
from worker.reporter import Reporter
from worker.sandbox import SandboxError
from worker.scratch import attempt_folder
from worker.second_opinion import CodeCarbon

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
log = structlog.get_logger()


def carry_out(job: Job, bench: Bench) -> None:
    """Claim → stage → train → predict → report, or ingest. Never raises: every ending is reported or logged."""
    with bound_contextvars(kind=str(job.kind), job=job.id, attempt=job.attempt):
        key = secrets.token_urlsafe(32)
        try:
            claimed = claim(job, key, bench)
            if claimed is not None:
                _work(job, key, claimed, bench)
        except AttemptOverError as over:
            log.warning("stopped and cleaned up", ending=str(over.ending))
        except Exception:
            log.exception("an ending could not be reported; the platform will miss this attempt's heartbeat")


def _work(job: Job, key: str, claimed: Claimed, bench: Bench) -> None:
    with _lease(job, key, claimed, bench) as lease:
        attempt = Attempt(bench, claimed, lease, Reporter(job, key, bench.platform, lease))
        try:
            with attempt_folder(bench.settings.scratch) as folder, _meter(bench, folder / "meter") as meter:
                attempt.run(folder, meter)
        except AttemptOverError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the platform hears of it
            attempt.admit(_blame(error))


def _lease(job: Job, key: str, claimed: Claimed, bench: Bench) -> Lease:
    return Lease(
        lambda timeout: bench.platform.heartbeat(job, key, timeout=timeout),
        heartbeat_seconds=claimed.claim.heartbeat_seconds,
        lease_seconds=claimed.claim.lease_seconds,
    )


@contextmanager
def _meter(bench: Bench, home: Path) -> Generator[Meter]:
    """A meter whose second opinion starts now, so that it is there when the first phase is."""
    readers = readers_of(bench.settings)
    if not bench.settings.codecarbon:
        yield Meter(bench.settings, bench.sandbox.name, None, readers)
        return
    home.mkdir()
    with CodeCarbon(bench.settings.country_iso, home, gpu=gpu_of(bench.settings.device)) as second:
        yield Meter(bench.settings, bench.sandbox.name, second, readers)


def _blame(error: Exception) -> Blame:
    """Words for an error that nobody foresaw: its kind, never its text, which may hold an address or a path."""
    match error:
        case Blame():
            log.warning(
                "a phase did not end well", code=error.fault.code, detail=error.fault.detail, log=error.fault.log
            )
            return error
        case BadOutputError():
            log.error("an output is not what it should be", reason=str(error))
            return ours("bad-output", str(error))
        case RefusedError():
            log.error("the platform refused what it should have taken", reason=str(error))
            return ours("refused", str(error))
        case SandboxError():
            log.error("the sandbox could not do its part", reason=str(error))
            return ours("sandbox", "The sandbox could not do its part.", log=str(error))
        case OSError(errno=number) if number in NO_ROOM:
            log.error("the worker's disk is full", reason=str(error))
            return ours("disk-full", "The worker has no room left on its disk.")
    log.error("an error of ours", exc_info=error)
    return ours("internal", f"The worker met an error of its own ({type(error).__name__}).")
