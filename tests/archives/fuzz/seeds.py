"""What mutation starts from: every small archive of the two tables, every small picture in them, and real ones."""

import os
import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tests.archives.accept.table import ACCEPT
from tests.archives.reject.table import REJECT

MOST_BYTES = 60_000
FLOODS = ("of", "000", "million", "MiB", "bomb", "zeros", "gigabytes", "268", "thousand", "five rules", "hundred")
"""Words of kinds that are large or take long to make."""
REAL_PICTURES, MOST_REAL_BYTES = 40, 5_000


@dataclass(frozen=True)
class Seeds:
    """Bytes to change."""

    archives: tuple[bytes, ...]
    images: tuple[bytes, ...]


def seeds() -> Seeds:
    """The same for every run on the same machine; real pictures only where FIXPOINT_REAL_DATA names them."""
    warnings.simplefilter("ignore")
    archives = tuple(_archives())
    return Seeds(archives, tuple(dict.fromkeys((*_pictures(archives), *_real()))))


def _archives() -> Iterator[bytes]:
    makers = [*ACCEPT.values(), *(make for kind, (_, make) in REJECT.items() if not any(w in kind for w in FLOODS))]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "seed.zip"
        for make in makers:
            make(path)
            if path.stat().st_size <= MOST_BYTES:
                yield path.read_bytes()


def _pictures(archives: tuple[bytes, ...]) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "seed.zip"
        for data in archives:
            path.write_bytes(data)
            if zipfile.is_zipfile(path):
                yield from _members(path)


def _members(path: Path) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                yield archive.read(info)
    except Exception:  # noqa: BLE001  a hostile seed lends what can be had of it
        return


def _real() -> Iterator[bytes]:
    folder = os.environ.get("FIXPOINT_REAL_DATA")
    for name in ("original.zip", "entry-mixed-modes.zip") if folder else ():
        with zipfile.ZipFile(Path(str(folder)) / "roman" / name) as archive:
            pictures = (info for info in archive.infolist() if info.filename.endswith(".png"))
            small = (info for info in pictures if 0 < info.file_size < MOST_REAL_BYTES)
            yield from (archive.read(info) for info in islice(small, REAL_PICTURES))
