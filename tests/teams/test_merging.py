"""Two teams become one: what comes together, and what would let a team have more than one may."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fixpoint.accounts.models import Notice
from fixpoint.submissions.models import Submission
from fixpoint.submissions.selectors import quota_of
from fixpoint.submissions.teaming import join_terms, team_join
from fixpoint.tasks.models import Phase, Task
from fixpoint.teams.models import Team
from fixpoint.teams.rules import TeamRefusedError
from fixpoint.teams.selectors import members_of, team_invited_to, team_of
from tests.submissions.scoring_in_turn import guarded_task, labels, scored_entry


def refused(user, team) -> str:
    with pytest.raises(TeamRefusedError) as error:
        team_join(user=user, invitation=team.invitation)
    found = team_invited_to(team.invitation)
    assert str(error.value) == join_terms(user, found).problem, "the page says the same before"
    return str(error.value)


def days_ago(days: float, **values) -> None:
    begun = timezone.now() - timedelta(days=days)
    Task.objects.update(**{"opens_at": begun, "published_at": begun, "created_at": begun} | values)


def test_people_and_entries_of_both_are_one_team_and_the_other_one_keeps_its_row(team, owner, stranger, enter, task):
    entries = [*enter(owner), *enter(stranger)]
    other = team_of(stranger, task)

    assert team_join(user=stranger, invitation=team.invitation) == team

    assert members_of(team) == ["owner", "stranger"]
    assert set(team.submissions.all()) == set(entries)
    other.refresh_from_db()
    assert (other.merged_into, other.members.count(), other.submissions.count()) == (team, 0, 0)
    assert team.events.first().what == "stranger merged the team stranger (stranger) into this one."
    assert other.events.first().what == "stranger merged the team into Engine."
    assert Notice.objects.get(user=owner).text == team.events.first().what


def test_entries_that_moved_are_numbered_for_the_board(team, owner, stranger, enter, task):
    entry = enter(stranger)[0]
    team_join(user=stranger, invitation=team.invitation)
    entry.refresh_from_db()
    assert entry.board_number == Task.objects.get().board_number > 0


def test_a_merged_teams_link_invites_nobody_any_more(team, stranger, rows, enter, task):
    enter(stranger)
    old = team_of(stranger, task).invitation
    team_join(user=stranger, invitation=team.invitation)
    with pytest.raises(TeamRefusedError, match="not valid any more"):
        team_join(user=rows.person("third"), invitation=old)


def test_only_the_captain_merges_a_team_into_another(team, stranger, join, enter, task):
    enter(stranger)
    mate = join("mate", team_of(stranger, task))
    assert refused(mate, team) == ("You are in a team already; only its captain, stranger, can merge it into another.")


def test_together_they_are_no_more_people_than_one_team_may_have(team, stranger, join, enter, task):
    Task.objects.update(max_team_size=3)
    join("one", team)
    enter(stranger)
    join("two", team_of(stranger, task))
    assert "3 people at most; together you would be 4" in refused(stranger, team)


def test_entries_of_today_count_together(team, owner, stranger, enter, task):
    days_ago(2)
    enter(owner, 2)
    enter(stranger, 2)
    team_join(user=stranger, invitation=team.invitation)
    left = quota_of(owner, Task.objects.get())
    assert (left.day_left, left.total_left) == (0, 6)
    assert left.returns_at < timezone.now() + timedelta(days=1)


def test_what_one_team_may_not_have_used_by_now_two_may_not_bring_together(team, owner, stranger, enter, task):
    days_ago(0.5)
    enter(owner, 2)
    enter(stranger, 2)
    assert refused(stranger, team) == (
        "Together you have 4 entries; by today a single team could have made 3 at most. Try again on a later day."
    )
    days_ago(1.5)
    assert team_join(user=stranger, invitation=team.invitation) == team


@pytest.mark.parametrize(
    ("limits", "most"), [({"entries_total": 3}, 3), ({"entries_per_week": 3}, 3), ({"entries_per_day": 1}, 3)]
)
def test_the_total_the_week_and_the_days_bound_what_two_may_bring(team, owner, stranger, enter, task, limits, most):
    enter(owner, 2)
    enter(stranger, 2)
    days_ago(2.5, **limits)
    assert f"Together you have 4 entries; by today a single team could have made {most} at most." in refused(
        stranger, team
    )


@pytest.mark.parametrize("name", ["published_at", "created_at"])
def test_days_before_it_could_take_entries_are_not_counted(team, owner, stranger, enter, task, name):
    days_ago(9, **{name: timezone.now() - timedelta(days=0.5)})
    enter(owner, 2)
    enter(stranger, 2)
    assert "by today a single team could have made 3 at most" in refused(stranger, team)


def begin_phase(task, days: float, *, lasts: float = 30, **limits) -> None:
    begins_at = timezone.now() - timedelta(days=days)
    Phase.objects.create(
        task=task, name="Finals", begins_at=begins_at, ends_at=begins_at + timedelta(days=lasts), **limits
    )


def test_what_a_phase_allows_one_team_two_may_not_bring_together(team, owner, stranger, enter, task):
    days_ago(9)
    begin_phase(task, 5, entries_total=2)
    enter(owner, 2)
    enter(stranger, 1)
    assert refused(stranger, team) == (
        "Together you have 3 entries in the phase Finals; by today a single team could have made 2 in it at most. "
        "Try again on a later day."
    )
    Team.objects.filter(pk=team.pk).update(extra_entries=1)
    assert team_join(user=stranger, invitation=team.invitation) == team


def test_a_phases_own_days_bound_what_was_entered_in_it(team, owner, stranger, enter, task):
    days_ago(9)
    begin_phase(task, 1.5, entries_per_day=1)
    enter(owner, 1)
    enter(stranger, 1)
    Submission.objects.filter(owner=owner).update(created_at=timezone.now() - timedelta(days=1.2))
    enter(owner, 1)
    assert "3 entries in the phase Finals; by today a single team could have made 2 in it" in refused(stranger, team)


def test_a_phase_that_is_over_bounds_what_was_entered_in_it_still(team, owner, stranger, enter, task):
    days_ago(9)
    enter(owner, 2)
    enter(stranger, 2)
    Submission.objects.update(created_at=timezone.now() - timedelta(days=4))
    begin_phase(task, 5, lasts=2, entries_total=3)
    assert "4 entries in the phase Finals; by today a single team could have made 3 in it" in refused(stranger, team)


def test_a_phase_that_allows_more_a_day_than_the_task_is_no_hindrance(team, owner, stranger, enter, task):
    days_ago(0.5)
    begin_phase(task, 0.4, entries_per_day=9)
    enter(owner, 4)
    enter(stranger, 4)
    assert team_join(user=stranger, invitation=team.invitation) == team


def test_extra_entries_are_the_more_generous_teams_and_not_added(team, owner, stranger, enter, task):
    days_ago(9, entries_total=3)
    enter(owner, 2)
    enter(stranger, 2)
    Team.objects.filter(pk=team.pk).update(extra_entries=1)
    Team.objects.exclude(pk=team.pk).update(extra_entries=1)
    team_join(user=stranger, invitation=team.invitation)
    left = quota_of(owner, Task.objects.get())
    assert (left.total, left.total_left) == (4, 0)


def test_a_team_without_entries_brings_only_its_people(team, owner, stranger, enter, task):
    days_ago(0.5)
    enter(owner, 3)
    Task.objects.update(entries_per_day=1)
    team_join(user=stranger, invitation=team.invitation)
    assert members_of(team) == ["owner", "stranger"]


def test_of_too_many_chosen_entries_the_newest_are_not_chosen_any_more(rows, team, owner, stranger, tmp_path, task):
    days_ago(9, counting="chosen", max_chosen=2)
    task.refresh_from_db()
    entries = [scored_entry(user, task, tmp_path, [0, 1, 0, 1], is_chosen=True) for user in (owner, stranger, owner)]
    team_join(user=stranger, invitation=team.invitation)
    kept = list(Submission.objects.filter(is_chosen=True).order_by("created_at"))
    assert kept == entries[:2]
    entries[2].refresh_from_db()
    assert entries[2].board_number == Task.objects.get().board_number
    assert entries[2].transitions.last().why == "not chosen any more: two teams became one"
    assert Notice.objects.filter(user=owner, text__contains="1 more than the 2 entries").exists()


def test_the_ladder_goes_on_from_the_best_of_both_and_what_was_told_stays_told(owner, stranger, tmp_path):
    task = guarded_task(ladder=True, score_decimals=4)
    low = scored_entry(owner, task, tmp_path, labels(3, 1))
    high = scored_entry(stranger, task, tmp_path, labels(8, 1))
    team_join(user=stranger, invitation=team_of(owner, task).invitation)
    after = scored_entry(owner, task, tmp_path, labels(4, 1))
    assert (after.accuracy, after.is_own_score) == (high.accuracy, False)
    for each, told in ((low, 0.375), (high, 1.0)):
        each.refresh_from_db()
        assert (each.accuracy, each.is_own_score) == (told, True)


def test_an_entry_that_ran_while_its_team_was_merged_is_told_from_the_ladder_of_both(owner, stranger, tmp_path):
    """Its row was read before; the team is read again when it is told."""
    task = guarded_task(ladder=True, score_decimals=4)
    high = scored_entry(owner, task, tmp_path, labels(8, 1))
    scored_entry(stranger, task, tmp_path, labels(2, 1))
    old = team_of(stranger, task)
    team_join(user=stranger, invitation=team_of(owner, task).invitation)
    after = scored_entry(stranger, task, tmp_path, labels(4, 1))
    assert after.team != old
    assert (after.accuracy, after.is_own_score) == (high.accuracy, False)
