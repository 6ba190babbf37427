"""The integrity check: reads blobs that are needed, and tells which are missing or damaged and whose they are."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from fixpoint.blobs.listing import blob_names
from fixpoint.blobs.models import Round
from fixpoint.blobs.references import PORTIONS, Holder, holders, is_referenced, referenced
from fixpoint.blobs.store import BlobMissingError, blob_open, digest_of

MISSING, DAMAGED, UNREADABLE = "missing", "damaged", "unreadable"
_KEPT = 50
"""Problems that the round's row remembers by digest."""


@dataclass(frozen=True)
class Problem:
    """A blob that is needed and cannot be had. `size` is what is there instead."""

    sha256: str
    kind: str
    size: int
    why: str
    holders: list[Holder]


@dataclass
class Checked:
    """What was read, of how many that are needed; `orphans` are stored and needed by nothing."""

    needed: int = 0
    read: int = 0
    bytes: int = 0
    orphans: int = 0
    problems: list[Problem] = field(default_factory=list)


def blobs_check(*, sample: int | None = None, tell: Callable[[Checked], object] = lambda _: None) -> Checked:
    """Read every blob that something names, or `sample` of them drawn at random, and compare its bytes with its name.

    A mebibyte of a blob and a sixteenth of the digests are in memory at a time. `tell` hears of each that was read.
    """
    checked = Checked()
    drawn: list[str] = []
    for portion in PORTIONS:
        needed = set(referenced(portion))
        checked.orphans += sum(1 for name in blob_names(portion) if name not in needed)
        if sample is None:
            checked.needed += len(needed)
            _read(sorted(needed), checked, tell)
        else:
            _draw(needed, drawn, sample, checked)
    _read(drawn, checked, tell)
    found = {
        "needed": checked.needed,
        "read": checked.read,
        "orphans": checked.orphans,
        "problems": len(checked.problems),
        "digests": [each.sha256 for each in checked.problems[:_KEPT]],
    }
    Round.objects.create(kind=Round.Kind.CHECK, found=found)
    return checked


def _draw(needed: Iterable[str], drawn: list[str], sample: int, checked: Checked) -> None:
    """Each of all that will ever be offered is drawn with the same probability."""
    for sha256 in needed:
        checked.needed += 1
        if len(drawn) < sample:
            drawn.append(sha256)
        elif (place := random.randrange(checked.needed)) < sample:  # noqa: S311 - nobody gains by guessing it
            drawn[place] = sha256


def _read(digests: Iterable[str], checked: Checked, tell: Callable[[Checked], object]) -> None:
    for sha256 in digests:
        problem, size = _problem(sha256)
        checked.read += 1
        checked.bytes += size
        if problem and is_referenced(sha256):  # it may have been given up since it was listed
            checked.problems.append(problem)
        tell(checked)


def _problem(sha256: str) -> tuple[Problem | None, int]:
    try:
        with blob_open(sha256) as file:
            found = digest_of(file)
    except BlobMissingError:
        return Problem(sha256, MISSING, 0, "the store holds no such file", holders(sha256)), 0
    except OSError as error:
        return Problem(sha256, UNREADABLE, 0, error.strerror or str(error), holders(sha256)), 0
    if found.sha256 == sha256:
        return None, found.size
    why = f"{found.size:,} bytes are there, of another sha256"
    return Problem(sha256, DAMAGED, found.size, why, holders(sha256)), found.size
