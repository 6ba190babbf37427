"""Hidden images without their labels: the same bytes under neutral numbers, in an order that only the key knows."""

from __future__ import annotations

import hashlib
import hmac
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fixpoint.archives.directory import NotAZipError, TooManyEntriesError, overlapping, read_directory
from fixpoint.archives.entry import (
    collision_key,
    damage_reason,
    is_clutter,
    is_encrypted,
    is_folder,
    is_readable_method,
    name_of,
    parts_of,
    unsafe_reason,
)
from fixpoint.archives.magic import HEAD_BYTES, image_format
from fixpoint.figures import whole
from fixpoint.sayings.saying import said

MAX_ENTRIES = 400_000
MAX_IMAGE_BYTES = 64 * 1024**2
NEUTRAL_TIME = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can say: it tells nothing."""


class HiddenArchiveError(Exception):
    """The organizers' zip cannot become a hidden test set; `problems` holds every reason, a sentence each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class HiddenEntry:
    """One hidden image. `number` counts from 1, `label` is the position of its class. Stays on the platform."""

    number: int
    original_name: str
    label: int
    sha256: str
    size: int

    @property
    def neutral_name(self) -> str:
        """Its whole name in the neutral archive."""
        return f"{self.number:06d}"


@dataclass(frozen=True)
class _Found:
    info: zipfile.ZipInfo
    label: int
    sha256: str


def neutral_archive(source_zip: Path, target: Path, *, classes: Sequence[str], key: bytes) -> list[HiddenEntry]:
    """Writes `target` (stored, flat, neutral) and returns what it hides, in its order. Raises HiddenArchiveError.

    The order is that of HMAC-SHA256(key, sha256 of the bytes + original name): the same key gives the same archive.
    """
    infos = _directory(source_zip)
    found_in, problems = labelled(infos, classes)
    problems += _damage(infos, source_zip)
    if problems:
        raise HiddenArchiveError(problems)
    with zipfile.ZipFile(source_zip) as source:
        found, problems = _read_all(source, found_in)
        if problems:
            raise HiddenArchiveError(problems)
        found.sort(key=lambda item: _drawn(key, item))
        entries = [
            HiddenEntry(number, name_of(item.info), item.label, item.sha256, item.info.file_size)
            for number, item in enumerate(found, start=1)
        ]
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for entry, item in zip(entries, found, strict=True):
                archive.writestr(zipfile.ZipInfo(entry.neutral_name, NEUTRAL_TIME), source.read(item.info))
    return entries


def _directory(source_zip: Path) -> list[zipfile.ZipInfo]:
    try:
        return read_directory(source_zip, max_entries=MAX_ENTRIES)
    except (NotAZipError, TooManyEntriesError) as error:
        raise HiddenArchiveError(
            [_("%(name)s cannot be read as a zip: %(error)s.") % {"name": source_zip.name, "error": said(str(error))}]
        ) from error


def labelled(
    infos: list[zipfile.ZipInfo], classes: Sequence[str]
) -> tuple[list[tuple[zipfile.ZipInfo, int]], list[str]]:
    """Every image with the position of its class; every file and class that is out of place."""
    problems = [f"{name_of(info)!r}: {said(why)}." for info in infos if (why := unsafe_reason(info))]
    files = [info for info in infos if not unsafe_reason(info) and not is_folder(info) and not is_clutter(info)]
    depth = 0 if any(parts_of(info)[0] in classes for info in files) else 1
    if depth and len({parts_of(info)[0] for info in files}) > 1:
        return [], [*problems, _("The classes' folders must lie at the top, or under one top folder.")]
    found = []
    strangers: dict[str, int] = {}
    for info in files:
        folders = parts_of(info)[depth:-1]
        if folders and folders[0] in classes:
            found.append((info, classes.index(folders[0])))
        else:
            where = folders[0] if folders else name_of(info)
            strangers[where] = strangers.get(where, 0) + 1
    problems += [
        ngettext(
            "'%(where)s' is no class of this task (%(count)s file).",
            "'%(where)s' is no class of this task (%(count)s files).",
            count,
        )
        % {"where": where, "count": whole(count)}
        for where, count in sorted(strangers.items())
    ]
    filled = {label for _, label in found}
    problems += [
        _("No image of class '%(name)s'.") % {"name": name} for label, name in enumerate(classes) if label not in filled
    ]
    return found, problems


def _damage(infos: list[zipfile.ZipInfo], source_zip: Path) -> list[str]:
    """What the directory shows of files that cannot be copied."""
    return [
        *(_("%(name)s collides with another name.") % {"name": f"{name_of(info)!r}"} for info in _repeated(infos)),
        *(
            _("%(name)s overlaps another entry.") % {"name": f"{name_of(info)!r}"}
            for info in overlapping(infos, source_zip.stat().st_size)
        ),
        *(_("%(name)s is encrypted.") % {"name": f"{name_of(info)!r}"} for info in infos if is_encrypted(info)),
        *(
            _("%(name)s is neither stored nor deflated.") % {"name": f"{name_of(info)!r}"}
            for info in infos
            if not is_readable_method(info)
        ),
        *(
            _("%(name)s is too big for an image.") % {"name": f"{name_of(info)!r}"}
            for info in infos
            if info.file_size > MAX_IMAGE_BYTES
        ),
        *(f"{name_of(info)!r}: {said(why)}." for info in infos if not unsafe_reason(info) and (why := _damaged(info))),
    ]


def _repeated(infos: list[zipfile.ZipInfo]) -> Iterator[zipfile.ZipInfo]:
    seen: set[str] = set()
    for info in infos:
        if (key := collision_key(info)) in seen:
            yield info
        seen.add(key)


def _damaged(info: zipfile.ZipInfo) -> str:
    return "" if is_clutter(info) else damage_reason(info)


def _read_all(source: zipfile.ZipFile, labelled: list[tuple[zipfile.ZipInfo, int]]) -> tuple[list[_Found], list[str]]:
    found, problems = [], []
    for info, label in labelled:
        try:
            data = source.read(info)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            problems.append(
                _("%(name)s is damaged: %(error)s.") % {"name": f"{name_of(info)!r}", "error": said(str(error))}
            )
            continue
        if not image_format(data[:HEAD_BYTES]):
            problems.append(_("%(name)s is not an image.") % {"name": f"{name_of(info)!r}"})
        found.append(_Found(info, label, hashlib.sha256(data).hexdigest()))
    return found, problems


def _drawn(key: bytes, item: _Found) -> bytes:
    return hmac.digest(key, bytes.fromhex(item.sha256) + name_of(item.info).encode(), "sha256")
