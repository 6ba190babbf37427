"""What can change on the page of an entry that is not over, read for many entries in one statement."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from fixpoint.submissions.models import Epoch, Submission, SubmissionEnergy


@dataclass(frozen=True)
class Look:
    """An entry at one moment; `epochs` and `phases` count what ended in its newest attempt.

    `ahead` counts who waits before it in the same queue; None unless it is queued.
    """

    status: str
    attempt: int
    epochs: int
    phases: int
    ahead: int | None

    @property
    def version(self) -> str:
        """The same exactly as long as nothing has changed: the id of the event that tells of it."""
        ahead = "" if self.ahead is None else self.ahead
        return f"{self.attempt}.{self.status}.{self.epochs}.{self.phases}.{ahead}"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen."""
        return self.status in Submission.FINAL


def looks_at(entries: Collection[UUID]) -> dict[UUID, Look]:
    """By entry; one that does not exist is left out."""
    of_attempt = {"submission": OuterRef("pk"), "attempt": OuterRef("attempt")}
    before = Submission.objects.filter(
        status=Submission.Status.QUEUED,
        created_at__lt=OuterRef("created_at"),
        task__workers=OuterRef("task__workers"),
        task__device=OuterRef("task__device"),
    )
    found = Submission.objects.filter(pk__in=entries).annotate(
        epochs_ended=_counted(Epoch.objects.filter(**of_attempt), "submission"),
        phases_ended=_counted(SubmissionEnergy.objects.filter(**of_attempt), "submission"),
        ahead=Case(When(status=Submission.Status.QUEUED, then=_counted(before, "status"))),
    )
    rows = found.order_by().values_list("pk", "status", "attempt", "epochs_ended", "phases_ended", "ahead")
    return {pk: Look(*rest) for pk, *rest in rows}


def _counted(rows: QuerySet[Any], by: str) -> Coalesce:
    counts = rows.order_by().values(by).annotate(many=Count("pk")).values("many")
    return Coalesce(Subquery(counts), Value(0), output_field=IntegerField())
