"""Two teams of a task, and what they do."""

import pytest

from fixpoint.submissions.services import submission_enter
from fixpoint.submissions.teaming import team_join
from fixpoint.teams.services import team_create


@pytest.fixture
def team(task, owner):
    return team_create(user=owner, task=task, name="Engine")


@pytest.fixture
def join(rows):
    """A person of this name joins that team; returns the person."""

    def joined(name, team):
        user = rows.person(name)
        team_join(user=user, invitation=team.invitation)
        return user

    return joined


@pytest.fixture
def enter(rows, task):
    """So many entries of this person."""

    def entered(user, number=1, of=None):
        dataset = rows.accepted_dataset(user, of or task)
        return [submission_enter(owner=user, dataset=dataset) for _ in range(number)]

    return entered
