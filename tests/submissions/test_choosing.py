"""What a person decides of their scored entries: to be chosen, to be withdrawn, and when it is too late for that."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fixpoint.submissions.choosing import (
    DecisionRefusedError,
    submission_choose,
    submission_restore,
    submission_unchoose,
    submission_withdraw,
)
from fixpoint.submissions.models import Submission
from fixpoint.submissions.services import submission_enter
from fixpoint.tasks.models import Task
from fixpoint.teams.models import Member
from tests.submissions.scoring_in_turn import labels, scored_entry

ALL = (submission_choose, submission_unchoose, submission_withdraw, submission_restore)


@pytest.fixture
def chosen_task(rows):
    return rows.open_task("chosen", hidden=12, counting="chosen", entries_per_day=9)


@pytest.fixture
def make(chosen_task, owner, tmp_path):
    return lambda **values: scored_entry(owner, chosen_task, tmp_path, labels(3, 3), **values)


@pytest.fixture
def entry(make):
    return make()


def refused(decide, entry, who) -> str:
    with pytest.raises(DecisionRefusedError) as error:
        decide(submission=entry, who=who)
    return str(error.value)


def numbered(entry) -> tuple[int, int]:
    entry.refresh_from_db()
    return entry.board_number, Task.objects.get(pk=entry.task_id).board_number


def test_an_entry_is_chosen_and_given_up_and_each_is_written_down_and_numbered(entry, owner):
    before, _ = numbered(entry)
    assert submission_choose(submission=entry, who=owner)
    assert (entry.is_chosen, numbered(entry)) == (True, (before + 1, before + 1))
    assert submission_unchoose(submission=entry, who=owner)
    assert (entry.is_chosen, numbered(entry)) == (False, (before + 2, before + 2))
    told = [(each.from_status, each.to_status, each.why, each.who) for each in entry.transitions.all()][-2:]
    assert told == [
        ("scored", "scored", "chosen for the board", "owner"),
        ("scored", "scored", "not chosen any more", "owner"),
    ]


def test_what_is_so_already_changes_nothing(entry, owner):
    submission_choose(submission=entry, who=owner)
    assert not submission_choose(submission=entry, who=owner)
    submission_withdraw(submission=entry, who=owner)
    for decide in (submission_withdraw, submission_unchoose):
        changes = entry.transitions.count()
        assert not decide(submission=entry, who=owner)
        assert entry.transitions.count() == changes
    submission_restore(submission=entry, who=owner)
    assert not submission_restore(submission=entry, who=owner)


def test_a_withdrawn_entry_loses_its_choice_and_comes_back_without_it(entry, owner):
    submission_choose(submission=entry, who=owner)
    assert submission_withdraw(submission=entry, who=owner)
    assert (entry.is_chosen, entry.withdrawn_at is not None) == (False, True)
    assert entry.accuracy == 0.5, "what was told stays told"
    assert submission_restore(submission=entry, who=owner)
    assert (entry.is_chosen, entry.withdrawn_at) == (False, None)


def test_no_more_are_chosen_than_the_task_allows(make, owner, chosen_task):
    first, second, third = make(), make(), make()
    for each in (first, second):
        submission_choose(submission=each, who=owner)
    assert refused(submission_choose, third, owner) == "2 of 2 entries are chosen: give one of them up first."
    submission_unchoose(submission=first, who=owner)
    assert submission_choose(submission=third, who=owner)


@pytest.mark.parametrize("decide", ALL)
def test_nobody_decides_of_anothers_entry_organizers_neither(entry, stranger, organizer, decide):
    for who in (stranger, organizer):
        assert refused(decide, entry, who) == "Only the team that entered it can decide this."


def test_a_teammate_decides_as_who_entered_it_does(entry, stranger):
    Member.objects.create(team=entry.team, task=entry.task, user=stranger)
    assert submission_choose(submission=entry, who=stranger)
    assert submission_unchoose(submission=entry, who=stranger)
    assert submission_withdraw(submission=entry, who=stranger)
    assert submission_restore(submission=entry, who=stranger)
    assert [each.who for each in entry.transitions.all()][-4:] == ["stranger"] * 4


@pytest.mark.parametrize("decide", ALL)
def test_nothing_is_decided_of_an_entry_without_a_score(rows, owner, chosen_task, decide):
    waiting = submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, chosen_task))
    assert refused(decide, waiting, owner) == "Only a scored entry stands on a board; this one is: Queued."


@pytest.mark.parametrize("decide", ALL)
def test_nothing_is_decided_after_the_close(entry, owner, chosen_task, decide):
    before = numbered(entry)
    Task.objects.filter(pk=chosen_task.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
    assert "decided with its end" in refused(decide, entry, owner)
    assert numbered(entry) == before


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"withdrawn_at": timezone.now()}, "restore it, then choose it"),
        ({"disqualified_at": timezone.now()}, "choose another one"),
        ({"role": "baseline"}, "It is not ranked"),
        ({"recipe_digest": "e" * 64}, "It is not ranked"),
        ({"seeds": [7]}, "It is not ranked"),
    ],
)
def test_what_cannot_stand_on_the_board_cannot_be_chosen(entry, owner, values, words):
    Submission.objects.filter(pk=entry.pk).update(**values)
    assert words in refused(submission_choose, entry, owner)


def test_a_rerun_cannot_be_chosen(make, owner):
    assert "It is not ranked" in refused(submission_choose, make(rerun_of=make()), owner)


def test_where_the_best_entry_counts_nothing_is_chosen_but_may_be_withdrawn(owner, task, tmp_path):
    entry = scored_entry(owner, task, tmp_path, [0, 1, 0, 1])
    assert "there is nothing to choose" in refused(submission_choose, entry, owner)
    assert submission_withdraw(submission=entry, who=owner)
