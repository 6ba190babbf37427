"""What is kept for how long: rules that each find what is due and give it up. Blobs go with the sweep that follows."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fixpoint.accounts.notices import notices_give
from fixpoint.blobs.models import Round
from fixpoint.blobs.store import BlobMissingError, blob_size
from fixpoint.datasets.models import Dataset, DatasetTransition
from fixpoint.leaderboard.selectors import entries_on_board
from fixpoint.submissions.deletion import RESTORED, DatasetNeededError, dataset_delete, dataset_purge
from fixpoint.submissions.models import Run
from fixpoint.submissions.weights import runs_over, weights_free
from fixpoint.tasks.models import Task

log = logging.getLogger(__name__)

_UNREAD = (Dataset.Status.REFUSED, Dataset.Status.CANCELLED, Dataset.Status.EXPIRED)
_FAILED_DAYS = 7
"""No share is charged with what we failed to read, so its zip stays for as long as it takes to look into it."""


@dataclass(frozen=True)
class Due:
    """What one rule found. `bytes` are freed at most: what somebody else names too stays; `oldest` is since when."""

    what: str
    why: str
    count: int
    bytes: int
    oldest: datetime | None


@dataclass(frozen=True)
class Rule:
    """`days` of the settings, 0 for never; `due` finds rows that ended before a moment, `give_up` takes one of them."""

    what: str
    why: str
    days: int
    due: Callable[[datetime], Iterable[Any]]
    since: Callable[[Any], datetime | None]
    blobs: Callable[[Any], Sequence[str]]
    give_up: Callable[[Any, datetime], object]


def rules() -> list[Rule]:
    """Read from the settings as they are now."""
    return [
        Rule(
            "deleted datasets",
            "deleted more than {days} days ago and not restored",
            settings.KEEP_DELETED_DAYS,
            _deleted,
            lambda dataset: dataset.deleted_at,
            _all_of,
            lambda dataset, before: dataset_purge(dataset_id=dataset.pk, deleted_before=before),
        ),
        Rule(
            "zips that were not read",
            "refused or cancelled more than {days} days ago",
            settings.KEEP_UNREAD_DAYS,
            _unread,
            lambda dataset: dataset.ended_at,
            lambda dataset: [dataset.archive_sha256],
            lambda dataset, _: _archive_free(dataset),
        ),
        Rule(
            "zips that we failed to read",
            "our fault more than {days} days ago, and in nobody's share",
            min(settings.KEEP_UNREAD_DAYS, _FAILED_DAYS),
            _failed,
            lambda dataset: dataset.ended_at,
            lambda dataset: [dataset.archive_sha256],
            lambda dataset, _: _archive_free(dataset),
        ),
        Rule(
            "datasets never entered",
            "accepted more than {days} days ago and not entered; can be restored",
            settings.KEEP_IDLE_DAYS,
            _idle,
            lambda dataset: dataset.ended_at,
            lambda _: [],
            lambda dataset, _: _idle_delete(dataset),
        ),
        Rule(
            "trained weights",
            "the entry is on no board, and over for more than {days} days",
            settings.KEEP_WEIGHTS_DAYS,
            _weights,
            lambda run: run.submission.ended_at,
            lambda run: [run.weights_sha256],
            lambda run, _: weights_free([run.pk]),
        ),
    ]


def retention_apply(*, apply: bool, now: datetime | None = None) -> list[Due]:
    """Look what is due by each rule, and with `apply` give it up."""
    now = now or timezone.now()
    found = [_by(rule, now - timedelta(days=rule.days), apply=apply) for rule in rules() if rule.days]
    if apply:
        Round.objects.create(kind=Round.Kind.RETENTION, found={each.what: each.count for each in found})
        for each in found:
            log.info("Retention: %d %s, %d bytes at most.", each.count, each.what, each.bytes)
    return found


def _by(rule: Rule, before: datetime, *, apply: bool) -> Due:
    rows = list(rule.due(before))
    size = sum(_size(sha256) for sha256 in {sha256 for row in rows for sha256 in rule.blobs(row)})
    oldest = min((moment for row in rows if (moment := rule.since(row))), default=None)
    if apply:
        for row in rows:
            rule.give_up(row, before)
    return Due(rule.what, rule.why.format(days=rule.days), len(rows), size, oldest)


def _deleted(before: datetime) -> Iterable[Dataset]:
    return Dataset.objects.filter(deleted_at__lt=before, purged_at=None)


def _unread(before: datetime) -> Iterable[Dataset]:
    return Dataset.objects.filter(status__in=_UNREAD, ended_at__lt=before, archive_freed_at=None, deleted_at=None)


def _failed(before: datetime) -> Iterable[Dataset]:
    failed = Dataset.objects.filter(status=Dataset.Status.ERROR, archive_freed_at=None, deleted_at=None)
    return failed.filter(ended_at__lt=before)


def _idle(before: datetime) -> Iterable[Dataset]:
    accepted = Dataset.objects.filter(status=Dataset.Status.ACCEPTED, ended_at__lt=before, deleted_at=None)
    restored = DatasetTransition.objects.filter(dataset=OuterRef("pk"), why=RESTORED, at__gte=before)
    return accepted.filter(~Exists(restored), submissions=None).select_related("owner")


def _weights(before: datetime) -> Sequence[Run]:
    runs = list(runs_over(before))
    tasks = Task.objects.filter(pk__in={run.submission.task_id for run in runs})
    needed = {entry for task in tasks for entry in entries_on_board(task)}
    return [run for run in runs if run.submission_id not in needed or run.attempt != run.submission.attempt]


def _archive_free(dataset: Dataset) -> None:
    ended = Dataset.objects.filter(pk=dataset.pk, status__in=(*_UNREAD, Dataset.Status.ERROR), archive_freed_at=None)
    ended.update(archive_freed_at=timezone.now())


def _idle_delete(dataset: Dataset) -> None:
    try:
        dataset_delete(dataset=dataset, who="platform", why=f"not entered for {settings.KEEP_IDLE_DAYS} days")
    except DatasetNeededError as error:
        log.info("The dataset %s is needed again: %s", dataset.pk, error)
        return
    notices_give(
        to=[dataset.owner],
        subject=lambda: _("Your dataset %(name)s was put aside") % {"name": dataset.name},
        text=_put_aside,
        path=f"/datasets/{dataset.pk}/delete/",
    )


def _put_aside() -> str:
    says = ngettext(
        "It was not entered for %(days)s day.", "It was not entered for %(days)s days.", settings.KEEP_IDLE_DAYS
    )
    return f"{says % {'days': settings.KEEP_IDLE_DAYS}} {_way_back()}"


def _way_back() -> str:
    days = settings.KEEP_DELETED_DAYS
    if not days:
        return _("You can restore it.")
    says = ngettext(
        "Restore it within %(days)s day if you want to keep it.",
        "Restore it within %(days)s days if you want to keep it.",
        days,
    )
    return says % {"days": days}


def _all_of(dataset: Dataset) -> list[str]:
    named = [dataset.pack_sha256, dataset.manifest_sha256, dataset.sheet_sha256, dataset.looks_sha256]
    zipped = [] if dataset.archive_freed_at else [dataset.archive_sha256]
    return [sha256 for sha256 in (*named, dataset.thumbnails_sha256, *zipped) if sha256]


def _size(sha256: str) -> int:
    try:
        return blob_size(sha256)
    except BlobMissingError:
        return 0
