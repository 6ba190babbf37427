"""The files of an archive in a folder, and smaller archives out of it."""

from __future__ import annotations

import zipfile
from pathlib import Path

NEUTRAL_TIME = (1980, 1, 1, 0, 0, 0)


def names(archive: zipfile.ZipFile) -> list[str]:
    """Its files, sorted."""
    return sorted(entry.filename for entry in archive.infolist() if not entry.is_dir())


def extracted(path: Path, folder: Path) -> Path:
    """`train/<class>/…` and `val/<class>/…` under the folder, without a top folder that the archive may have."""
    with zipfile.ZipFile(path) as archive:
        for name in names(archive):
            target = folder.joinpath(*name.split("/")[-3:])
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(name))
    return folder


def part(path: Path, images: int, folder: Path) -> Path:
    """So many of its images, evenly drawn from the sorted names: every class keeps its share."""
    smaller = folder / f"{images}.zip"
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(smaller, "w") as chosen:
        every = names(archive)
        for number in range(images):
            name = every[number * len(every) // images]
            chosen.writestr(zipfile.ZipInfo(name, NEUTRAL_TIME), archive.read(name))
    return smaller
