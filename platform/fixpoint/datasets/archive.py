"""What an uploaded zip shows without unpacking a byte: every reason against it at once, or its counts."""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fixpoint.archives.directory import NotAZipError, TooManyEntriesError, overlapping, read_directory
from fixpoint.archives.entry import (
    collision_key,
    damage_reason,
    is_archive_name,
    is_clutter,
    is_encrypted,
    is_folder,
    is_image_name,
    is_readable_method,
    name_of,
    unsafe_reason,
)
from fixpoint.archives.tree import SPLITS, place_of
from fixpoint.datasets.layout import Layout, layout_of
from fixpoint.datasets.reasons import Reasons
from fixpoint.datasets.rules import ArchiveRules, Refusal, mib

__all__ = ["ArchiveRules", "Inspection", "Refusal", "inspect"]

Entries = list[zipfile.ZipInfo]

OVERLAPS = "Its data overlaps another entry's, or runs past the end."
HARMLESS = frozenset(
    {
        "too-many-images",
        "duplicate-name",
        "nested-archive",
        "unsupported-compression",
        "missing-split",
        "missing-class",
        "unknown-class",
        "unexpected-file",
        "image-too-many-bytes",
    }
)
"""Rules that honest work breaks: images beside them are opened all the same, and one upload tells of every reason."""
READ_AT_MOST = 2
"""Times the allowed number of images: beyond that it is not a matter of leaving some out."""
READ_AT_LEAST = 50_000
"""Entries that are read even where fewer are allowed, so that a refusal can say how many images are too many."""


@dataclass(frozen=True)
class Inspection:
    """What the directory shows. `refusals` is bounded, `refusal_counts` exact; `counts`: images by split and class.

    `images` are those named so; `files` is all that could be one, whatever its name.
    """

    refusals: tuple[Refusal, ...]
    refusal_counts: dict[str, int]
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    images: int = 0
    files: int = 0
    clutter: int = 0
    entries: int = 0
    unpacked_bytes: int = 0
    top: str = ""

    @property
    def is_clean(self) -> bool:
        """No reason against it so far; decoding may still find some."""
        return not self.refusals

    def can_be_read(self, rules: ArchiveRules) -> bool:
        """Whether a worker should open its images: always where it is clean, else if what is wrong is no danger."""
        is_harmless = self.refusal_counts.keys() <= HARMLESS
        return self.is_clean or (is_harmless and self.images > 0 and self.files <= READ_AT_MOST * rules.images)


def inspect(path: Path, rules: ArchiveRules) -> Inspection:
    """Reads the central directory only, in well under a second. Never raises for what a stranger sent."""
    reasons = Reasons()
    reasons.add(_archive_size(path, rules))
    try:
        entries = read_directory(path, max_entries=max(rules.entries, READ_AT_LEAST))
    except NotAZipError as error:
        reasons.add([Refusal("not-a-zip", "", f"This is not a zip that can be read: {error}.")])
        return Inspection(tuple(reasons.kept), dict(reasons.counts))
    except TooManyEntriesError as error:
        reasons.add(_too_many(error.entries, rules))
        return Inspection(tuple(reasons.kept), dict(reasons.counts), entries=error.entries)
    return _judged(entries, path, rules, reasons)


