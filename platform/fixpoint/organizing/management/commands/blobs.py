"""`manage.py blobs sweep` frees blobs that nothing names; `manage.py blobs check` reads those that are needed."""

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from fixpoint.blobs.away import StoreAwayError
from fixpoint.blobs.checking import DAMAGED, Checked, Problem, blobs_check
from fixpoint.blobs.store import store_folder, store_place
from fixpoint.blobs.sweeping import Swept, blobs_sweep
from fixpoint.organizing.database import require_database
from fixpoint.organizing.tables import amount, table

_EVERY = 500
"""Blobs between two lines of progress."""


class Command(BaseCommand):
    """Two acts on the store."""

    help = "sweep: blobs that nothing names, freed with --apply. check: read the others; status 1 if any is not whole."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One of the acts."""
        acts = parser.add_subparsers(dest="act", required=True)
        sweep = acts.add_parser("sweep", help="list blobs that nothing names; --apply marks them, and frees the marked")
        sweep.add_argument("--apply", action="store_true", help="do it; without this nothing is changed")
        sweep.add_argument("--nobody-at-work", action="store_true", help="all is stopped: the grace may be short")
        check = acts.add_parser("check", help="read blobs and compare them with their sha256")
        check.add_argument("--sample", type=_count, metavar="N", help="so many, drawn at random, instead of all")
        for each in (sweep, check):
            each.add_argument("--json", action="store_true", help="one JSON document instead of lines")

    def handle(self, *_args: Any, **options: Any) -> None:
        """The act, told on standard output; progress on the other."""
        require_database()
        try:
            if options["act"] == "sweep":
                if options["apply"] and not options["nobody_at_work"]:
                    _expect_grace()
                self._sweep(apply=options["apply"], as_json=options["json"])
            else:
                self._check(sample=options["sample"], as_json=options["json"])
        except StoreAwayError as error:
            raise CommandError(f"The store is away, nothing is known of the rest. {error}") from error

    def _sweep(self, *, apply: bool, as_json: bool) -> None:
        swept = blobs_sweep(apply=apply)
        if as_json:
            self.stdout.write(json.dumps({"applied": apply, **asdict(swept)}))
            return
        for line in _swept(swept, apply=apply):
            self.stdout.write(line)

    def _check(self, *, sample: int | None, as_json: bool) -> None:
        checked = blobs_check(sample=sample, tell=self._progress)
        if as_json:
            self.stdout.write(json.dumps({"ok": not checked.problems, **asdict(checked)}))
        else:
            for problem in checked.problems:
                for line in _problem(problem):
                    self.stdout.write(line)
            self.stdout.write(
                f"{checked.read:,} of {checked.needed:,} blobs read, {amount(checked.bytes)}: "
                f"{len(checked.problems):,} not whole. {checked.orphans:,} others are stored that nothing names."
            )
        if checked.problems:
            sys.exit(1)

    def _progress(self, checked: Checked) -> None:
        if checked.read % _EVERY == 0:
            self.stderr.write(f"{checked.read:,} blobs read, {amount(checked.bytes)} …")


def _expect_grace() -> None:
    if settings.BLOB_GRACE_SECONDS <= settings.ADDRESS_SECONDS:
        raise CommandError(
            "The grace (FIXPOINT_BLOB_GRACE_HOURS) is not longer than an address lives, so what somebody is about "
            "to use may go. Stop web, platform-jobs, platform-chores, beat and the workers, then say --nobody-at-work."
        )


def _swept(swept: Swept, *, apply: bool) -> list[str]:
    left = sum(each.bytes for each in swept.leftovers)
    rows: list[tuple[str, int, int]] = [
        ("freed" if apply else "would be freed", swept.freed.blobs, swept.freed.bytes),
        ("marked: freed a grace from now" if apply else "would be marked", swept.marked.blobs, swept.marked.bytes),
        ("marked before, in their grace", swept.waiting.blobs, swept.waiting.bytes),
        ("too new to judge", swept.young.blobs, swept.young.bytes),
        ("leftovers, deleted" if apply else "leftovers, would be deleted", len(swept.leftovers), left),
    ]
    told = [[what, f"{count:,}", amount(size)] for what, count, size in rows]
    lines = [f"{swept.referenced:,} stored blobs are needed. Of what nothing names:", *table(told)]
    lines += [f"leftover: {each.name}, {amount(each.bytes)}" for each in swept.leftovers]
    lines += [f"not ours, and left alone: {name}" for name in swept.strangers]
    return lines if apply else [*lines, "Nothing changed. --apply does it."]


def _problem(problem: Problem) -> list[str]:
    lines = [f"{problem.kind}: {problem.sha256}, {problem.why}"]
    if problem.kind == DAMAGED:
        lines.append(f"  remove it first: {_place(problem.sha256)}")
    return [*lines, *(f"  {each.what} of {each.subject}: {each.remedy}" for each in problem.holders)]


def _place(sha256: str) -> str:
    name = f"{sha256[:2]}/{sha256}"
    folder = store_folder()
    return str(folder / name) if folder else f"{name} in {store_place()}"


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise ArgumentTypeError(f"{text!r} is no number of blobs: write a whole number from 1 on")
    return int(text)
