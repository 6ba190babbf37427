"""What an uploaded zip shows without unpacking a byte: every reason against it at once, or its counts."""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Iterator
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
    parts_of,
    unsafe_reason,
)
from fixpoint.datasets.layout import SPLITS, Layout, Place, layout_of
from fixpoint.datasets.rules import MIB, ArchiveRules, Refusal

__all__ = ["ArchiveRules", "Inspection", "Refusal", "inspect"]

Entries = list[zipfile.ZipInfo]

READ_AT_LEAST = 50_000
"""Entries that are read even where fewer are allowed, so that a refusal can say how many images are too many."""


@dataclass(frozen=True)
class Inspection:
    """What the directory shows. `counts`: images by split and class; `top`: the one top folder, or ""."""

    refusals: tuple[Refusal, ...]
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    images: int = 0
    clutter: int = 0
    entries: int = 0
    unpacked_bytes: int = 0
    top: str = ""

    @property
    def is_clean(self) -> bool:
        """No reason against it so far; decoding may still find some."""
        return not self.refusals


def inspect(path: Path, rules: ArchiveRules) -> Inspection:
    """Reads the central directory only, in well under a second. Never raises for what a stranger sent."""
    too_big = list(_archive_size(path, rules))
    try:
        entries = read_directory(path, max_entries=max(rules.entries, READ_AT_LEAST))
    except NotAZipError as error:
        return Inspection(
            refusals=(*too_big, Refusal("not-a-zip", "", f"This is not a zip that can be read: {error}."))
        )
    except TooManyEntriesError as error:
        return Inspection(refusals=(*too_big, *_too_many(error.entries, rules)), entries=error.entries)
    judged = [(entry, unsafe_reason(entry)) for entry in entries]
    unsafe = [Refusal("unsafe-name", name_of(entry), _sentence(why)) for entry, why in judged if why]
    safe = [entry for entry, why in judged if not why]
    wanted = [entry for entry in safe if not is_clutter(entry)]
    files = [entry for entry in wanted if not is_folder(entry)]
    layout = layout_of([_place(entry) for entry in wanted], rules.classes)
    reasons = (
        too_big,
        _too_many(len(entries), rules),
        unsafe,
        _duplicates(wanted),
        _totals(files, rules),
        _entries(wanted, rules),
        _overlaps(entries, path),
        layout.refusals,
    )
    return Inspection(
        refusals=tuple(_shown(refusal) for group in reasons for refusal in group),
        counts=_counts(layout, rules),
        images=sum(is_image_name(entry.filename) for entry in files),
        clutter=sum(not is_folder(entry) for entry in safe) - len(files),
        entries=len(entries),
        unpacked_bytes=sum(entry.file_size for entry in files),
        top=layout.top,
    )


def _place(entry: zipfile.ZipInfo) -> Place:
    parts = parts_of(entry)
    return Place(parts, "") if is_folder(entry) else Place(parts[:-1], parts[-1])


def _archive_size(path: Path, rules: ArchiveRules) -> Iterator[Refusal]:
    size = path.stat().st_size
    if size > rules.archive_bytes:
        yield Refusal(
            "archive-too-big", "", f"The archive has {_mib(size)}; at most {_mib(rules.archive_bytes)} are allowed."
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
        detail = f"The files unpack to {_mib(unpacked)}; at most {_mib(rules.unpacked_bytes)} are allowed."
        yield Refusal("unpacked-too-big", "", detail)


def _entries(entries: Entries, rules: ArchiveRules) -> Iterator[Refusal]:
    for entry in entries:
        yield from _entry(entry, rules)


def _entry(entry: zipfile.ZipInfo, rules: ArchiveRules) -> Iterator[Refusal]:
    name = name_of(entry)
    if is_encrypted(entry):
        yield Refusal("encrypted", name, "The file is encrypted.")
    if not is_readable_method(entry):
        method = entry.compress_type
        yield Refusal(
            "unsupported-compression", name, f"Compressed with method {method}; only stored and deflate are read."
        )
    if why := damage_reason(entry):
        yield Refusal("damaged-entry", name, _sentence(why))
    if is_archive_name(name) and not is_folder(entry):
        yield Refusal("nested-archive", name, "An archive inside the archive.")
    if entry.file_size > rules.image_bytes:
        detail = f"The file has {_mib(entry.file_size)}; at most {_mib(rules.image_bytes)} are allowed."
        yield Refusal("image-too-many-bytes", name, detail)


def _overlaps(entries: Entries, path: Path) -> Iterator[Refusal]:
    for entry in overlapping(entries, path.stat().st_size):
        yield Refusal("damaged-entry", name_of(entry), "Its data overlaps another entry's, or runs past the end.")


def _counts(layout: Layout, rules: ArchiveRules) -> dict[str, dict[str, int]]:
    return {split: {name: layout.images[split, name] for name in rules.classes} for split in SPLITS}


def _mib(size: int) -> str:
    return f"{size / MIB:,.1f} MiB"


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}."


def _shown(refusal: Refusal) -> Refusal:
    """As it may stand on a page: what does not print is escaped, a path is cut to a readable length."""
    path = _printable(refusal.path)
    return Refusal(refusal.rule, path if len(path) <= 200 else f"{path[:200]}…", _printable(refusal.detail))


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in text)
