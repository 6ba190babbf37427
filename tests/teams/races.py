"""Teams in the same moment; tests/test_on_postgres.py runs this where rows are locked."""

import pytest
from django.db import connection

from fixpoint.organizing.wizard.people import (
    NotLetInError,
    participant_come,
    participant_decide,
    participant_invite,
)
from fixpoint.submissions.models import Submission
from fixpoint.submissions.reruns import submission_rerun
from fixpoint.submissions.services import EntryRefusedError, submission_cancel, submission_enter
from fixpoint.submissions.teaming import team_join, team_leave
from fixpoint.tasks.models import Participant
from fixpoint.teams.models import Member, Team
from fixpoint.teams.rules import TeamRefusedError
from fixpoint.teams.selectors import team_of
from fixpoint.teams.services import team_create
from tests.support import platform as rows
from tests.support.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
AGAIN = 6


@pytest.fixture(autouse=True)
def _where_rows_are_locked(broker_away):
    assert connection.vendor == "postgresql"


def tried(act, refused):
    """What is refused is left undone."""

    def trying():
        try:
            act()
        except refused:
            connection.close()

    return trying


def joining(user, team):
    return lambda: team_join(user=user, invitation=team.invitation)


def test_of_two_who_take_the_last_place_one_gets_it():
    task = rows.open_task(max_team_size=2)
    for number in range(AGAIN):
        owner, one, other = (rows.person(f"{name}{number}") for name in ("owner", "one", "other"))
        team = team_create(user=owner, task=task, name=f"team {number}")
        at_once(*(tried(joining(user, team), TeamRefusedError) for user in (one, other)))
        assert team.members.count() == 2


def test_two_requests_at_once_make_one_team():
    task = rows.open_task(entries_per_day=50, entries_total=50)
    for number in range(AGAIN):
        owner = rows.person(f"owner{number}")
        dataset = rows.accepted_dataset(owner, task)
        at_once(*([lambda owner=owner, dataset=dataset: submission_enter(owner=owner, dataset=dataset)] * 3))
        assert Team.objects.filter(members__user=owner).count() == 1
        assert Submission.objects.filter(team=team_of(owner, task)).count() == 3


def test_who_joins_while_entering_enters_for_one_team_alone():
    task = rows.open_task(entries_per_day=50, entries_total=50)
    for number in range(AGAIN):
        owner, mate = rows.person(f"owner{number}"), rows.person(f"mate{number}")
        team = team_create(user=owner, task=task, name=f"team {number}")
        dataset = rows.accepted_dataset(mate, task)
        at_once(
            joining(mate, team),
            lambda mate=mate, dataset=dataset: submission_enter(owner=mate, dataset=dataset),
        )
        assert Member.objects.filter(user=mate).count() == 1
        assert Submission.objects.get(owner=mate).team == team_of(mate, task) == team


def test_who_leaves_while_another_enters_comes_first_or_stays():
    task = rows.open_task(entries_per_day=50, entries_total=50)
    for number in range(AGAIN):
        owner, mate = rows.person(f"owner{number}"), rows.person(f"mate{number}")
        team = team_create(user=owner, task=task, name=f"team {number}")
        team_join(user=mate, invitation=team.invitation)
        dataset = rows.accepted_dataset(mate, task)
        at_once(
            tried(lambda team=team, mate=mate: team_leave(team=team, who=mate), TeamRefusedError),
            lambda mate=mate, dataset=dataset: submission_enter(owner=mate, dataset=dataset),
        )
        assert Submission.objects.get(owner=mate).team == team_of(mate, task)


def test_what_is_run_again_while_teams_merge_is_of_the_one_that_is_left():
    task = rows.open_task(entries_per_day=50, entries_total=50)
    for number in range(AGAIN):
        one, other = rows.person(f"one{number}"), rows.person(f"other{number}")
        into = team_create(user=one, task=task, name=f"team {number}")
        entry = submission_enter(owner=other, dataset=rows.accepted_dataset(other, task))
        submission_cancel(submission=entry, who=other)
        at_once(
            tried(joining(other, into), TeamRefusedError),
            lambda entry=entry: submission_rerun(submission=entry, why="its energy was not measured"),
        )
        assert {each.team for each in Submission.objects.filter(owner=other)} == {into}


def test_whose_invitation_is_taken_back_while_it_is_taken_is_not_in():
    task = rows.open_task(visibility="private")
    who = rows.person("olga", role="organizer")
    for number in range(AGAIN):
        guest = rows.person(f"guest{number}")
        invited = participant_invite(task=task, named=guest.username, who=who)
        at_once(
            tried(lambda key=invited.key, guest=guest: participant_come(key=key, user=guest), NotLetInError),
            lambda invited=invited: participant_decide(participant=invited, lets_in=False, who=who),
        )
        assert Participant.objects.get(user=guest).state == "refused"


def test_entering_while_teams_merge_takes_no_more_than_one_quota():
    for number in range(AGAIN):
        task = rows.open_task(f"task{number}", entries_per_day=4, entries_total=4)
        one, other = rows.person(f"one{number}"), rows.person(f"other{number}")
        datasets = {user: rows.accepted_dataset(user, task) for user in (one, other)}
        for user in (one, other):
            submission_enter(owner=user, dataset=datasets[user])
        into = team_of(one, task)

        def enter(user, datasets=datasets):
            return tried(lambda: submission_enter(owner=user, dataset=datasets[user]), EntryRefusedError)

        merge = tried(
            lambda into=into, other=other: team_join(user=other, invitation=into.invitation), TeamRefusedError
        )
        at_once(*[enter(one), enter(other)] * 2, merge)
        for team in Team.objects.filter(task=task):
            assert team.submissions.count() <= 4
            assert bool(team.merged_into) is (team.members.count() == 0)
            assert not (team.merged_into and team.submissions.exists())
