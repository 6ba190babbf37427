"""Which hidden images are public: drawn once for a task, class by class, by a key that only the platform has."""

import hmac
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from fractions import Fraction

from django.utils.translation import gettext as _

from fixpoint.tasks.hidden_archive import HiddenEntry

_CONTEXT = b"fixpoint: public or private\0"
"""Sets these draws apart from those of the archive's order, which are made with the same key."""


def public_numbers(entries: Sequence[HiddenEntry], *, share: float, key: bytes) -> frozenset[int]:
    """Numbers of the public images: of each class its share, rounded by largest remainder so that the sum is right.

    Images are taken in the order of HMAC-SHA256(key, context + sha256 of the bytes + original name). The same bytes
    stand on one side, however often and under whatever class they occur; where they do not fit, the next ones do.
    """
    room = _rounded_shares(Counter(entry.label for entry in entries), Fraction(str(share)))
    copies: dict[str, list[HiddenEntry]] = defaultdict(list)
    for entry in entries:
        copies[entry.sha256].append(entry)
    public: set[int] = set()
    for same in sorted(copies.values(), key=lambda same: min(_drawn(key, entry) for entry in same)):
        needed = Counter(entry.label for entry in same)
        if needed <= room:
            room -= needed
            public |= {entry.number for entry in same}
    return frozenset(public)


def one_sided(entries: Sequence[HiddenEntry], public: Collection[int], classes: Sequence[str]) -> list[str]:
    """A sentence for each class that has no image on one of the two sides."""
    images = Counter(entry.label for entry in entries)
    shown = Counter(entry.label for entry in entries if entry.number in public)
    different = Counter(label for _, label in {(entry.sha256, entry.label) for entry in entries})
    return [
        _(
            "Class '%(name)s' would have %(public)s public and %(private)s private images of "
            "%(images)s (%(different)s different ones): each side needs one at least. Hide more "
            "images of it, or choose another 'public_share'."
        )
        % {
            "name": name,
            "public": shown[label],
            "private": images[label] - shown[label],
            "images": images[label],
            "different": different[label],
        }
        for label, name in enumerate(classes)
        if shown[label] in (0, images[label])
    ]


def _rounded_shares(counts: Counter[int], share: Fraction) -> Counter[int]:
    exact = {label: share * count for label, count in sorted(counts.items())}
    rounded = Counter({label: int(each) for label, each in exact.items()})
    missing = round(share * counts.total()) - rounded.total()
    by_remainder = sorted(exact, key=lambda label: rounded[label] - exact[label])
    rounded.update(by_remainder[:missing])
    return rounded


def _drawn(key: bytes, entry: HiddenEntry) -> bytes:
    return hmac.digest(key, _CONTEXT + bytes.fromhex(entry.sha256) + entry.original_name.encode(), "sha256")
