"""State changes by compare-and-swap, each with a row that says when, from, to, why and who."""

from functools import cache
from typing import Any, ClassVar, Protocol

from django.db import models, transaction

from fixpoint.statements.asking import Later
from fixpoint.statements.inserts import row_insert
from fixpoint.statements.updates import KeptUpdate


class IllegalTransitionError(Exception):
    """The table NEXT has no such change: a fault in our own code."""


class AbstractTransition(models.Model):
    """One change of one subject's status, with the attempt under which it happened."""

    at = models.DateTimeField(auto_now_add=True)
    attempt = models.PositiveIntegerField()
    from_status = models.CharField(max_length=16)
    to_status = models.CharField(max_length=16)
    why = models.CharField(max_length=500)
    who = models.CharField(max_length=150)

    class Meta:
        abstract = True
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.from_status} → {self.to_status}: {self.why}"


class Stateful(Protocol):
    """What `status_change` needs of a model."""

    NEXT: ClassVar[dict[str, frozenset[str]]]
    pk: Any
    attempt: int
    status: str
    transitions: Any


def status_change(subject: Stateful, *, to: str, why: str, who: str = "platform", **values: Any) -> bool:
    """Move `subject` to the status `to`, and set `values`, if it still is as this copy says.

    False means that somebody was first: late, repeated or stale, a quiet no. IllegalTransitionError if NEXT forbids it.
    """
    old = subject.status
    if to not in subject.NEXT[old]:
        raise IllegalTransitionError(f"{type(subject).__name__} {subject.pk}: {old} → {to}")
    columns = {"status": to} | values
    with transaction.atomic(savepoint=False):  # both or neither, with all that the caller's transaction holds
        swap = _swap(type(subject), tuple(columns))
        if swap.run(columns, pk=subject.pk, attempt=subject.attempt, status=old) != 1:
            return False
        row_insert(
            subject.transitions.model(
                **{subject.transitions.field.attname: subject.pk},
                attempt=subject.attempt,
                from_status=old,
                to_status=to,
                why=why[:500],
                who=who[:150],
            )
        )
    for name, value in columns.items():
        setattr(subject, name, value)
    return True


@cache
def _swap(model: Any, columns: tuple[str, ...]) -> KeptUpdate:
    """If the row still is as a copy of it says."""
    still = {"pk": Later("pk"), "attempt": Later("attempt"), "status": Later("status")}
    return KeptUpdate(lambda: model._default_manager.filter(**still), columns)  # noqa: SLF001 Django's documented name
