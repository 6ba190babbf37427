"""`manage.py task_close SLUG`: the task takes no more entries, and its private scores are told and decide."""

from argparse import ArgumentParser
from getpass import getuser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fixpoint.accounts.models import User
from fixpoint.organizing.pausing import task_end
from fixpoint.organizing.refusals import ActRefusedError
from fixpoint.tasks.models import Task


class Command(BaseCommand):
    """Closes a task now, whatever its date says. It is not opened again: by then everybody has seen the scores.

    So it asks for the slug once more, but with --yes.
    """

    help = "Close a task now: entries that run are still scored, later ones come apart or not at all (docs/tasks.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which one, and in whose name."""
        parser.add_argument("slug", help="the task, by the name in its address")
        parser.add_argument(
            "--who", help="the account in whose name it is closed, by default your name on this machine"
        )
        parser.add_argument("--why", default="", help="a reason, for the audit trail")
        parser.add_argument("--yes", action="store_true", help="close it without asking for its slug once more")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Close it and say so."""
        task = Task.objects.filter(slug=options["slug"]).first()
        if task is None:
            slugs = ", ".join(Task.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no task {options['slug']!r}. Tasks here: {slugs}.")
        who = options["who"] or getuser()
        if options["who"] and not User.objects.filter(username=who, is_active=True).exists():
            raise CommandError(
                f"Nobody here has the name {who!r}: give the username of an account, or leave --who out."
            )
        if task.phase != Task.Status.CLOSED and not options["yes"]:
            self._ask(task)
        try:
            has_closed = task_end(task=task, who=who, why=options["why"])
        except ActRefusedError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Task {task.slug!r} is closed." if has_closed else f"Task {task.slug!r} was closed before.")

    def _ask(self, task: Task) -> None:
        self.stdout.write(f"{task.title} takes no more entries then, all scores are told, and it is not opened again.")
        try:
            typed = input(f"Type {task.slug} to close it now: ")
        except EOFError as error:
            raise CommandError("It is not closed: nobody was there to say yes. Say --yes to close it.") from error
        if typed.strip() != task.slug:
            raise CommandError("It is not closed: that was not its slug.")
