"""What a reader may see of a score: the told one while the task runs, all of it when it is closed."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from fixpoint.submissions.models import Result
from fixpoint.submissions.revealing import shown_score
from fixpoint.tasks.models import Task
from tests.submissions.scoring_in_turn import PRIVATE, PUBLIC, guarded_task, labels, scored_entry


def result_of(owner, task, folder) -> Result:
    answers = (labels(7, 1), labels(6, 3)) if task.seeds == 2 else (labels(7, 1),)
    return scored_entry(owner, task, folder, *answers).result


@pytest.fixture
def guarded(owner, tmp_path) -> Result:
    return result_of(owner, guarded_task(seeds=2, score_decimals=1), tmp_path)


def closed(result: Result) -> Result:
    Task.objects.update(closes_at=timezone.now() - timedelta(seconds=1))
    return Result.objects.get(pk=result.pk)


def test_while_it_runs_nothing_but_the_told_score_is_shown(guarded, owner, stranger):
    for reader in (None, AnonymousUser(), owner, stranger):
        shown = shown_score(guarded, reader=reader)
        assert (shown.accuracy, shown.told, shown.images, shown.sides) == (0.8, 0.8, PUBLIC, "public")
        assert (shown.public, shown.private, shown.spread) == (None, None, None)
        assert [set(each) for each in shown.per_seed] == [{"seed", "best_epoch", "val_accuracy", "weights_digest"}] * 2


def test_organizers_see_both_at_any_time(guarded, organizer):
    shown = shown_score(guarded, reader=organizer)
    assert (shown.accuracy, shown.public, shown.private) == (0.8, 0.8125, 0.5)
    assert [each["accuracy_private"] for each in shown.per_seed] == [0.25, 0.75]


def test_when_it_is_closed_everybody_sees_all_and_the_private_images_count(guarded):
    shown = shown_score(closed(guarded), reader=AnonymousUser())
    assert (shown.accuracy, shown.images, shown.sides) == (0.5, PRIVATE, "private")
    assert (shown.told, shown.public, shown.private) == (0.8, 0.8125, 0.5)
    assert shown.spread == pytest.approx(0.125**0.5), "of the private ones, which count"


def test_without_private_images_the_exact_score_counts_at_the_close(owner, tmp_path):
    task = guarded_task(score_decimals=1, public_share=1.0)
    task.hidden_images.update(is_public=True)
    shown = shown_score(closed(result_of(owner, task, tmp_path)))
    assert (shown.told, shown.images, shown.sides) == (0.7, PUBLIC + PRIVATE, "all")
    assert shown.accuracy == shown.public == pytest.approx(8 / 12)


@pytest.mark.parametrize(
    ("rules", "is_guarded"),
    [({}, False), ({"score_decimals": 2}, False), ({"score_decimals": 1}, True), ({"ladder": True}, True)],
)
def test_seeds_and_spread_are_closed_only_where_the_told_score_says_less_than_the_exact_one(
    owner, tmp_path, rules, is_guarded
):
    """24 answers of two seeds: two decimals tell their number, one does not."""
    task = guarded_task(seeds=2, public_share=1.0, **rules)
    task.hidden_images.update(is_public=True)
    shown = shown_score(result_of(owner, task, tmp_path))
    assert (shown.spread is None) is is_guarded
    assert ("accuracy" not in shown.per_seed[0]) is is_guarded
