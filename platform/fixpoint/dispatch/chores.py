"""When the platform's long work was last come to: told by a mark that goes through its queue as the work does."""

from datetime import datetime, timedelta

from django.utils import timezone

from fixpoint.dispatch.models import Sweep

LATE = timedelta(minutes=10)
"""Longer than anything among it should take: by then nobody does it, or something holds it up."""
ROW = 2
"""Of the table of sweeps."""


def chores_mark() -> None:
    """Somebody has come to this place in the queue."""
    Sweep.objects.update_or_create(pk=ROW, defaults={"at": timezone.now()})


def chores_expect() -> None:
    """From now on a mark is waited for, where there has never been one."""
    Sweep.objects.get_or_create(pk=ROW, defaults={"at": timezone.now()})


def chores_at() -> datetime | None:
    """The last mark; None where none was ever waited for."""
    return Sweep.objects.filter(pk=ROW).values_list("at", flat=True).first()
