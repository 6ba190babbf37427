"""Heartbeats renew a lease, tell of a cancel, and are refused from anybody but the holder."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from fixpoint.submissions.services import submission_cancel
from tests.support.worker import ScriptedWorker
from worker.contract import Fact, Phase


@pytest.fixture
def held(worker, attempt):
    assert worker.claim().status_code == 200
    attempt.refresh_from_db()
    return attempt


def lapse(attempt, seconds: float = 1.0) -> None:
    """The lease ran out this long ago."""
    attempt.lease_until = timezone.now() - timedelta(seconds=seconds)
    attempt.save(update_fields=["lease_until"])


def test_a_heartbeat_renews_the_lease(worker, held, settings):
    lapse(held)
    assert worker.beat().json() == {"answer": "continue"}
    held.refresh_from_db()
    assert held.lease_until > timezone.now() + timedelta(seconds=settings.LEASE_SECONDS - 5)


def test_a_report_renews_the_lease_too(worker, held):
    lapse(held)
    worker.report(Fact.STARTED, Phase.TRAIN)
    held.refresh_from_db()
    assert held.lease_until > timezone.now()


def test_a_heartbeat_after_a_cancel_says_so_each_time_and_renews_nothing(worker, held, entry, owner):
    submission_cancel(submission=entry, who=owner)
    assert worker.beat().json() == {"answer": "cancel"}
    assert worker.beat().json() == {"answer": "cancel"}
    until = held.lease_until
    held.refresh_from_db()
    assert held.lease_until == until


@pytest.mark.parametrize("fact", [Fact.STARTED, Fact.PROGRESS, Fact.TRAINED, Fact.PREDICTED, Fact.FAILED, Fact.ERROR])
def test_whatever_is_reported_after_a_cancel_is_answered_cancel(worker, held, entry, owner, fact):
    submission_cancel(submission=entry, who=owner)
    assert worker.report(fact, Phase.TRAIN).json() == {"answer": "cancel"}
    entry.refresh_from_db()
    assert (entry.status, entry.attempt) == ("cancelled", 1)


@pytest.mark.parametrize("key", ["another key", "", "schlüssel"])
def test_a_wrong_key_is_told_to_stop(worker, held, key):
    liar = ScriptedWorker(worker.job, key=key.encode().decode("latin-1"))
    until = held.lease_until
    assert liar.beat().status_code == 410
    assert liar.report(Fact.STARTED, Phase.TRAIN).status_code == 410
    held.refresh_from_db()
    assert held.lease_until == until


def test_a_key_without_the_word_bearer_is_none(worker, held, client):
    path = f"/api/worker/attempts/{worker.job.id}/1/heartbeat"
    assert client.post(path, headers={"Authorization": worker.key}).status_code == 410
    assert client.post(path).status_code == 410


def test_nobody_beats_for_an_attempt_that_was_never_claimed(worker, attempt):
    assert worker.beat().status_code == 410
    assert ScriptedWorker(worker.job, key="").beat().status_code == 410


@pytest.mark.parametrize("subject", ["nothing", "00000000-0000-4000-8000-000000000000"])
def test_nobody_beats_for_what_does_not_exist(client, db, subject):
    answer = client.post(f"/api/worker/attempts/{subject}/1/heartbeat", headers={"Authorization": "Bearer x"})
    assert answer.status_code == 410


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**30])
def test_no_attempt_has_a_number_that_its_column_does_not_hold(worker, held, number):
    beyond = ScriptedWorker(replace(worker.job, attempt=number), key=worker.key)
    assert beyond.beat().status_code == 410
    assert beyond.report(Fact.STARTED, Phase.TRAIN).status_code == 410
    assert beyond.claim().status_code == 409


def test_an_attempt_that_has_ended_is_nobodys(worker, held):
    worker.report(Fact.ERROR, Phase.TRAIN)
    answer = worker.beat()
    assert answer.status_code == 410
    assert "error" in answer.json()["detail"]
