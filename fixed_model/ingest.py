"""From an uploaded archive to a pack: every image decoded once, or every reason why not."""

from __future__ import annotations

import gc
import zipfile
from collections.abc import Iterator
from pathlib import Path

from fixed_model.archive import list_files
from fixed_model.directory import open_archive
from fixed_model.lanes import MOST, Work
from fixed_model.layout import Member, arrange
from fixed_model.outcome import write_outcome
from fixed_model.packing import Packed, Request, accept
from fixed_model.reading import Seen, Trouble, read_images
from fixed_model.refusals import Remarks

LANES = 2
"""Images that are open at the same time, at most: the largest that are allowed take most of a gigabyte each."""

PIECE, LARGE_PIECE, PIECES = 16, 64, 32
"""Images that a process reads at a time, at least and at most, and pieces that there shall be: the larger, the cheaper;
the more, the more evenly they are shared out.
"""


def ingest(request: Request, archive_path: Path, out: Path) -> None:
    """Write pack, manifest, sheet and outcome, or an outcome that lists every refusal."""
    refusals, findings = Remarks(), Remarks()
    listed = members_of(archive_path, request, refusals)
    if listed is None:
        refuse(refusals, out)
        return
    archive, members, clutter = listed
    with archive:
        packed = list(look_at(archive, members, request, refusals, findings))
        if not packed and not refusals:
            refusals.add("missing-class", "", "the archive holds no image")
        if refusals:
            refuse(refusals, out)
            return
        accept(request, archive, packed, clutter, findings, out)


def members_of(path: Path, request: Request, refusals: Remarks) -> tuple[zipfile.ZipFile, list[Member], int] | None:
    """The archive opened, its images in their places, the number of clutter files; None where it cannot be opened."""
    gc.disable()  # what is made here is small and stays: looking for what could be given back takes as long again
    try:
        archive = open_archive(path, request.limits, refusals)
        if archive is None:
            return None
        entries, clutter = list_files(archive, request.limits, refusals)
        return archive, arrange(entries, request.layout, request.classes, request.limits.images, refusals), clutter
    finally:
        gc.enable()


def look_at(
    archive: zipfile.ZipFile, members: list[Member], request: Request, refusals: Remarks, findings: Remarks
) -> Iterator[Packed]:
    """Open every image, note what is wrong, and yield what is right as long as nothing was refused."""
    if refusals.counts["unpacked-too-big"]:
        return  # unpacking is what the limit forbids
    for member, seen in zip(members, read_all(archive, members, request), strict=True):
        path = member.entry.path
        if isinstance(seen, Trouble):
            refusals.add(seen.rule, path, seen.detail)
            continue
        if seen.extra_frames:
            findings.add("extra-frames", path, "the image has several frames; the first one is used")
        if not refusals:
            yield Packed(member, seen)


def read_all(archive: zipfile.ZipFile, members: list[Member], request: Request) -> Iterator[Seen | Trouble]:
    """In the order of the members, whoever reads them: the same for any number of processes."""
    piece = max(PIECE, min(LARGE_PIECE, len(members) // PIECES), -(-len(members) // MOST))
    with_thumbnails = request.layout != "flat"  # of hidden images there is nothing to look at

    def read(number: int) -> list[Seen | Trouble]:
        chosen = members[number * piece : (number + 1) * piece]
        limits, size = request.limits, request.input_size
        return read_images(archive, chosen, limits, size, with_thumbnails=with_thumbnails)

    def open_again() -> None:
        archive.fp = Path(str(archive.filename)).open("rb")  # a place in the file of its own  # noqa: SIM115

    for read_together in Work(-(-len(members) // piece), read, open_again).results(min(request.threads, LANES)):
        yield from read_together


def refuse(refusals: Remarks, out: Path) -> None:
    """Write the outcome of an archive that is not accepted."""
    write_outcome(out, "refused", refusals=refusals.as_json(), refusal_counts=dict(refusals.counts))
