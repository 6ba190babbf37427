"""Who may work on an attempt: the worker that asks first, with the job's token, for the recipe that the task pins."""

from dataclasses import asdict, replace

import pytest
from django.utils import timezone

from fixpoint.dispatch.models import Attempt, Worker
from fixpoint.dispatch.registry import worker_token
from fixpoint.submissions.services import submission_cancel
from tests.support.hellos import hello_from
from tests.support.worker import ScriptedWorker, job_of
from worker.contract import CONTRACT, Fact, Phase


def test_the_first_that_asks_gets_the_attempt_and_a_lease(worker, attempt, settings):
    before = timezone.now()
    claim = worker.claim().json()
    attempt.refresh_from_db()
    assert (claim["id"], claim["attempt"]) == (str(attempt.subject_id), 1)
    assert claim["lease_seconds"] == settings.LEASE_SECONDS
    assert attempt.worker == "worker-1"
    assert attempt.claimed_at >= before
    assert (attempt.lease_until - before).total_seconds() >= settings.LEASE_SECONDS


def test_the_key_itself_is_stored_nowhere(worker, attempt):
    worker.claim()
    attempt.refresh_from_db()
    assert worker.key not in str(Attempt.objects.filter(pk=attempt.pk).values().get())


def test_the_same_worker_asking_again_gets_the_same_answer(worker, attempt):
    first = worker.claim().json()
    attempt.refresh_from_db()
    claimed_at = attempt.claimed_at
    again = worker.claim()
    assert again.status_code == 200
    attempt.refresh_from_db()
    assert attempt.claimed_at == claimed_at

    def bare(claim):
        return claim | {
            "inputs": [each | {"url": ""} for each in claim["inputs"]],
            "stages": [
                stage | {"outputs": [each | {"url": ""} for each in stage["outputs"]]} for stage in claim["stages"]
            ],
        }

    assert bare(again.json()) == bare(first)


def test_a_second_worker_with_the_same_job_is_sent_away(worker, attempt):
    worker.claim()
    second = ScriptedWorker(worker.job, key="another key", name="worker-2")
    assert second.claim().status_code == 409
    attempt.refresh_from_db()
    assert attempt.worker == "worker-1"


@pytest.mark.parametrize(
    "forged",
    [
        {"token": "0" * 64},
        {"token": ""},
        {"token": "schlüssel"},
        {"attempt": 2},
        {"attempt": 2**40},
        {"id": "00000000-0000-4000-8000-000000000000"},
        {"id": "nothing"},
    ],
)
def test_a_job_that_the_platform_did_not_write_is_no_job(worker, attempt, forged):
    worker.job = replace(worker.job, **forged)
    assert worker.claim().status_code == 409
    attempt.refresh_from_db()
    assert attempt.claimed_at is None


def test_the_token_of_one_attempt_opens_no_other(rows, worker, owner, task):
    worker.claim()
    worker.report(Fact.ERROR, Phase.TRAIN)
    second = Attempt.objects.get(number=2)
    worker.job = replace(job_of(second), token=worker.job.token)
    assert worker.claim().status_code == 409


def test_an_attempt_that_has_ended_is_not_given_out_again(worker):
    worker.claim()
    worker.report(Fact.ERROR, Phase.TRAIN)
    late = ScriptedWorker(worker.job, key="another key")
    assert late.claim().status_code == 409
    assert worker.claim().status_code == 409


def test_an_attempt_that_nobody_wants_any_more_is_ended_by_the_claim(worker, attempt, entry, owner):
    submission_cancel(submission=entry, who=owner)
    assert worker.claim().status_code == 409
    attempt.refresh_from_db()
    assert (attempt.outcome, attempt.is_open, attempt.claimed_at) == ("unwanted", False, None)


def test_a_worker_with_another_recipe_is_refused_and_told_both_digests(worker, attempt, task):
    answer = worker.claim(recipe_digests={task.recipe: "f" * 64})
    assert answer.status_code == 426
    assert task.recipe_digest in answer.json()["detail"]
    assert "f" * 64 in answer.json()["detail"]
    attempt.refresh_from_db()
    assert attempt.claimed_at is None


