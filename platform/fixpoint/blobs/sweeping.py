"""The sweep: finds blobs that nothing names, marks them, and a grace later deletes those that still nothing names."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from fixpoint.blobs.doom import doom_mark, grace
from fixpoint.blobs.leftovers import Leftover, leftovers, leftovers_delete
from fixpoint.blobs.listing import blob_names
from fixpoint.blobs.models import Doomed, Round
from fixpoint.blobs.references import PORTIONS, is_referenced, referenced
from fixpoint.blobs.store import BlobMissingError, blob_delete, blob_size, blob_stored_at

log = logging.getLogger(__name__)


@dataclass
class Tally:
    """So many blobs and their bytes together."""

    blobs: int = 0
    bytes: int = 0

    def add(self, size: int) -> None:
        """One more."""
        self.blobs += 1
        self.bytes += size


@dataclass
class Swept:
    """What a round found. Of what nothing names: `young` is left alone, `marked` now, `waiting` since before, `freed`.

    `leftovers` are files that a process which was killed left behind; `strangers` were never ours.
    """

    referenced: int = 0
    young: Tally = field(default_factory=Tally)
    marked: Tally = field(default_factory=Tally)
    waiting: Tally = field(default_factory=Tally)
    freed: Tally = field(default_factory=Tally)
    leftovers: list[Leftover] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)


def blobs_sweep(*, apply: bool, now: datetime | None = None) -> Swept:
    """One round over the whole store, a sixteenth of the digests in memory at a time; without `apply` it only looks."""
    swept, now = Swept(), now or timezone.now()
    for portion in PORTIONS:
        _sweep(portion, swept, apply=apply, now=now)
    swept.leftovers, swept.strangers = leftovers(now - grace())
    if apply:
        leftovers_delete(swept.leftovers)
        found = {"referenced": swept.referenced, "freed": swept.freed.blobs, "freed_bytes": swept.freed.bytes}
        Round.objects.create(kind=Round.Kind.SWEEP, found=found)
        log.info("Blobs freed: %d of %d bytes.", swept.freed.blobs, swept.freed.bytes)
    return swept


@transaction.atomic
def blob_free(*, sha256: str, now: datetime) -> bool:
    """Delete a blob that was marked a grace ago, unless it is wanted again, or somebody is about to say so."""
    due = Doomed.objects.select_for_update(skip_locked=True).filter(sha256=sha256, since__lte=now - grace()).first()
    if due is None:
        return False
    goes = _is_old(sha256, now) and not is_referenced(sha256)
    if goes:
        blob_delete(sha256)
    due.delete()
    return goes


def _sweep(portion: str, swept: Swept, *, apply: bool, now: datetime) -> None:
    wanted = set(referenced(portion))
    doomed = dict(Doomed.objects.filter(sha256__startswith=portion).values_list("sha256", "since"))
    marks: dict[str, int] = {}
    still = set()
    for sha256, size, stored_at in _unnamed(portion, wanted, swept):
        if stored_at > now - grace():
            swept.young.add(size)
            continue
        still.add(sha256)
        if sha256 not in doomed:
            marks[sha256] = size
            swept.marked.add(size)
        elif doomed[sha256] > now - grace() or (apply and not blob_free(sha256=sha256, now=now)):
            swept.waiting.add(size)
        else:
            swept.freed.add(size)
    if apply:
        doom_mark(blobs=marks, now=now)
        Doomed.objects.filter(sha256__in=doomed.keys() - still).delete()


def _unnamed(portion: str, wanted: set[str], swept: Swept) -> Iterator[tuple[str, int, datetime]]:
    for sha256 in blob_names(portion):
        if sha256 in wanted:
            swept.referenced += 1
            continue
        try:
            yield sha256, blob_size(sha256), blob_stored_at(sha256)
        except BlobMissingError:
            log.info("The blob %s went while the store was listed.", sha256)


def _is_old(sha256: str, now: datetime) -> bool:
    """Not so, too, where it is not there any more: its mark can go."""
    try:
        return blob_stored_at(sha256) <= now - grace()
    except BlobMissingError:
        return False
