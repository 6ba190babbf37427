"""Heartbeats and reports: what the worker that holds an attempt says of it, and what the platform answers."""

import logging

from django.db import transaction

from fixpoint.dispatch.attempts import (
    UNFIT,
    WORTH_REPEATING,
    StumbledError,
    attempt_end,
    attempt_held,
    attempt_of,
    attempt_renew,
    held,
)
from fixpoint.dispatch.deliveries import Blobs, deliveries_held, deliveries_unpack, delivery_take
from fixpoint.dispatch.errors import FencedError
from fixpoint.dispatch.handling import handler_of
from fixpoint.dispatch.models import Attempt
from worker.contract import Answer, Report

log = logging.getLogger(__name__)


def attempt_beat(*, subject_id: str, number: int, key: str) -> Answer:
    """Renew the lease; the answer says whether to go on. Waits for no hashing, only while a report is written."""
    attempt = held(attempt_of(subject_id, number), key)
    if not handler_of(attempt).is_wanted(attempt.subject_id, attempt.number):
        return Answer.CANCEL
    if not attempt_renew(attempt):
        raise FencedError("This attempt has just ended.")
    return Answer.CONTINUE


def report_take(*, subject_id: str, number: int, key: str, report: Report) -> Answer:
    """Take in one fact, once: a repeated sequence number changes nothing and is answered like the first."""
    blobs = Blobs()
    if any(each.content is None for each in report.delivered) and not _stored(subject_id, number, key, report, blobs):
        return Answer.CANCEL
    try:
        return _told(subject_id, number, key, report, blobs)
    except StumbledError:
        log.exception("The platform stumbled over a report of %s #%s.", subject_id, number)
        return _lost(subject_id, number, key, report)


def _stored(subject_id: str, number: int, key: str, report: Report, blobs: Blobs) -> bool:
    """Check and store what was PUT before the attempt's row is held: gigabytes take their time. False if unwanted.

    The store knows bytes by their digest, so that nothing is lost if the report then comes too late.
    """
    attempt = held(attempt_of(subject_id, number), key)
    if report.sequence <= attempt.last_sequence:
        return True
    if not handler_of(attempt).is_wanted(attempt.subject_id, attempt.number):
        return False
    with deliveries_held(attempt):
        blobs.update({each.name: delivery_take(attempt, each) for each in report.delivered if each.content is None})
    return True


@transaction.atomic
def _told(subject_id: str, number: int, key: str, report: Report, blobs: Blobs) -> Answer:
    attempt = attempt_held(subject_id, number, key)
    if report.sequence <= attempt.last_sequence:
        is_wanted = handler_of(attempt).is_wanted(attempt.subject_id, attempt.number)
        return Answer.CONTINUE if is_wanted else Answer.CANCEL
    blobs.update(deliveries_unpack(attempt, report.delivered))
    is_over = _taken(attempt, report, blobs)
    if is_over is None:
        return Answer.CANCEL
    if is_over:
        attempt_end(attempt=attempt, outcome=str(report.fact))
    else:
        attempt_renew(attempt, last_sequence=report.sequence)
    return Answer.CONTINUE


def _taken(attempt: Attempt, report: Report, blobs: Blobs) -> bool | None:
    try:
        return handler_of(attempt).take(attempt, report, blobs)
    except (*WORTH_REPEATING, *UNFIT):
        raise
    except Exception as error:
        raise StumbledError from error


@transaction.atomic
def _lost(subject_id: str, number: int, key: str, report: Report) -> Answer:
    """What the platform stumbles over, it would stumble over again: the attempt ends."""
    attempt = attempt_held(subject_id, number, key)
    if report.sequence <= attempt.last_sequence:  # said again meanwhile, and taken
        return Answer.CONTINUE
    attempt_end(attempt=attempt, outcome=str(report.fact))
    handler_of(attempt).lost(attempt, "The platform could not take in what the worker reported.")
    return Answer.CONTINUE