def test_a_worker_without_the_recipe_is_refused(worker):
    assert worker.claim(recipe_digests={}).status_code == 426


def test_a_worker_of_another_contract_is_refused(worker, attempt):
    answer = worker.claim(contract=CONTRACT + 1)
    assert answer.status_code == 426
    assert "update the older" in answer.json()["detail"]
    attempt.refresh_from_db()
    assert attempt.claimed_at is None


def test_another_worker_can_claim_what_a_mismatched_one_could_not(worker):
    worker.claim(contract=CONTRACT + 1)
    assert ScriptedWorker(worker.job, key="another key").claim().status_code == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"job": 1}', b"\xff", b"NaN"])
def test_a_claim_that_is_none_is_unprocessable(client, db, body):
    assert client.post("/api/worker/claim", body, content_type="application/json").status_code == 422


def test_a_claim_is_only_made_by_post(client, db):
    assert client.get("/api/worker/claim").status_code == 405


def test_a_job_holds_no_address_and_no_secret_of_the_task(worker, task, settings):
    told = str(asdict(worker.job))
    assert "http" not in told
    assert "/" not in told
    assert task.hidden_key not in told
    assert settings.SECRET_KEY not in told


@pytest.mark.parametrize("is_listed", [True, False])
def test_a_claim_with_the_installations_token_or_the_workers_own_is_believed_its_name(worker, attempt, is_listed):
    if is_listed:
        hello_from("worker-1")
    assert worker.claim().status_code == 200
    worker.token = worker_token("worker-1")
    assert worker.claim().status_code == 200
    attempt.refresh_from_db()
    assert attempt.worker == "worker-1"


@pytest.mark.parametrize("token", [worker_token, lambda name: "guessed", lambda name: "schlüssel"])
@pytest.mark.parametrize("is_listed", [True, False])
def test_a_token_that_is_for_no_worker_of_this_name_claims_nothing(worker, attempt, token, is_listed):
    if is_listed:
        hello_from("worker-1")
    worker.token = token("worker-2")
    refused = worker.claim()
    assert refused.status_code == 403
    assert "FIXPOINT_WORKER_TOKEN" in refused.json()["detail"]
    attempt.refresh_from_db()
    assert (attempt.claimed_at, attempt.worker, attempt.key_hash) == (None, "", "")


def test_without_a_token_nobody_speaks_for_a_listed_worker(worker, attempt):
    hello_from("worker-1")
    worker.token = ""
    refused = worker.claim()
    assert refused.status_code == 403
    assert "worker-1 is on the list" in refused.json()["detail"]
    assert "needs its FIXPOINT_WORKER_TOKEN" in refused.json()["detail"]
    attempt.refresh_from_db()
    assert attempt.claimed_at is None
    assert "needs its FIXPOINT_WORKER_TOKEN" in attempt.refusal, "those who wait are told why"


def test_without_a_token_a_name_that_is_not_listed_claims(worker, attempt):
    hello_from("worker-2")
    worker.token = ""
    assert worker.claim().status_code == 200
    assert not Worker.objects.filter(pk="worker-1").exists()


def test_a_name_that_is_cut_to_a_listed_one_needs_its_token_too(worker, attempt):
    hello_from("w" * 200)
    worker.token = ""
    assert worker.claim(worker="w" * 201).status_code == 403


def test_nobody_tells_of_another_contract_in_the_name_of_a_listed_worker(worker, attempt):
    hello_from("worker-1")
    worker.token = ""
    assert worker.claim(contract=CONTRACT + 1).status_code == 403


def test_who_holds_no_job_does_not_learn_which_names_are_listed(worker):
    hello_from("worker-1")
    worker.job, worker.token = replace(worker.job, token="0" * 64), ""
    assert worker.claim().status_code == 409
