"""Names of teams are read again when they are old, and when they may have changed while they were read."""

from itertools import groupby

from fixpoint.leaderboard.names import Names
from fixpoint.teams.models import Team


def test_a_team_that_others_come_to_while_it_is_read_is_read_again(rows, task, monkeypatch):
    team = Team.objects.create(task=task, name="Engine", captain=rows.person("ada"))
    names = Names()
    number = names.number(team.pk)

    def meanwhile(found, key):
        found = list(found)
        Team.objects.update(name="Mill")
        names.age([number])
        return groupby(found, key)

    monkeypatch.setattr("fixpoint.leaderboard.names.groupby", meanwhile)
    names.renew([number])
    monkeypatch.undo()
    names.renew([number])

    assert names[number].name == "Mill"


def test_a_team_that_was_read_just_now_is_not_read_again(rows, task, django_assert_num_queries):
    team = Team.objects.create(task=task, name="Engine", captain=rows.person("ada"))
    names = Names()
    number = names.number(team.pk)
    names.renew([number])

    with django_assert_num_queries(0):
        names.renew([number])
    assert names[number].name == "Engine"
