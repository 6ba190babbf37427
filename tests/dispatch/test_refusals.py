"""A worker that may not have a job: why is kept for those who wait, and the job goes on to whoever may."""

import pytest
from django.utils import timezone

from fixpoint.dispatch.models import Attempt
from tests.support.hellos import hello_from
from tests.support.worker import ScriptedWorker, job_of
from worker.contract import CONTRACT


def sent(attempt: Attempt) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(sent_at=timezone.now(), sends=1)


def test_a_worker_with_another_recipe_leaves_its_reason(worker, attempt, task):
    worker.claim(recipe_digests={task.recipe: "f" * 64})
    attempt.refresh_from_db()
    assert attempt.refusal.startswith(f"worker-1: Recipe {task.recipe}")
    assert attempt.refused_at is not None


def test_the_reason_goes_when_a_worker_gets_it(worker, attempt):
    worker.claim(recipe_digests={})
    assert worker.claim().status_code == 200
    attempt.refresh_from_db()
    assert (attempt.refusal, attempt.refused_at) == ("", None)


def test_where_another_worker_takes_such_jobs_it_is_sent_again_soon(worker, attempt):
    hello_from("worker-2")
    sent(attempt)
    worker.claim(recipe_digests={})
    attempt.refresh_from_db()
    assert attempt.sent_at is None


def test_where_nobody_else_does_the_pauses_grow(worker, attempt):
    hello_from("worker-1")
    sent(attempt)
    worker.claim(recipe_digests={})
    attempt.refresh_from_db()
    assert attempt.sent_at is not None


def test_a_worker_of_another_contract_leaves_its_reason(worker, attempt):
    assert worker.claim(contract=CONTRACT + 1).status_code == 426
    attempt.refresh_from_db()
    assert f"contract {CONTRACT}" in attempt.refusal


@pytest.mark.parametrize(
    ("queue", "gpu", "status"),
    [
        ("evaluate", False, 200),
        ("evaluate", True, 200),
        ("evaluate.cpu", False, 200),
        ("evaluate.cpu", True, 426),
        ("evaluate.gpu", False, 426),
        ("evaluate.gpu", True, 200),
        ("evaluate.lab.gpu", False, 426),
    ],
)
def test_a_job_is_given_only_to_who_has_its_device(worker, attempt, queue, gpu, status):
    Attempt.objects.filter(pk=attempt.pk).update(queue=queue)
    assert worker.claim(gpu=gpu).status_code == status


def test_without_the_jobs_token_nothing_is_written(attempt):
    job = job_of(attempt)
    stranger = ScriptedWorker(type(job)(job.kind, job.id, job.attempt, "guessed"))
    assert stranger.claim(contract=CONTRACT + 1).status_code == 409
    attempt.refresh_from_db()
    assert attempt.refusal == ""
