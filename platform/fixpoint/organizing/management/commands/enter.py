"""`manage.py enter ZIP --task SLUG --user NAME --wait`: what a participant does in the browser, in one command."""

import contextlib
import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset
from fixpoint.embedded.running import is_running, running_settings
from fixpoint.embedded.stack import StackError, stack, stack_place
from fixpoint.organizing.entering import RefusedError, entry_follow, entry_report, zip_take
from fixpoint.submissions.models import Submission
from fixpoint.submissions.services import EntryRefusedError
from fixpoint.tasks.models import Task


class Command(BaseCommand):
    """Enters a zip into a task on its acceptance; with --wait uses a running stack, or starts one and ends it."""

    help = "Enter a zip into a task; with --wait the last line is JSON. Status 1 and the reasons if it is refused."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The zip, where it goes, and who enters it."""
        parser.add_argument("zip", type=Path, help="what is entered: docs/formats.md")
        parser.add_argument("--task", required=True, metavar="SLUG", help="the task, by the name in its address")
        parser.add_argument("--user", required=True, metavar="NAME", help="whose entry it is")
        parser.add_argument(
            "--seeds", "--seed", type=_seeds, default=[], metavar="LIST", help="others than the task's own: 0,1,2"
        )
        parser.add_argument(
            "--role",
            default=Submission.Role.PARTICIPANT,
            choices=Submission.Role.values,
            help="what it is on the board; baseline and reference are organizers' own, unranked, and need --wait",
        )
        parser.add_argument("--wait", action="store_true", help="until it is scored")
        parser.add_argument("--name", default="", help="of the dataset; the zip's unless it is told")
        parser.add_argument(
            "--sandbox",
            default="auto",
            choices=["auto", "docker", "bubblewrap", "process"],
            help="of the stack that --wait starts",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Take the zip as an upload, enter it when accepted, print the result."""
        owner, task = _people(options)
        role = _role(options, owner)
        try:
            with _running_stack(options["sandbox"]) if options["wait"] else contextlib.nullcontext():
                path, name, seeds = _file(options["zip"]), options["name"], options["seeds"]
                enters = role == Submission.Role.PARTICIPANT
                dataset = zip_take(owner=owner, task=task, path=path, name=name, enters=enters, seeds=seeds)
                if not options["wait"]:
                    self.stdout.write(f"{_site()}/datasets/{dataset.pk}/: {_will_be(dataset)}")
                    return
                entry = entry_follow(dataset=dataset, seeds=seeds, role=role, tell=self.stderr.write)
                self.stdout.write(json.dumps(entry_report(entry)))
        except (RefusedError, EntryRefusedError, StackError) as error:
            self.stderr.write(str(error))
            sys.exit(1)


def _will_be(dataset: Dataset) -> str:
    told = dataset.get_status_display().lower()
    return f"{told}." if dataset.is_final else f"{told}; it is entered as soon as it is accepted."


def _site() -> str:
    return running_settings(Path(settings.HOME)).get("FIXPOINT_SITE_URL") or settings.SITE_URL


def _seeds(text: str) -> list[int]:
    try:
        return [int(each) for each in text.split(",")]
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} are no seeds: write whole numbers between commas, as 0,1,2") from error


def _people(options: dict[str, Any]) -> tuple[User, Task]:
    try:
        return User.objects.get(username=options["user"]), Task.objects.get(slug=options["task"])
    except User.DoesNotExist as error:
        raise CommandError(f"There is no user {options['user']!r}: sign up at the site first.") from error
    except Task.DoesNotExist as error:
        slugs = ", ".join(Task.objects.values_list("slug", flat=True)) or "none"
        raise CommandError(f"There is no task {options['task']!r}. Tasks here: {slugs}.") from error


def _role(options: dict[str, Any], owner: User) -> Submission.Role:
    """Told before the zip is taken: a role is given by the one who waits, for acceptance alone enters as anybody's."""
    role = Submission.Role(options["role"])
    if role == Submission.Role.PARTICIPANT:
        return role
    if not owner.is_organizer:
        raise CommandError(f"Only organizers enter a {role.label.lower()}; {owner.username} is none.")
    if not options["wait"]:
        raise CommandError(f"A {role.label.lower()} is entered by this command itself: add --wait.")
    return role


def _file(path: Path) -> Path:
    if not path.is_file():
        raise CommandError(f"There is no file {path}.")
    return path


def _running_stack(sandbox: str) -> contextlib.AbstractContextManager[object]:
    home = Path(settings.HOME)
    if is_running(home) or not settings.IS_EMBEDDED:
        return contextlib.nullcontext()
    return stack(stack_place(root=Path(settings.BASE_DIR), home=home, port=0, sandbox=sandbox))
