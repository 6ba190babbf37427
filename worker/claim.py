"""Claiming an attempt: one question, one key, and the same question again when addresses have run out."""

from __future__ import annotations

import time
from dataclasses import dataclass

import structlog

from worker.bench import Bench
from worker.contract import Claim, ClaimRequest, Input, Job, Output
from worker.lease import Ending, Lease, pauses
from worker.platform_client import MismatchError, RefusedError, StaleError, StrangerError, UnreachableError
from worker.sandbox import SandboxError

PATIENCE = 120.0
"""Seconds to look for a silent platform before the job is left to its sweeper."""

log = structlog.get_logger()


@dataclass
class Claimed:
    """An attempt that is ours; `claim` is the latest answer."""

    request: ClaimRequest
    image: str
    claim: Claim

    def input(self, name: str) -> Input:
        """The input of this name. Raises KeyError."""
        return {blob.name: blob for blob in self.claim.inputs}[name]

    def output(self, stage: int, name: str) -> Output:
        """The output of this name of the stage of this number. Raises KeyError."""
        return {output.name: output for output in self.claim.stages[stage].outputs}[name]

    def renew(self, bench: Bench, lease: Lease) -> None:
        """Fresh addresses for the same attempt. Raises AttemptOverError, RefusedError."""
        try:
            self.claim = lease.insist(lambda: bench.platform.claim(self.request))
        except StaleError:
            # An address was refused because the attempt is, not because its time was over.
            lease.end(Ending.FENCED)
            lease.check()


def claim(job: Job, key: str, bench: Bench, *, patience: float = PATIENCE) -> Claimed | None:
    """Make the attempt ours; None where it is not to be had, which is logged and no error of anybody's."""
    image, digests = held(bench)
    request = ClaimRequest(job=job, key=key, worker=bench.settings.name, recipe_digests=digests, gpu=bench.settings.gpu)
    try:
        return Claimed(request, image, _insist(request, bench, patience))
    except StaleError:
        log.info("the attempt is no longer current")
    except MismatchError:
        log.critical("the platform pins another contract or recipe than this worker has", recipes=digests)
    except StrangerError:
        log.critical(
            "the platform does not believe this worker its name: see FIXPOINT_WORKER_TOKEN and FIXPOINT_WORKER_NAME",
            worker=bench.settings.name,
        )
    except (RefusedError, UnreachableError) as error:
        log.warning("the job could not be claimed; the platform will send it again", reason=str(error))
    return None


def what_would_run(bench: Bench) -> tuple[str, dict[str, str]]:
    """The image that a job would run in now, and the digests of its recipes. Raises SandboxError."""
    image = bench.sandbox.image_id(bench.settings.model_image)
    return image, bench.recipes.digests(image)


def held(bench: Bench) -> tuple[str, dict[str, str]]:
    """The same, or nothing where the sandbox cannot say; asked once before the first job, it costs the jobs no time."""
    try:
        return what_would_run(bench)
    except SandboxError as error:
        # The platform refuses a claim without digests and sends the job again, until a worker has what it needs.
        log.exception("the sandbox does not say what it would run", reason=str(error))
        return "", {}


def _insist(request: ClaimRequest, bench: Bench, patience: float) -> Claim:
    deadline = time.monotonic() + patience
    for pause in pauses():
        try:
            return bench.platform.claim(request)
        except UnreachableError as error:
            if time.monotonic() + pause > deadline:
                raise
            log.warning("will claim again", reason=str(error))
            time.sleep(pause)
    raise AssertionError("pauses() never ends")
