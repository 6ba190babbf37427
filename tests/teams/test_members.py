"""Joining by the link, leaving, removing, handing over: who may, until when, and who is told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fixpoint.accounts.models import Notice
from fixpoint.submissions.services import EntryRefusedError, submission_enter
from fixpoint.submissions.teaming import member_remove, team_join, team_leave
from fixpoint.tasks.models import Task
from fixpoint.teams.models import Member, Team
from fixpoint.teams.rules import TeamRefusedError
from fixpoint.teams.selectors import members_of, team_of
from fixpoint.teams.services import captain_hand_over, invitation_renew, team_create, team_rename


def refused(act, **values) -> str:
    with pytest.raises(TeamRefusedError) as error:
        act(**values)
    return str(error.value)


def test_whoever_opens_the_link_is_a_member_and_the_others_are_told(team, owner, join, task):
    mate = join("mate", team)
    assert members_of(team) == ["owner", "mate"]
    assert team_of(mate, task) == team
    told = Notice.objects.get()
    assert (told.user, told.text, told.path) == (owner, "mate joined the team.", f"/teams/{team.pk}/")
    assert [(each.who, each.what) for each in team.events.all()] == [
        ("mate", "mate joined the team."),
        ("owner", "owner made the team."),
    ]


def test_the_link_opened_twice_changes_nothing(team, join):
    mate = join("mate", team)
    team_join(user=mate, invitation=team.invitation)
    assert team.members.count() == 2
    assert team.events.count() == 2


def test_a_renewed_link_leaves_the_old_one_void(team, owner, stranger):
    old = team.invitation
    new = invitation_renew(team=team, who=owner).invitation
    assert "not valid any more" in refused(team_join, user=stranger, invitation=old)
    assert team_join(user=stranger, invitation=new) == team


def test_the_last_one_leaves_a_team_that_took_in_another_which_had_taken_in_one(team, owner, stranger, rows, task):
    third = rows.person("third")
    others = [team_create(user=user, task=task, name=f"Team of {user}") for user in (stranger, third)]
    team_join(user=third, invitation=others[0].invitation)
    team_leave(team=others[0], who=third)
    team_join(user=stranger, invitation=team.invitation)
    team_leave(team=team, who=stranger)

    team_leave(team=team, who=owner)

    assert not Team.objects.exists()
    assert team_create(user=third, task=task, name="Team of third").name == "Team of third"


def test_no_more_join_than_a_team_may_have(team, join, stranger, task):
    Task.objects.update(max_team_size=2)
    join("mate", team)
    assert refused(team_join, user=stranger, invitation=team.invitation) == (
        "A team of this task has 2 people at most; together you would be 3."
    )


def test_where_everybody_takes_part_alone_nobody_joins(team, stranger):
    Task.objects.update(max_team_size=1)
    assert "takes part alone" in refused(team_join, user=stranger, invitation=team.invitation)


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ({"teams_until": timezone.now() - timedelta(minutes=1)}, "stay as they are now"),
        ({"closes_at": timezone.now() - timedelta(minutes=1)}, "The task is closed"),
        ({"status": "closed"}, "The task is closed"),
    ],
)
def test_from_the_deadline_on_teams_stay_as_they_are(team, owner, stranger, rows, join, task, setting, why):
    mate = join("mate", team)
    Task.objects.update(**setting)
    task.refresh_from_db()
    for act, values in (
        (team_create, {"user": stranger, "task": task, "name": "Another"}),
        (team_join, {"user": stranger, "invitation": team.invitation}),
        (team_rename, {"team": team, "who": owner, "name": "Another"}),
        (invitation_renew, {"team": team, "who": owner}),
        (captain_hand_over, {"team": team, "who": owner, "to": mate}),
        (member_remove, {"team": team, "who": owner, "member": mate}),
        (team_leave, {"team": team, "who": mate}),
    ):
        assert why in refused(act, **values), act


def test_only_the_captain_renames_renews_removes_and_hands_over(team, join, owner, stranger):
    mate = join("mate", team)
    for who in (mate, stranger):
        for act, values in (
            (team_rename, {"name": "Another"}),
            (invitation_renew, {}),
            (captain_hand_over, {"to": mate}),
            (member_remove, {"member": owner}),
        ):
            assert refused(act, team=team, who=who, **values) == "Only the captain of the team can do this: ask owner."


def test_the_captaincy_goes_to_a_member_alone(team, owner, stranger, join):
    assert "Only a member" in refused(captain_hand_over, team=team, who=owner, to=stranger)
    mate = join("mate", team)
    captain_hand_over(team=team, who=owner, to=mate)
    assert Team.objects.get(pk=team.pk).captain == mate
    assert "ask mate" in refused(team_rename, team=team, who=owner, name="Another")


def test_a_member_leaves_or_is_removed_before_anything_was_entered(team, owner, join):
    mate, other = join("mate", team), join("other", team)
    team_leave(team=team, who=mate)
    member_remove(team=team, who=owner, member=other)
    assert members_of(team) == ["owner"]
    assert Notice.objects.filter(user=other, text="owner removed other from the team.").exists()


def test_the_captain_hands_over_before_leaving_and_the_last_one_takes_the_team_along(team, owner, join):
    mate = join("mate", team)
    assert "hand that over first" in refused(team_leave, team=team, who=owner)
    assert "hand that over first" in refused(member_remove, team=team, who=owner, member=owner)
    captain_hand_over(team=team, who=owner, to=mate)
    team_leave(team=team, who=owner)
    team_leave(team=team, who=mate)
    assert not Team.objects.exists()


def test_once_something_was_entered_nobody_leaves_or_is_removed(team, owner, join, enter):
    mate = join("mate", team)
    enter(owner)
    why = "This team has entered something: from then on nobody leaves it, or quotas could be taken twice."
    assert refused(team_leave, team=team, who=mate) == why
    assert refused(member_remove, team=team, who=owner, member=mate) == why
    assert Member.objects.count() == 2


def test_who_is_no_member_neither_leaves_nor_is_removed(team, owner, stranger):
    assert refused(team_leave, team=team, who=stranger) == "You are not in this team."
    assert refused(member_remove, team=team, who=owner, member=stranger) == "This person is not in the team."


def test_who_joins_a_team_that_has_entered_shares_what_is_left(team, owner, join, enter, rows, task):
    enter(owner, 2)
    mate = join("mate", team)
    enter(mate)
    with pytest.raises(EntryRefusedError, match="3 entries in 24 hours are used"):
        submission_enter(owner=mate, dataset=rows.accepted_dataset(mate, task))
