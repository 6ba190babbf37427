"""Whoever entered before there were teams is a team of one."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    entries, teams, members = (
        apps.get_model(*each).objects
        for each in (("submissions", "Submission"), ("teams", "Team"), ("teams", "Member"))
    )
    alone = entries.filter(team=None).order_by()
    for task, owner, name in alone.values_list("task", "owner", "owner__username").distinct():
        # A username may be longer than a name; its id keeps cut ones apart.
        short = name if len(name) <= 60 else f"{name[:40]} ({owner})"
        if teams.filter(task=task, name__iexact=short).exists():
            short = f"{name[:40]} ({owner})"
        team = teams.create(task_id=task, name=short, captain_id=owner)
        members.create(team=team, task_id=task, user_id=owner)
        alone.filter(task=task, owner=owner).update(team=team)


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0009_team"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
