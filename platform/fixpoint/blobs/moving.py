"""From a folder store into the store of the settings: every blob that is whole, each once, none taken away."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from fixpoint.blobs.store import blob_copy, is_digest, is_kept, path_identity


class Fate(StrEnum):
    """What became of one file."""

    COPIED = "copied"
    KEPT = "there already"
    DAMAGED = "damaged"


@dataclass(frozen=True)
class Moved:
    """One file of the folder."""

    path: Path
    size: int
    fate: Fate


def blobs_move(*, folder: Path, is_trial: bool) -> Iterator[Moved]:
    """Copy what the store does not hold; a trial only looks. Run again it goes on. StoreAwayError ends it."""
    for path in sorted(folder.glob("??/*")):
        if is_digest(path.name) and path.name.startswith(path.parent.name):
            yield _moved(path, is_trial=is_trial)


def _moved(path: Path, *, is_trial: bool) -> Moved:
    found = path_identity(path)
    if found.sha256 != path.name:
        return Moved(path, found.size, Fate.DAMAGED)
    if is_kept(found):
        return Moved(path, found.size, Fate.KEPT)
    if not is_trial:
        blob_copy(path, found)
    return Moved(path, found.size, Fate.COPIED)
