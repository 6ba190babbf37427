"""`manage.py retention`: what is kept for long enough by now, and with --apply giving it up."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fixpoint.blobs.away import StoreAwayError
from fixpoint.organizing.database import require_database
from fixpoint.organizing.retention import Due, retention_apply, rules
from fixpoint.organizing.tables import amount, table


class Command(BaseCommand):
    """Looks unless it is told to apply; what it gives up leaves the disk with `manage.py blobs sweep`."""

    help = "List what is due by the rules of retention (FIXPOINT_KEEP_…); --apply gives it up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to do it, and how to tell."""
        parser.add_argument("--apply", action="store_true", help="do it; without this nothing is changed")
        parser.add_argument("--json", action="store_true", help="one JSON document instead of a table")

    def handle(self, *_args: Any, **options: Any) -> None:
        """A row for each rule."""
        require_database()
        try:
            due = retention_apply(apply=options["apply"])
        except StoreAwayError as error:
            raise CommandError(f"The store is away: run it again when it is back. {error}") from error
        if options["json"]:
            told = {"applied": options["apply"], "due": [asdict(each) for each in due]}
            self.stdout.write(json.dumps(told, default=str))
            return
        is_due = any(each.count for each in due)
        if is_due:
            for line in table([["WHAT", "HOW MANY", "FREES AT MOST", "OLDEST", "WHY"], *map(_row, due)]):
                self.stdout.write(line)
        for rule in rules():
            if not rule.days:
                self.stdout.write(f"{rule.what}: kept for ever.")
        self.stdout.write(_end(is_due=is_due, applied=options["apply"]))


def _end(*, is_due: bool, applied: bool) -> str:
    if not is_due:
        return "Nothing is due."
    if applied:
        return "Given up. `manage.py blobs sweep --apply` frees the disk."
    return "Nothing changed. --apply gives these up."


def _row(due: Due) -> list[str]:
    oldest = f"{due.oldest:%Y-%m-%d}" if due.oldest else "-"
    return [due.what, f"{due.count:,}", amount(due.bytes), oldest, due.why]
