"""What a team writes about an entry of its own: a title and a text for everybody, notes for itself."""

from typing import Any

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

    Boards tell the title beside the entry, so its change has a number; another one than what changes who ranks, which
    is told in the reasons of frozen standings.
    """
    values: dict[str, Any] = {"title": title.strip(), "description": description, "link": link, "notes": notes}
    if values["title"] != submission.title:
        values["title_number"] = board_number(submission.task_id)
    Submission.objects.filter(pk=submission.pk).update(**values)
