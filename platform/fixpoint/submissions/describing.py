"""What a person writes about an entry of their own: a title and a text for everybody, notes for themselves."""

from fixpoint.accounts.models import User
from fixpoint.submissions.models import Submission


def is_describable(submission: Submission, who: object) -> bool:
    """Its owner's alone, at any time."""
    return isinstance(who, User) and who.pk == submission.owner_id


def submission_describe(*, submission: Submission, title: str, description: str, link: str, notes: str) -> None:
    """Keep what its owner writes; no board depends on it."""
    values = {"title": title.strip(), "description": description, "link": link, "notes": notes}
    Submission.objects.filter(pk=submission.pk).update(**values)