def _judged(entries: Entries, path: Path, rules: ArchiveRules, reasons: Reasons) -> Inspection:
    faults = [unsafe_reason(entry) for entry in entries]
    safe = [entry for entry, why in zip(entries, faults, strict=True) if not why]
    wanted = [entry for entry in safe if not is_clutter(entry)]
    files = [entry for entry in wanted if not is_folder(entry)]
    layout = layout_of([place_of(entry) for entry in wanted], rules.classes)
    reasons.add(_too_many(len(entries), rules))
    unsafe = [(name_of(entry), why) for entry, why in zip(entries, faults, strict=True) if why]
    reasons.note("unsafe-name", unsafe, lambda each: each[0], lambda each: _sentence(each[1]))
    reasons.add(_duplicates(wanted))
    reasons.add(_totals(files, rules))
    _note_entries(wanted, rules, reasons)
    overlaps = overlapping(entries, path.stat().st_size)
    reasons.note("damaged-entry", overlaps, name_of, lambda _: OVERLAPS)
    reasons.add(layout.refusals)
    return Inspection(
        refusals=tuple(reasons.kept),
        refusal_counts=dict(reasons.counts),
        counts=_counts(layout, rules),
        images=sum(is_image_name(entry.filename) for entry in files),
        files=len(files),
        clutter=sum(not is_folder(entry) for entry in safe) - len(files),
        entries=len(entries),
        unpacked_bytes=sum(entry.file_size for entry in files),
        top=layout.top,
    )


def _archive_size(path: Path, rules: ArchiveRules) -> Iterator[Refusal]:
    size = path.stat().st_size
    if size > rules.archive_bytes:
        yield Refusal(
            "archive-too-big", "", f"The archive has {mib(size)}; at most {mib(rules.archive_bytes)} are allowed."
        )


def _too_many(entries: int, rules: ArchiveRules) -> Iterator[Refusal]:
    if entries > rules.entries:
        detail = f"The archive lists {entries:,} entries; at most {rules.entries:,} are allowed."
        yield Refusal("too-many-entries", "", detail)


def _duplicates(entries: Entries) -> Iterator[Refusal]:
    names: defaultdict[str, list[str]] = defaultdict(list)
    for entry in entries:
        names[collision_key(entry)].append(name_of(entry))
    for first, *others in names.values():
        for other in others:
            same = "The name stands in the archive twice." if other == first else f"Collides with '{first}'."
            yield Refusal("duplicate-name", other, f"{same} On some computers one would overwrite the other.")


def _totals(files: Entries, rules: ArchiveRules) -> Iterator[Refusal]:
    images = sum(is_image_name(entry.filename) for entry in files)
    if images > rules.images:
        over = images - rules.images
        detail = f"{images:,} images, counted as files; at most {rules.images:,} are allowed. Remove {over:,}."
        yield Refusal("too-many-images", "", detail)
    unpacked = sum(entry.file_size for entry in files)
    if unpacked > rules.unpacked_bytes:
        detail = f"The files unpack to {mib(unpacked)}; at most {mib(rules.unpacked_bytes)} are allowed."
        yield Refusal("unpacked-too-big", "", detail)


def _note_entries(entries: Entries, rules: ArchiveRules, reasons: Reasons) -> None:
    """Every entry under every rule of its own. A sentence is made only for what is kept."""
    checks: tuple[tuple[str, Callable[[zipfile.ZipInfo], object], Callable[[zipfile.ZipInfo], str]], ...] = (
        ("encrypted", is_encrypted, lambda _: "The file is encrypted."),
        (
            "unsupported-compression",
            lambda entry: not is_readable_method(entry),
            lambda entry: f"Compressed with method {entry.compress_type}; only stored and deflate are read.",
        ),
        ("damaged-entry", damage_reason, lambda entry: _sentence(damage_reason(entry))),
        (
            "nested-archive",
            lambda entry: is_archive_name(name_of(entry)) and not is_folder(entry),
            lambda _: "An archive inside the archive.",
        ),
        (
            "image-too-many-bytes",
            lambda entry: entry.file_size > rules.image_bytes,
            lambda entry: f"The file has {mib(entry.file_size)}; at most {mib(rules.image_bytes)} are allowed.",
        ),
    )
    for rule, is_broken, detail in checks:
        reasons.note(rule, [entry for entry in entries if is_broken(entry)], name_of, detail)


def _counts(layout: Layout, rules: ArchiveRules) -> dict[str, dict[str, int]]:
    return {split: {name: layout.images[split, name] for name in rules.classes} for split in SPLITS}


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}."
