"""What processes that were killed left behind: halves of uploads, and probes of the store."""

import logging
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISREG

from django.conf import settings

from fixpoint.blobs.arriving import PREFIX
from fixpoint.blobs.listing import stray_names
from fixpoint.blobs.store import store

log = logging.getLogger(__name__)

_PROBE = re.compile(r"probe-[0-9a-f]{16}")
_TEMPORARY = re.compile(rf"{PREFIX}\w{{8}}|tmp\w{{8}}\.upload.*")
"""Ours, and Django's for a form's file: the folder may be shared with others."""


@dataclass(frozen=True)
class Leftover:
    """A file in the store, or a file or folder where uploads arrive."""

    name: str
    bytes: int
    is_in_store: bool


def leftovers(before: datetime) -> tuple[list[Leftover], list[str]]:
    """Those that nobody has written to since then; and names in the store that are nobody's, which stay."""
    left, strangers = list(_temporary(before)), []
    for name in stray_names():
        if not _PROBE.fullmatch(name):
            strangers.append(name)
        elif probe := _probe(name, before):
            left.append(probe)
    return left, strangers


def leftovers_delete(left: list[Leftover]) -> None:
    """Delete these."""
    for each in left:
        if each.is_in_store:
            store().delete(each.name)
            continue
        path = _arriving() / each.name
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _probe(name: str, before: datetime) -> Leftover | None:
    try:
        if store().get_modified_time(name).astimezone(UTC) < before:
            return Leftover(name, store().size(name), is_in_store=True)
    except FileNotFoundError:
        log.debug("%s went while it was looked at: nothing is left behind.", name)
    return None


def _temporary(before: datetime) -> Iterator[Leftover]:
    for path in _arriving().iterdir():
        if _TEMPORARY.fullmatch(path.name) and not path.is_symlink() and (left := _arrived(path, before)):
            yield left


def _arrived(path: Path, before: datetime) -> Leftover | None:
    try:
        files = [path, *(each for each in path.rglob("*") if not each.is_symlink())]
        facts = [each.stat() for each in files]
    except FileNotFoundError:
        log.debug("%s changed while it was looked at: somebody works there.", path.name)
        return None
    if max(each.st_mtime for each in facts) >= before.timestamp():
        return None
    size = sum(fact.st_size for fact in facts if S_ISREG(fact.st_mode))
    return Leftover(path.name, size, is_in_store=False)


def _arriving() -> Path:
    return Path(settings.FILE_UPLOAD_TEMP_DIR)
