"""From an uploaded archive to a pack: every image decoded once, or every reason why not."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fixed_model.archive import DamagedEntryError, is_archive, list_files, read_entry, why_unreadable
from fixed_model.directory import open_archive
from fixed_model.images import Decoded, NotAnImageError, TooManyPixelsError, UnreadableImageError, decode, resize
from fixed_model.layout import Member, arrange
from fixed_model.looks import look_of
from fixed_model.outcome import write_outcome
from fixed_model.packing import Packed, Request, accept
from fixed_model.refusals import Remarks
from fixed_model.structure import why_too_intricate

THREADS = 2
"""Decoders at work: Pillow and zlib let go of the interpreter's lock."""


@dataclass(frozen=True)
class Trouble:
    """One image that is not accepted, under the rule that it breaks."""

    member: Member
    rule: str
    detail: str


def ingest(request: Request, archive_path: Path, out: Path) -> None:
    """Write pack, manifest, sheet and outcome, or an outcome that lists every refusal."""
    refusals, findings = Remarks(), Remarks()
    archive = open_archive(archive_path, request.limits, refusals)
    if archive is None:
        refuse(refusals, out)
        return
    with archive:
        entries, clutter = list_files(archive, request.limits, refusals)
        members = arrange(entries, request.layout, request.classes, request.limits.images, refusals)
        packed = list(look_at(archive, members, request, refusals, findings))
        if not packed and not refusals:
            refusals.add("missing-class", "", "the archive holds no image")
        if refusals:
            refuse(refusals, out)
            return
        accept(request, archive, packed, clutter, findings, out)


def look_at(
    archive: zipfile.ZipFile, members: list[Member], request: Request, refusals: Remarks, findings: Remarks
) -> Iterator[Packed]:
    """Open every image, note what is wrong, and yield what is right as long as nothing was refused."""
    if refusals.counts["unpacked-too-big"]:
        return  # unpacking is what the limit forbids
    with ThreadPoolExecutor(THREADS) as pool:
        for seen in pool.map(lambda member: pack_one(archive, member, request), members):
            path = seen.member.entry.path
            if isinstance(seen, Trouble):
                refusals.add(seen.rule, path, seen.detail)
                continue
            if seen.facts.pop("extra_frames"):
                findings.add("extra-frames", path, "the image has several frames; the first one is used")
            if not refusals:
                yield seen


def pack_one(archive: zipfile.ZipFile, member: Member, request: Request) -> Packed | Trouble:
    """Unpack, decode and resize one image."""
    known = why_unreadable(member.entry, request.limits)
    if known:
        return Trouble(member, *known)
    try:
        data = read_entry(archive, member.entry, request.limits.image_bytes)
        if is_archive(data):
            return Trouble(member, "nested-archive", "an archive within the archive")
        if intricate := why_too_intricate(data):
            return Trouble(member, "unreadable-image", intricate)
        image = decode(data, request.limits.image_pixels)
    except DamagedEntryError as error:
        return Trouble(member, "damaged-entry", str(error))
    except NotAnImageError as error:
        return Trouble(member, "not-an-image", str(error))
    except TooManyPixelsError as error:
        return Trouble(member, "image-too-many-pixels", str(error))
    except UnreadableImageError as error:
        return Trouble(member, "unreadable-image", str(error))
    digest = hashlib.sha256(data).digest()
    facts = describe(member, data, image, digest)
    return Packed(member, resize(image.pixels, request.input_size), digest, facts, look_of(image.pixels))


def describe(member: Member, data: bytes, image: Decoded, digest: bytes) -> dict[str, Any]:
    """The manifest's line, and whether there were more frames."""
    return {
        "path": member.entry.path,
        "split": member.split,
        "class": member.label,
        "sha256": digest.hex(),
        "pixels_sha256": image.digest(),
        "bytes": len(data),
        "width": image.width,
        "height": image.height,
        "mode": image.mode,
        "format": image.format,
        "extra_frames": image.extra_frames,
    }


def refuse(refusals: Remarks, out: Path) -> None:
    """Write the outcome of an archive that is not accepted."""
    write_outcome(out, "refused", refusals=refusals.as_json(), refusal_counts=dict(refusals.counts))
