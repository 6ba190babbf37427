"""State changes by compare-and-swap, each with a row that says when, from, to, why and who."""

from typing import Any, ClassVar, Protocol

from django.db import models, transaction
from django.db.models import Subquery
from django.db.models.expressions import Combinable


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
    manager = type(subject)._default_manager  # type: ignore[attr-defined]  # noqa: SLF001 Django's documented name
    with transaction.atomic(savepoint=False):  # both or neither, with all that the caller's transaction holds
        changed = manager.filter(pk=subject.pk, attempt=subject.attempt, status=old).update(status=to, **values)
        if changed != 1:
            return False
        subject.transitions.create(attempt=subject.attempt, from_status=old, to_status=to, why=why[:500], who=who[:150])
    subject.status = to
    for name, value in values.items():
        if not isinstance(value, Combinable | Subquery):  # what it comes to, the database alone knows
            setattr(subject, name, value)
    return True
