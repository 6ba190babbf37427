"""What organizers called their baselines and references: the names of their datasets, public for these roles alone."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from fixpoint.leaderboard.row import Row
from fixpoint.submissions.models import Submission


def apart_names(rows: Iterable[Row]) -> dict[UUID, str]:
    """By entry, in one statement; a participant's is never among them."""
    ids = [row.entry_id for row in rows]
    theirs = Submission.objects.filter(pk__in=ids).exclude(role=Submission.Role.PARTICIPANT)
    return dict(theirs.values_list("pk", "dataset__name")) if ids else {}


def named_apart(rows: Sequence[Row]) -> list[tuple[Row, str]]:
    """Each row with its name, in their order."""
    found = list(rows)
    names = apart_names(found)
    return [(row, names.get(row.entry_id, "")) for row in found]
