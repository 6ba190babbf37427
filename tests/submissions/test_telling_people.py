"""The notice that a run has ended: to its team, once, and no more than is told anyway."""

import re

import pytest

from fixpoint.accounts.models import Notice
from fixpoint.submissions.models import Submission
from fixpoint.submissions.reruns import submission_rerun
from fixpoint.submissions.services import (
    submission_cancel,
    submission_enter,
    submission_fail,
    submission_retry,
    submission_send,
)
from fixpoint.tasks.models import Task
from tests.support.evaluating import evaluate, logits, predict, start, train
from tests.support.judged_runs import worker_of
from tests.support.platform import person
from tests.support.worker import energy
from worker.contract import Fact, Fault, Phase

pytestmark = pytest.mark.django_db


def told(entry):
    return [(each.subject, each.text) for each in Notice.objects.filter(user=entry.owner, path=f"/entries/{entry.pk}/")]


def test_a_scored_entry_is_told_with_its_told_score_alone(entry, worker):
    Task.objects.update(score_decimals=1, public_share=0.5)
    entry.task.hidden_images.filter(number__gt=2).update(is_public=False)

    evaluate(worker, [0, 1, 1, 0])

    [(subject, text)] = told(entry)
    assert subject == "Scored 1.0: “mine” in Numerals"
    assert text == "Its accuracy on the hidden images is 1.0. It emits 0.00346 g of CO₂, standardised."


def test_two_entries_are_told_apart_by_their_names(entry, worker, rows, owner, task):
    Submission.objects.filter(pk=entry.pk).update(title="Without blots")
    other = submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task, "relabelled"))

    evaluate(worker, [0, 1, 0, 1])
    submission_cancel(submission=other, who=person("root", role="organizer"))

    subjects = Notice.objects.filter(user=owner).order_by("pk").values_list("subject", flat=True)
    assert list(subjects) == ["Scored 1.0000: “Without blots” in Numerals", "Cancelled: “relabelled” in Numerals"]


def test_what_an_entry_cost_is_told_as_its_page_tells_it(entry, worker, client):
    evaluate(worker, [0, 1, 0, 1])

    [(_, text)] = told(entry)
    grams = re.fullmatch(r"Its accuracy on .* is 1\.0000\. It emits (\S+) g of CO₂, standardised\.", text)[1]
    assert f"{grams}\u00a0g" in client.get(f"/entries/{entry.pk}/").content.decode()


def test_on_a_ladder_a_score_that_is_no_step_up_is_told_as_the_best_before_it(entry, worker, rows, owner, task):
    Task.objects.update(ladder=True)
    evaluate(worker, [0, 1, 0, 1])
    second = Submission.objects.create(
        task=task, dataset=entry.dataset, owner=owner, team=entry.team, seeds=entry.seeds, recipe=entry.recipe,
        recipe_digest=entry.recipe_digest,
    )  # fmt: skip
    submission_send(second)

    evaluate(worker_of(second), [1, 0, 1, 0])

    [(subject, text)] = told(second)
    assert subject == "Scored: “mine” in Numerals"
    assert text.startswith("It is not clearly better than the best before it, which is told again: 1.0000. It emits ")


def test_a_report_that_comes_twice_tells_once(entry, worker):
    train(worker)
    delivered = (worker.put("logits.safetensors", logits([0, 1, 0, 1])),)
    for _ in range(2):
        worker.report(Fact.PREDICTED, Phase.PREDICT, delivered=delivered, energy=energy(Phase.PREDICT))

    entry.refresh_from_db()
    assert entry.status == "scored"
    assert len(told(entry)) == 1


def test_a_failed_entry_is_told_with_its_reason(entry, worker):
    start(worker)
    entry.refresh_from_db()

    submission_fail(submission=entry, fault=Fault(code="memory", detail="It needed more memory than it may use."))

    assert told(entry) == [("Failed: “mine” in Numerals", "It needed more memory than it may use.")]


def test_an_error_is_told_when_it_is_given_up_and_not_before(entry, worker, settings):
    start(worker)
    entry.refresh_from_db()
    submission_retry(submission=entry, why="lost")
    assert told(entry) == []

    Submission.objects.filter(pk=entry.pk).update(attempt=settings.MAX_ATTEMPTS, status="training")
    entry.refresh_from_db()
    submission_retry(submission=entry, why="betriebssache")

    [(subject, text)] = told(entry)
    assert subject == "Ended in an error of ours: “mine” in Numerals"
    assert "It was not charged" in text
    assert "betriebssache" not in text


def test_who_cancels_their_own_entry_is_not_told_and_whose_was_cancelled_is(entry, organizer, owner, rows, task):
    other = Submission.objects.get(pk=entry.pk)
    submission_cancel(submission=entry, who=owner)
    assert told(entry) == []

    Submission.objects.filter(pk=other.pk).update(status="queued", ended_at=None)
    other.refresh_from_db()
    submission_cancel(submission=other, who=organizer)

    [(subject, text)] = told(other)
    assert subject == "Cancelled: “mine” in Numerals"
    assert "organizer" in text


def test_a_run_again_tells_its_owner_nothing(entry, worker):
    evaluate(worker, [0, 1, 0, 1])
    again = submission_rerun(submission=Submission.objects.get(pk=entry.pk), why="to see")

    evaluate(worker_of(again), [0, 1, 0, 1])

    again.refresh_from_db()
    assert again.status == "scored"
    assert told(again) == []


def test_a_notice_goes_with_the_transaction_that_ends_the_run(entry, worker, monkeypatch):
    train(worker)

    def broken(**_given):
        raise RuntimeError("after the score")

    monkeypatch.setattr("fixpoint.submissions.settling.end_tell", broken)
    predict(worker, [0, 1, 0, 1])

    entry.refresh_from_db()
    assert (entry.status, entry.accuracy) == ("queued", None)  # tried again, as if it had not been scored
    assert told(entry) == []
