"""`manage.py task_close SLUG`: the task takes no more entries, and its private scores are told and decide."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fixpoint.organizing.pausing import task_end
from fixpoint.organizing.refusals import ActRefusedError
from fixpoint.tasks.models import Task


class Command(BaseCommand):
    """Closes a task now, whatever its date says. It is not opened again: by then everybody has seen the scores."""

    help = "Close a task now: entries that run are still scored, later ones come apart or not at all (docs/tasks.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which one, and in whose name."""
        parser.add_argument("slug", help="the task, by the name in its address")
        parser.add_argument("--who", default="manage.py", help="who closes it, as it is written down")
        parser.add_argument("--why", default="", help="a reason, for the audit trail")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Close it and say so."""
        task = Task.objects.filter(slug=options["slug"]).first()
        if task is None:
            slugs = ", ".join(Task.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no task {options['slug']!r}. Tasks here: {slugs}.")
        try:
            has_closed = task_end(task=task, who=options["who"], why=options["why"])
        except ActRefusedError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Task {task.slug!r} is closed." if has_closed else f"Task {task.slug!r} was closed before.")
