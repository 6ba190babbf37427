"""`manage.py task_export SLUG FOLDER`: a task as the YAML and the zips that `task_import` reads. Secret."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fixpoint.blobs.away import StoreAwayError
from fixpoint.blobs.store import BlobMissingError
from fixpoint.tasks.exporting import bundle_write
from fixpoint.tasks.models import Task


class Command(BaseCommand):
    """Writes the YAML, the hidden test with its names, the label book, the training data and the baselines."""

    help = "Write a task as a bundle: with its hidden labels and their key, so keep it as secret as those."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which, and where to."""
        parser.add_argument("slug")
        parser.add_argument("folder", type=Path, help="made if it is missing, else it must be empty")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write all of it."""
        task, folder = Task.objects.filter(slug=options["slug"]).first(), options["folder"]
        if task is None:
            slugs = ", ".join(Task.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no task {options['slug']!r}; there are: {slugs}.")
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CommandError(f"{folder} is not an empty folder: choose another one.")
        try:
            path = bundle_write(task, folder)
        except (BlobMissingError, StoreAwayError) as error:
            raise CommandError(f"A file of the task cannot be read: {error}. `manage.py doctor` says more.") from error
        self.stdout.write(f"{path}: SECRET, it holds the hidden labels and the key that parts them.")
