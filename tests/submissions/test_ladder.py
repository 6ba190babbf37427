"""A score is told of the public images alone, and with the ladder it moves on a clear step up, person by person."""

import pytest
from django.utils import timezone

from fixpoint.submissions.choosing import submission_withdraw
from fixpoint.submissions.models import Submission
from tests.submissions.scoring_in_turn import guarded_task, labels, scored_entry


@pytest.fixture
def enter(owner, tmp_path):
    def make(task, *answers, who=owner, **values):
        return scored_entry(who, task, tmp_path, *answers, **values)

    return make


@pytest.fixture
def climbed(db):
    return guarded_task(ladder=True)


def told(entry: Submission) -> tuple[float | None, bool]:
    return entry.accuracy, entry.is_own_score


def test_the_told_score_is_of_the_public_images_and_both_are_kept_exactly(enter, db):
    entry = enter(guarded_task(score_decimals=1), labels(5, 1))
    assert told(entry) == (0.6, True)
    assert (entry.result.accuracy_public, entry.result.accuracy_private) == (0.625, 0.25)
    assert [(each["accuracy"], each["accuracy_private"]) for each in entry.result.per_seed] == [(0.625, 0.25)]


def test_each_seed_is_kept_of_both_sides_and_each_side_has_its_spread(enter, db):
    entry = enter(guarded_task(seeds=2), labels(8, 2), labels(4, 3))
    assert told(entry) == (0.75, True)
    assert entry.result.accuracy_private == 0.625
    assert [(each["accuracy"], each["accuracy_private"]) for each in entry.result.per_seed] == [(1, 0.5), (0.5, 0.75)]
    assert entry.result.spread == pytest.approx(0.125**0.5)
    assert entry.result.spread_private == pytest.approx(0.03125**0.5)


def test_where_all_images_are_public_there_is_no_private_score(enter, task):
    entry = enter(task, [0, 1, 0, 0])
    assert (entry.accuracy, entry.result.accuracy_public, entry.result.accuracy_private) == (0.75, 0.75, None)
    assert "accuracy_private" not in entry.result.per_seed[0]


def test_a_score_moves_when_it_is_clearly_better_and_else_the_best_is_told_again(enter, climbed):
    entries = [enter(climbed, labels(right, 0)) for right in (4, 3, 5, 6, 8, 7)]
    assert [told(each) for each in entries] == [
        (0.5, True),
        (0.5, False),
        (0.5, False),  # one image more: just one standard error
        (0.75, True),
        (1.0, True),
        (1.0, False),
    ]
    assert [each.result.accuracy_public for each in entries] == [0.5, 0.375, 0.625, 0.75, 1.0, 0.875]


def test_everybody_climbs_from_the_ground_and_in_every_task(enter, climbed, stranger):
    enter(climbed, labels(8, 0))
    assert told(enter(climbed, labels(3, 0), who=stranger)) == (0.375, True)
    assert told(enter(guarded_task("another", ladder=True), labels(2, 0))) == (0.25, True)


def test_the_private_images_move_nothing(enter, climbed):
    enter(climbed, labels(4, 0))
    assert told(enter(climbed, labels(5, 4))) == (0.5, False)


@pytest.mark.parametrize("gone", ["withdrawn", "disqualified"])
def test_what_was_told_stays_told_when_its_entry_is_gone(enter, climbed, owner, gone):
    """Else taking an entry back would be a way to ask again."""
    best = enter(climbed, labels(6, 0))
    if gone == "withdrawn":
        submission_withdraw(submission=best, who=owner)
    else:
        Submission.objects.filter(pk=best.pk).update(disqualified_at=timezone.now(), disqualified_why="found out")
    assert told(enter(climbed, labels(5, 0))) == (0.75, False)
    assert told(Submission.objects.get(pk=best.pk)) == (0.75, True)


def test_a_run_again_is_told_what_its_original_was_and_is_no_step(enter, climbed):
    first = enter(climbed, labels(4, 0))
    carried = enter(climbed, labels(3, 0))
    assert told(enter(climbed, labels(8, 0), rerun_of=first)) == (0.5, True)
    assert told(enter(climbed, labels(8, 0), rerun_of=carried)) == (0.5, False)
    assert told(enter(climbed, labels(7, 0))) == (0.875, True), "from 4 of 8, not from 8 of 8"


def test_baselines_and_references_are_told_as_they_are_and_hold_nobody_back(enter, climbed, organizer):
    for role, right in (("baseline", 6), ("reference", 3)):
        assert told(enter(climbed, labels(right, 0), who=organizer, role=role)) == (right / 8, True)
    assert told(enter(climbed, labels(5, 0), who=organizer)) == (0.625, True)


def test_an_entry_with_other_seeds_asks_the_same_ladder(enter, climbed):
    enter(climbed, labels(6, 0))
    assert told(enter(climbed, labels(5, 0), labels(6, 0), seeds=[8, 9])) == (0.75, False)


def test_steps_that_rounding_hid_are_steps(enter, db):
    task = guarded_task(ladder=True, score_decimals=1)
    for right, words in ((1, (0.1, True)), (3, (0.4, True)), (5, (0.6, True)), (4, (0.6, False)), (6, (0.6, False))):
        assert told(enter(task, labels(right, 0))) == words
