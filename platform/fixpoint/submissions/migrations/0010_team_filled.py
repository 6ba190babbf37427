"""Whoever entered before there were teams is a team of one."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Value
from django.db.models.functions import Lower


def fill(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    entries = apps.get_model("submissions", "Submission").objects.filter(team=None).order_by()
    for task, owner, name in entries.values_list("task", "owner", "owner__username").distinct():
        entries.filter(task=task, owner=owner).update(team=_team(apps, task, owner, name))


def _team(apps: Apps, task: object, owner: int, name: str) -> object:
    teams, members = (apps.get_model("teams", each).objects for each in ("Team", "Member"))
    if found := members.filter(task=task, user=owner).first():
        return found.team
    # A username may be longer than a name; its id keeps cut ones apart.
    named = teams.filter(task=task).alias(lowered=Lower("name")).filter(lowered=Lower(Value(name)))
    if len(name) > 60 or named.exists():
        name = f"{name[:40]} ({owner})"
    team = teams.create(task_id=task, name=name, captain_id=owner)
    members.create(team=team, task_id=task, user_id=owner)
    return team


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0009_team"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
