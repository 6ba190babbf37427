"""A recipe that is retired trains nobody any more; what it has scored stands, and is never mixed with another's."""

import pytest
from django.urls import reverse

from fixpoint.dispatch.models import Attempt
from fixpoint.leaderboard.selectors import standings
from fixpoint.submissions.models import Submission
from fixpoint.submissions.selectors import quota_of
from fixpoint.submissions.services import EntryRefusedError, submission_enter
from fixpoint.tasks.models import Task
from tests.support.evaluating import TRAINED, evaluate, hand_in, logits, start, train
from worker.contract import Fact, Phase

SENTENCE = "'resnet50-dcai2021-quick' was retired on 2026-11-22: A network of it was wrong."


@pytest.fixture
def retire(rows, task, tmp_path, monkeypatch):
    return lambda: rows.retire(task, tmp_path, monkeypatch)


def test_a_task_of_a_retired_recipe_refuses_entries_with_the_reason(entry, owner, retire):
    retire()
    with pytest.raises(EntryRefusedError, match="takes no entries any more; those it has stand") as refused:
        submission_enter(owner=owner, dataset=entry.dataset)
    assert SENTENCE in str(refused.value)
    assert Submission.objects.count() == 1


def test_its_finished_entries_keep_standing_on_its_board(entry, worker, task, retire, client):
    evaluate(worker, [0, 1, 0, 0])
    retire()
    [row] = standings(task).rows
    assert (row.entry_id, row.accuracy) == (entry.pk, 0.75)
    for page in (reverse("board", args=[task.slug]), reverse("task", args=[task.slug])):
        text = client.get(page).content.decode().replace("&#x27;", "'")
        assert SENTENCE in text
        assert "Upload a dataset" not in text
    assert client.get(reverse("entry", args=[entry.pk])).status_code == 200


def test_an_entry_that_waits_when_its_recipe_is_retired_ends_with_the_reason_and_costs_nothing(
    entry, worker, owner, task, retire
):
    retire()
    assert worker.claim().status_code == 409
    entry.refresh_from_db()
    assert (entry.status, entry.quota, entry.reason_code) == ("error", "released", "retired")
    assert SENTENCE in entry.reason
    assert not Attempt.objects.filter(ended_at=None).exists()
    assert quota_of(owner, task).day_left == task.entries_per_day


def test_an_entry_that_settles_after_its_recipe_was_retired_has_the_work_that_its_own_program_counted(
    entry, worker, task, retire
):
    start(worker)
    worker.report(Fact.TRAINED, Phase.TRAIN, delivered=hand_in(worker), result=TRAINED | {"gflop": 40.0})
    retire()
    delivered = (worker.put("logits.safetensors", logits([0, 1, 0, 0])),)

    answer = worker.report(Fact.PREDICTED, Phase.PREDICT, delivered=delivered, result={"gflop": 2.5})

    entry.refresh_from_db()
    assert (answer.status_code, entry.status, entry.accuracy, entry.result.gflop) == (200, "scored", 0.75, 42.5)
    assert [row.entry_id for row in standings(task).rows] == [entry.pk]


@pytest.mark.parametrize("predicted", [{}, {"gflop": "many"}, {"gflop": -1.0}])
def test_a_program_that_does_not_count_gives_no_result_once_its_recipe_is_retired(entry, worker, retire, predicted):
    train(worker)
    retire()
    delivered = (worker.put("logits.safetensors", logits([0, 1, 0, 0])),)

    answer = worker.report(Fact.PREDICTED, Phase.PREDICT, delivered=delivered, result=predicted)

    entry.refresh_from_db()
    assert answer.status_code == 422
    assert entry.accuracy is None


def test_a_recipe_that_is_neither_installed_nor_retired_refuses_entries_too(entry, owner, task):
    Task.objects.filter(pk=task.pk).update(recipe_digest="f" * 64)
    with pytest.raises(EntryRefusedError, match="is not installed here any more"):
        submission_enter(owner=owner, dataset=entry.dataset)


def test_a_dataset_of_a_retired_recipe_still_has_its_page(entry, owner, retire, client):
    retire()
    client.force_login(owner)
    text = client.get(reverse("dataset", args=[entry.dataset_id])).content.decode()
    assert "Accepted, and entered" in text
    assert "What a run will cost" not in text
    assert "Enter this dataset" not in text
    assert "Enter it again" not in text
