"""What a team writes about an entry of its own: a title and a text for everybody, notes for itself."""

from django.db import transaction

from fixpoint.accounts.models import User
from fixpoint.submissions.board_changes import board_number
from fixpoint.submissions.models import Submission
from fixpoint.submissions.selectors import is_own


def is_describable(submission: Submission, who: object) -> bool:
    """Its team's alone, at any time."""
    return isinstance(who, User) and is_own(who, submission)


@transaction.atomic
def submission_describe(*, submission: Submission, title: str, description: str, link: str, notes: str) -> None:
    """Keep what its team writes.

    Boards tell the title beside the entry, and are made anew where it changes. The entry's own number stays: it did not
    change for who ranks, and what changed for that is told in the reasons of frozen standings.
    """
    values = {"title": title.strip(), "description": description, "link": link, "notes": notes}
    if values["title"] != submission.title:
        board_number(submission.task_id)
    Submission.objects.filter(pk=submission.pk).update(**values)
