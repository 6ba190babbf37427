"""`manage.py entries`: run an entry again, disqualify it, restore it."""

from argparse import ArgumentParser
from getpass import getuser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from fixpoint.organizing.database import require_database
from fixpoint.organizing.entry_acts import entry_disqualify, entry_reinstate, entry_rerun
from fixpoint.organizing.held_awards import held_by_fallen, held_says
from fixpoint.organizing.models import Award
from fixpoint.organizing.refusals import ActRefusedError
from fixpoint.submissions.models import Submission


class Command(BaseCommand):
    """By the same rules as on the site."""

    help = "Run an entry again, disqualify or restore it: entries rerun|disqualify|restore ID --why REASON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One of the acts, with the entry that it is done to."""
        acts = parser.add_subparsers(dest="act", required=True)
        for name, (what, _) in _ACTS.items():
            act = acts.add_parser(name, help=what)
            act.add_argument("id", type=UUID, help="of the entry, as in the address of its page")
            act.add_argument("--why", required=True, help="whoever may see the entry reads it")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it, or say why not."""
        require_database()
        entry = _entry(options["id"])
        try:
            self.stdout.write(_ACTS[options["act"]][1](entry, options["why"]))
        except ActRefusedError as error:
            raise CommandError(str(error)) from error


def _rerun(entry: Submission, why: str) -> str:
    again = entry_rerun(entry=entry, why=why, who=getuser())
    return f"Queued as {again.pk}: /entries/{again.pk}/"


def _disqualify(entry: Submission, why: str) -> str:
    entry_disqualify(entry=entry, why=why, who=getuser())
    held = [held_says(each) + " Revoke it." for each in held_by_fallen(Award.objects.filter(submission=entry))]
    return "\n".join(["It stands on no board any more; its owner is told.", *held])


def _restore(entry: Submission, why: str) -> str:
    entry_reinstate(entry=entry, why=why, who=getuser())
    return "It stands on its boards again; its owner is told."


def _entry(pk: UUID) -> Submission:
    try:
        return Submission.objects.select_related("task", "dataset", "owner").get(pk=pk)
    except Submission.DoesNotExist as error:
        raise CommandError(f"There is no entry {pk}.") from error


_ACTS = {
    "rerun": ("run it again, free of charge and not ranked", _rerun),
    "disqualify": ("take it off every board", _disqualify),
    "restore": ("put a disqualified one back", _restore),
}
