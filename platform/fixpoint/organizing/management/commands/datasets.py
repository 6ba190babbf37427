"""`manage.py datasets`: delete and restore a dataset for somebody, and list what is deleted."""

from argparse import ArgumentParser
from getpass import getuser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from fixpoint.datasets.models import Dataset
from fixpoint.datasets.storage import StorageFullError
from fixpoint.organizing.database import require_database
from fixpoint.organizing.tables import amount, table
from fixpoint.submissions.deletion import DatasetNeededError, NotRestorableError, dataset_delete, dataset_restore


class Command(BaseCommand):
    """By the same rules as on the site."""

    help = "List deleted datasets; --delete ID deletes one, --restore ID takes it back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """At most one of the acts."""
        acts = parser.add_mutually_exclusive_group()
        acts.add_argument("--delete", metavar="ID", type=UUID, help="put it aside; it can be restored for a while")
        acts.add_argument("--restore", metavar="ID", type=UUID, help="take a deleted one back")

    def handle(self, *_args: Any, **options: Any) -> None:
        """One of the acts, or the list."""
        require_database()
        try:
            if options["delete"]:
                is_new = dataset_delete(dataset=_dataset(options["delete"]), who=getuser())
                self.stdout.write(_fate(_dataset(options["delete"])) if is_new else "It was deleted already.")
            elif options["restore"]:
                dataset = _dataset(options["restore"])
                dataset_restore(dataset=dataset, who=getuser())
                self.stdout.write(f"“{dataset.name}” of {dataset.owner} is restored.")
            else:
                self._list()
        except (DatasetNeededError, NotRestorableError, StorageFullError) as error:
            raise CommandError(str(error)) from error

    def _list(self) -> None:
        deleted = Dataset.objects.filter(deleted_at__isnull=False).select_related("owner", "task")
        if not deleted:
            self.stdout.write("No dataset is deleted.")
            return
        for line in table([["DATASET", "OWNER", "NAME", "ZIP", "WHAT BECOMES OF IT"], *map(_row, deleted)]):
            self.stdout.write(line)


def _dataset(pk: UUID) -> Dataset:
    try:
        return Dataset.objects.select_related("owner", "task").get(pk=pk)
    except Dataset.DoesNotExist as error:
        raise CommandError(f"There is no dataset {pk}.") from error


def _row(dataset: Dataset) -> list[str]:
    return [str(dataset.pk), dataset.owner.username, dataset.name, amount(dataset.archive_bytes), _fate(dataset)]


def _fate(dataset: Dataset) -> str:
    if dataset.purged_at:
        return f"Given up on {dataset.purged_at:%Y-%m-%d}; its entries remain."
    until = dataset.restorable_until
    return f"Deleted; it can be restored until {until:%Y-%m-%d}." if until else "Deleted; it can be restored."
