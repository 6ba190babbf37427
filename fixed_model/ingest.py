"""From an uploaded archive to a pack: every image decoded once, or every reason why not."""

from __future__ import annotations

import hashlib
import zipfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from fixed_model import sheet
from fixed_model.archive import DamagedEntry, Limits, is_archive, list_files, open_archive, read_entry, why_unreadable
from fixed_model.images import Decoded, NotAnImage, TooManyPixels, UnreadableImage, decode, resize
from fixed_model.layout import SPLITS, Member, arrange
from fixed_model.outcome import FORMAT, write_json, write_outcome
from fixed_model.refusals import Remarks

THREADS = 2
"""Decoders at work: Pillow and zlib let go of the interpreter's lock."""


@dataclass(frozen=True)
class Request:
    """What to expect in the archive and what to make of it."""

    layout: str
    classes: list[str]
    limits: Limits
    sheet_per_class: int
    input_size: int


@dataclass(frozen=True)
class Packed:
    """One accepted image: its row of the pack and its line of the manifest."""

    member: Member
    image: NDArray[np.float32]
    sha256: bytes
    facts: dict[str, Any]


@dataclass(frozen=True)
class Trouble:
    """One image that is not accepted, under the rule that it breaks."""

    member: Member
    rule: str
    detail: str


# --- the stage --------------------------------------------------------------------------------------------------------


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
        packed.sort(key=lambda row: row_order(row, request))
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
        image = decode(data, request.limits.image_pixels)
    except DamagedEntry as error:
        return Trouble(member, "damaged-entry", str(error))
    except NotAnImage as error:
        return Trouble(member, "not-an-image", str(error))
    except TooManyPixels as error:
        return Trouble(member, "image-too-many-pixels", str(error))
    except UnreadableImage as error:
        return Trouble(member, "unreadable-image", str(error))
    digest = hashlib.sha256(data).digest()
    return Packed(member, resize(image.pixels, request.input_size), digest, describe(member, data, image, digest))


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


def row_order(row: Packed, request: Request) -> tuple[Any, ...]:
    """By (split, content, label), and by name where the layout knows neither: never by the place in the zip."""
    if request.layout == "flat":
        return (row.member.entry.path,)
    split = SPLITS.index(row.member.split) if row.member.split else 0
    return (split, row.sha256, request.classes.index(row.member.label), row.member.entry.path)


# --- what is written --------------------------------------------------------------------------------------------------


def refuse(refusals: Remarks, out: Path) -> None:
    """Write the outcome of an archive that is not accepted."""
    write_outcome(out, "refused", refusals=refusals.as_json(), refusal_counts=dict(refusals.counts))


def accept(
    request: Request, archive: zipfile.ZipFile, rows: list[Packed], clutter: int, findings: Remarks, out: Path
) -> None:
    """Write the files of an accepted archive; the outcome comes last."""
    pack = save(tensors(rows, request))
    (out / "pack.safetensors").write_bytes(pack)
    write_json(out / "manifest.json", {"format": FORMAT, "images": [row.facts for row in rows]})
    cells: dict[str, int] = {}
    if request.layout != "flat":
        cells = write_sheet(request, archive, rows, out / "sheet.png")
    write_outcome(
        out,
        "done",
        counts=count(rows, request),
        images=len(rows),
        clutter=clutter,
        decoded_megapixels=sum(row.facts["width"] * row.facts["height"] for row in rows) / 1e6,
        dataset_digest=dataset_digest(rows),
        findings=findings.as_json(),
        finding_counts=dict(findings.counts),
        pack_digest=hashlib.sha256(pack).hexdigest(),
        **cells,
    )


def tensors(rows: list[Packed], request: Request) -> dict[str, NDArray[Any]]:
    """The pack: one channel where every image is grey, else three everywhere."""
    channels = max(row.image.shape[0] for row in rows)
    size = request.input_size
    images = np.empty((len(rows), channels, size, size), np.float32)
    for at, row in enumerate(rows):
        images[at] = row.image
    pack: dict[str, NDArray[Any]] = {
        "images": images,
        "sha256": np.frombuffer(b"".join(row.sha256 for row in rows), np.uint8).reshape(-1, 32),
    }
    if request.layout != "flat":
        pack["labels"] = np.array([request.classes.index(row.member.label) for row in rows], np.int64)
    if request.layout == "splits":
        pack["split"] = np.array([SPLITS.index(row.member.split) for row in rows], np.uint8)
    return pack


def count(rows: list[Packed], request: Request) -> dict[str, dict[str, int]]:
    """Images per split and class, in the task's order."""
    found = Counter((row.member.split, row.member.label) for row in rows)
    splits = {"splits": SPLITS, "classes": ("",), "flat": ()}[request.layout]
    return {split: {name: found[split, name] for name in request.classes} for split in splits}


def dataset_digest(rows: list[Packed]) -> str:
    """Names a set of labelled files, whatever their names, their order and the zip around them."""
    lines = sorted(f"{row.member.split}/{row.member.label}/{row.sha256.hex()}" for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def write_sheet(request: Request, archive: zipfile.ZipFile, rows: list[Packed], path: Path) -> dict[str, int]:
    """Draw the first images of every class, decoded once more: cheaper than keeping all of them until now."""
    chosen: dict[str, list[Member]] = {name: [] for name in request.classes}
    for row in rows:
        if len(chosen[row.member.label]) < request.sheet_per_class:
            chosen[row.member.label].append(row.member)
    limits = request.limits
    pictures = [
        [decode(read_entry(archive, member.entry, limits.image_bytes), limits.image_pixels).pixels for member in members]
        for members in chosen.values()
    ]
    columns = max(len(row) for row in pictures)
    path.write_bytes(sheet.draw(pictures, columns))
    return {"sheet_cell": sheet.CELL, "sheet_columns": columns, "sheet_rows": len(pictures)}
