"""`manage.py blobs_move`: what a folder holds, copied into the bucket that the settings name."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from fixpoint.blobs.away import StoreAwayError
from fixpoint.blobs.moving import Fate, blobs_move
from fixpoint.blobs.store import store_folder, store_place

_TOLD_EVERY = 100


class Command(BaseCommand):
    """Copies, and deletes nothing: the folder stays until an operator removes it."""

    help = "Copy the blobs of a folder into the bucket of FIXPOINT_S3_BUCKET, each checked by its sha256."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """From where, and whether to do it."""
        parser.add_argument(
            "--from",
            dest="folder",
            type=Path,
            default=Path(settings.HOME) / "blobs",
            metavar="FOLDER",
            help="the folder that was the store, FIXPOINT_HOME/blobs unless it is named",
        )
        parser.add_argument("--apply", action="store_true", help="copy; without it, only say what would be copied")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Tell how far it is, and the damaged ones by name. CommandError where one is, or where the store is away."""
        folder = options["folder"]
        if store_folder() is not None:
            raise CommandError(f"The store is a folder, {store_place()}: set FIXPOINT_S3_BUCKET first.")
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}.")
        count: Counter[Fate] = Counter()
        size: Counter[Fate] = Counter()
        did = "done" if options["apply"] else "looked at"
        try:
            for each in blobs_move(folder=folder, is_trial=not options["apply"]):
                count[each.fate] += 1
                size[each.fate] += each.size
                if each.fate is Fate.DAMAGED:
                    self.stderr.write(f"damaged, left where it is: {each.path}")
                if count.total() % _TOLD_EVERY == 0:
                    self.stdout.write(f"{count.total()} files, {size.total() / 2**20:,.0f} MiB {did} …")
        except StoreAwayError as error:
            raise CommandError(f"{store_place()}: {error} Run it again: it goes on where it was.") from error
        done = "copied" if options["apply"] else "to be copied (--apply copies)"
        for fate, word in ((Fate.COPIED, done), (Fate.KEPT, "there already"), (Fate.DAMAGED, "damaged")):
            self.stdout.write(f"{count[fate]} blobs, {size[fate] / 2**20:,.1f} MiB {word}")
        if count[Fate.DAMAGED]:
            raise CommandError(f"{count[Fate.DAMAGED]} files are not what their names say.")
