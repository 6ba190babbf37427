"""Claims, heartbeats and reports: what a worker may do with an attempt, and what the platform answers."""

import logging
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import DataError, OperationalError, transaction
from django.utils import timezone

from fixpoint.blobs.addresses import Slot, read_token, write_token
from fixpoint.blobs.store import blob_size
from fixpoint.dispatch.deliveries import Blobs, DeliveryError, deliveries_discard, deliveries_held, delivery_take
from fixpoint.dispatch.errors import FencedError, MismatchError, NotClaimableError, PassedOnError
from fixpoint.dispatch.handling import Handler, Work, handler_of
from fixpoint.dispatch.models import Attempt
from fixpoint.dispatch.queues import is_able
from fixpoint.dispatch.refusals import is_for_another, is_resting, pass_on, refusal_keep
from fixpoint.dispatch.registry import StrangerError, speaker_check
from fixpoint.dispatch.tokens import hash_of, is_key, is_token
from worker.contract import CONTRACT, Answer, Claim, ClaimRequest, Input, Kind, Output, Report

log = logging.getLogger(__name__)

_WORTH_REPEATING = (OperationalError, DeliveryError)
"""A busy database, an output that has to be handed in again."""
_UNFIT = (ValueError, OverflowError, DataError)
"""A report that is out of shape: the worker is told so, and ends the attempt itself."""
_RENEWED = (
    "key_hash", "worker", "claimed_at", "heartbeat_at", "lease_until", "last_sequence", "refusal", "refused_at"
)  # fmt: skip


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
    if claim is None:  # raised out here: what the transaction wrote of the ending stays written
        raise NotClaimableError("This attempt is no longer wanted.")
    return claim


@transaction.atomic
def _claimed(request: ClaimRequest, token: str) -> Claim | None:
    attempt = _locked(request.job.id, request.job.attempt)
    if attempt is None or not attempt.is_open or not is_token(attempt, request.job.token):
        raise NotClaimableError("This attempt is not open.")
    if attempt.key_hash and not is_key(attempt, request.key):
        raise NotClaimableError("Another worker has claimed this attempt.")
    speaker_check(name=request.worker, token=token)
    _check_contract(request)
    if is_for_another(attempt, request.worker):
        raise PassedOnError("The try before failed on this worker: another is asked first.")
    if not attempt.claimed_at and is_resting(request.worker):
        raise PassedOnError("This worker is drained.")
    try:
        with transaction.atomic():
            return _given(attempt, request)
    except (NotClaimableError, MismatchError, *_WORTH_REPEATING, *_UNFIT):
        raise
    except Exception:
        log.exception("The platform stumbled over the claim of %s.", attempt)
        attempt_end(attempt=attempt, outcome="broken")
        handler_of(attempt).lost(attempt, "The platform could not say what is to be done.")
        return None


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
    now = timezone.now()
    attempt.key_hash, attempt.worker = hash_of(request.key), request.worker[:200]
    attempt.claimed_at = attempt.claimed_at or now
    attempt.refusal, attempt.refused_at = "", None
    _renew(attempt)
    return _claim(attempt, work)


def attempt_beat(*, subject_id: str, number: int, key: str) -> Answer:
    """Renew the lease; the answer says whether to go on. Waits for no hashing, only while a report is written."""
    attempt = _held(_attempt(subject_id, number), key)
    if not handler_of(attempt).is_wanted(attempt.subject_id, attempt.number):
        return Answer.CANCEL
    now = timezone.now()
    still = Attempt.objects.filter(pk=attempt.pk, ended_at=None, key_hash=attempt.key_hash)
    if not still.update(heartbeat_at=now, lease_until=now + timedelta(seconds=settings.LEASE_SECONDS)):
        raise FencedError("This attempt has just ended.")
    return Answer.CONTINUE


def report_take(*, subject_id: str, number: int, key: str, report: Report) -> Answer:
    """Take in one fact, once: a repeated sequence number changes nothing and is answered like the first.

    What it delivers is checked and stored before the attempt's row is held: gigabytes take their time. The store knows
    bytes by their digest, so that nothing is lost if the report then comes too late.
    """
    attempt = _held(_attempt(subject_id, number), key)
    blobs = Blobs()
    if report.delivered and report.sequence > attempt.last_sequence:
        if not handler_of(attempt).is_wanted(attempt.subject_id, attempt.number):
            return Answer.CANCEL
        with deliveries_held(attempt):
            blobs.update({each.name: delivery_take(attempt, each) for each in report.delivered})
    return _told(subject_id, number, key, report, blobs)


@transaction.atomic
def _told(subject_id: str, number: int, key: str, report: Report, blobs: Blobs) -> Answer:
    attempt = _held(_locked(subject_id, number), key)
    handler = handler_of(attempt)
    if not handler.is_wanted(attempt.subject_id, attempt.number):
        return Answer.CANCEL
    if report.sequence > attempt.last_sequence:
        attempt.last_sequence = report.sequence
        if _taken(handler, attempt, report, blobs):
            attempt_end(attempt=attempt, outcome=str(report.fact))
        else:
            _renew(attempt)
    return Answer.CONTINUE


def _taken(handler: Handler, attempt: Attempt, report: Report, blobs: Blobs) -> bool:
    """Let the app take the fact in. What it stumbles over, it would stumble over again: the attempt ends."""
    try:
        with transaction.atomic():
            return handler.take(attempt, report, blobs)
    except (*_WORTH_REPEATING, *_UNFIT):
        raise
    except Exception:
        log.exception("The platform stumbled over a report of %s.", attempt)
        handler.lost(attempt, "The platform could not take in what the worker reported.")
        return True


def attempt_end(*, attempt: Attempt, outcome: str) -> bool:
    """Close an attempt, if it still is open; from here on its facts change nothing."""
    changed = Attempt.objects.filter(pk=attempt.pk, ended_at=None).update(ended_at=timezone.now(), outcome=outcome)
    if changed:
        transaction.on_commit(lambda: deliveries_discard(attempt))
    return bool(changed)


def _attempt(subject_id: str, number: int, *, lock: bool = False) -> Attempt | None:
    try:
        subject = UUID(subject_id)
    except ValueError:
        return None
    rows = Attempt.objects.select_for_update() if lock else Attempt.objects.all()
    return rows.filter(subject_id=subject, number=number).first()


def _locked(subject_id: str, number: int) -> Attempt | None:
    return _attempt(subject_id, number, lock=True)


def _held(attempt: Attempt | None, key: str) -> Attempt:
    if attempt is None or not is_key(attempt, key):
        raise FencedError("No such attempt is yours.")
    if not attempt.is_open:
        raise FencedError(f"This attempt has ended: {attempt.outcome}.")
    return attempt


def _renew(attempt: Attempt) -> None:
    now = timezone.now()
    attempt.heartbeat_at, attempt.lease_until = now, now + timedelta(seconds=settings.LEASE_SECONDS)
    attempt.save(update_fields=_RENEWED)


def _claim(attempt: Attempt, work: Work) -> Claim:
    inputs = tuple(
        Input(name=each.name, sha256=each.sha256, size=blob_size(each.sha256), url=f"/blobs/{read_token(each.sha256)}")
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
