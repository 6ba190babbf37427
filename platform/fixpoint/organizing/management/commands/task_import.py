"""`manage.py task_import FILE`: a task out of a YAML and the zips beside it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fixpoint.blobs.arriving import taking_folder
from fixpoint.blobs.away import StoreAwayError
from fixpoint.embedded.stack import StackError
from fixpoint.organizing.waiting import looks
from fixpoint.recipes import UnknownRecipeError
from fixpoint.tasks.arriving_bundle import bundle_unpack
from fixpoint.tasks.bundle import load_bundle
from fixpoint.tasks.bundle_problems import BundleError
from fixpoint.tasks.creating import TaskExistsError, task_create
from fixpoint.tasks.hidden_archive import HiddenArchiveError
from fixpoint.tasks.models import Task


class Command(BaseCommand):
    """Imports a task; a running worker packs its material, then it opens by itself."""

    help = "Create a task from a YAML file; zips are found beside it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and whether to wait."""
        parser.add_argument("file", type=Path, help="the task's YAML, or a bundle's zip: docs/tasks.md")
        parser.add_argument("--draft", action="store_true", help="only its organizers see it until they publish it")
        parser.add_argument("--wait", action="store_true", help="until the task is open")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Create, then optionally wait for the worker."""
        try:
            task = _create(options["file"], publishes=not options["draft"])
        except (BundleError, HiddenArchiveError, StoreAwayError, TaskExistsError, UnknownRecipeError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Task {task.slug!r} is being prepared: {task.hidden_images.count()} hidden images.")
        if options["wait"]:
            try:
                _wait_until_open(task)
            except StackError as error:
                raise CommandError(f"{error} The task opens by itself once one runs.") from error
            self.stdout.write(f"Task {task.slug!r} is open.")


def _create(file: Path, *, publishes: bool) -> Task:
    if file.suffix.lower() != ".zip":
        return task_create(bundle=load_bundle(file), publishes=publishes)
    with taking_folder() as folder:
        return task_create(bundle=load_bundle(bundle_unpack(file, folder), is_strangers=True), publishes=publishes)


def _wait_until_open(task: Task) -> None:
    for _ in looks(task):
        if task.status != Task.Status.PREPARING:
            break
    if task.status != Task.Status.OPEN:
        reasons = "\n".join(filter(None, task.materials.values_list("reason", flat=True)))
        raise CommandError(f"The task did not open: {reasons}")
