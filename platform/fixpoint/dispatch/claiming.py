"""Claims: an attempt is given to one worker, with all that it needs to carry it out."""

import logging
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from fixpoint.blobs.addresses import Slot, read_address, write_token
from fixpoint.blobs.store import blob_size
from fixpoint.dispatch.attempts import (
    UNFIT,
    WORTH_REPEATING,
    StumbledError,
    attempt_end,
    attempt_of,
    attempt_renew,
)
from fixpoint.dispatch.errors import MismatchError, NotClaimableError, PassedOnError
from fixpoint.dispatch.handling import Work, handler_of
from fixpoint.dispatch.models import Attempt
from fixpoint.dispatch.queues import is_able
from fixpoint.dispatch.refusals import is_for_another, is_resting, pass_on, refusal_keep
from fixpoint.dispatch.registry import StrangerError, speaker_check
from fixpoint.dispatch.tokens import hash_of, is_key, is_token
from worker.contract import CONTRACT, Claim, ClaimRequest, Input, Kind, Output

log = logging.getLogger(__name__)


def attempt_claim(*, request: ClaimRequest, token: str) -> Claim:
    """Give the attempt to the worker that asks first; the same worker asking again gets the same answer.

    `token` shows that the worker is who it says, and is "" from one that has none.
    """
    if not request.key:
        raise ValueError("A worker draws a key for each claim: without one, anybody could speak for it.")
    try:
        claim = _claimed(request, token)
    except PassedOnError:
        pass_on(request.job)
        raise
    except (MismatchError, StrangerError) as error:
        refusal_keep(request.job, worker=request.worker, why=str(error))
        raise
    except StumbledError:
        log.exception("The platform stumbled over the claim of %s #%s.", request.job.id, request.job.attempt)
        _broken(request)
        claim = None
    if claim is None:  # raised out here: what the transaction wrote of the ending stays written
        raise NotClaimableError("This attempt is no longer wanted.")
    return claim


@transaction.atomic
def _claimed(request: ClaimRequest, token: str) -> Claim | None:
    attempt = _claimable(request)
    speaker_check(name=request.worker, token=token)
    _check_contract(request)
    if is_for_another(attempt, request.worker):
        raise PassedOnError("The try before failed on this worker: another is asked first.")
    if not attempt.claimed_at and is_resting(request.worker):
        raise PassedOnError("This worker is drained.")
    try:
        return _given(attempt, request)
    except (NotClaimableError, MismatchError, *WORTH_REPEATING, *UNFIT):
        raise
    except Exception as error:
        raise StumbledError from error


@transaction.atomic
def _broken(request: ClaimRequest) -> None:
    attempt = _claimable(request)
    attempt_end(attempt=attempt, outcome="broken")
    handler_of(attempt).lost(attempt, "The platform could not say what is to be done.")


def _claimable(request: ClaimRequest) -> Attempt:
    attempt = attempt_of(request.job.id, request.job.attempt, lock=True)
    if attempt is None or not attempt.is_open or not is_token(attempt, request.job.token):
        raise NotClaimableError("This attempt is not open.")
    if attempt.key_hash and not is_key(attempt, request.key):
        raise NotClaimableError("Another worker has claimed this attempt.")
    return attempt


def _check_contract(request: ClaimRequest) -> None:
    if request.contract != CONTRACT:
        raise MismatchError(
            f"The platform speaks contract {CONTRACT}, the worker {request.contract}: update the older."
        )


def _given(attempt: Attempt, request: ClaimRequest) -> Claim | None:
    work = handler_of(attempt).work(attempt.subject_id, attempt.number)
    if work is None:
        attempt_end(attempt=attempt, outcome="unwanted")
        return None
    if not is_able(attempt.queue, gpu=request.gpu):
        raise MismatchError(f"The queue {attempt.queue} is for workers of another device: see FIXPOINT_QUEUES.")
    theirs = request.recipe_digests.get(work.recipe)
    if theirs != work.recipe_digest:
        raise MismatchError(f"Recipe {work.recipe}: the platform has {work.recipe_digest}, the worker {theirs}.")
    attempt_renew(
        attempt,
        key_hash=hash_of(request.key),
        worker=request.worker[:200],
        claimed_at=attempt.claimed_at or timezone.now(),
        refusal="",
        refused_at=None,
    )
    return _claim(attempt, work)


def _claim(attempt: Attempt, work: Work) -> Claim:
    inputs = tuple(
        Input(name=each.name, sha256=each.sha256, size=blob_size(each.sha256), url=read_address(each.sha256))
        for each in work.materials
    )
    stages = tuple(
        replace(stage, outputs=tuple(_addressed(attempt, output) for output in stage.outputs)) for stage in work.stages
    )
    return Claim(
        kind=Kind(attempt.kind),
        id=str(attempt.subject_id),
        attempt=attempt.number,
        recipe=work.recipe,
        recipe_digest=work.recipe_digest,
        inputs=inputs,
        stages=stages,
        heartbeat_seconds=settings.HEARTBEAT_SECONDS,
        lease_seconds=float(settings.LEASE_SECONDS),
    )


def _addressed(attempt: Attempt, output: Output) -> Output:
    slot = Slot(attempt=str(attempt.pk), name=output.name, max_bytes=output.max_bytes)
    return replace(output, url=f"/api/worker/outputs/{write_token(slot)}")
