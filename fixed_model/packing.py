"""What an accepted archive becomes: the pack, its manifest, what the images look like, a contact sheet, counts."""

from __future__ import annotations

import hashlib
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fixed_model import sheet
from fixed_model.entries import read_entry_soon
from fixed_model.layout import SPLITS, Member
from fixed_model.limits import Limits
from fixed_model.looks import greys, thumbnails
from fixed_model.outcome import encode, write_outcome, write_whole
from fixed_model.quick import decode_soon
from fixed_model.reading import Seen
from fixed_model.refusals import Remarks
from fixed_model.tensors import BYTES, Tensor, write_tensors

MANIFEST_FORMAT = 2
"""Pictures are known by the BLAKE3 of their pixels; by the sha256 of them in format 1."""

TOGETHER = 128
"""Images that are written at a time."""


@dataclass(frozen=True)
class Request:
    """What to expect in the archive and what to make of it."""

    layout: str
    classes: list[str]
    limits: Limits
    sheet_per_class: int
    input_size: int
    threads: int = 1  # images read side by side


@dataclass(frozen=True)
class Packed:
    """One accepted image in its place."""

    member: Member
    seen: Seen


def accept(
    request: Request, archive: zipfile.ZipFile, rows: list[Packed], clutter: int, findings: Remarks, out: Path
) -> None:
    """Write the files of an accepted archive; the outcome comes last."""
    rows = sorted(rows, key=order(request))
    cells: dict[str, int] = {}
    with ThreadPoolExecutor(1) as beside:
        if request.layout != "flat":  # of hidden images there is nothing to look at
            drawn = beside.submit(write_sheet, request, archive, rows, out / "sheet.png")
        pack_digest = write_tensors(out / "pack.safetensors", tensors(rows, request))
        write_whole(out / "manifest.json", manifest([row.seen.line for row in rows]))
        write_tensors(out / "looks.safetensors", greys([row.seen.grey for row in rows]))
        if request.layout != "flat":
            write_tensors(out / "thumbnails.safetensors", thumbnails([row.seen.jpeg for row in rows]))
            cells = drawn.result()
    write_outcome(
        out,
        "done",
        counts=count(rows, request),
        images=len(rows),
        clutter=clutter,
        decoded_megapixels=sum(row.seen.pixels for row in rows) / 1e6,
        dataset_digest=dataset_digest(rows),
        findings=findings.as_json(),
        finding_counts=dict(findings.counts),
        pack_digest=pack_digest,
        **cells,
    )


def order(request: Request) -> Callable[[Packed], tuple[Any, ...]]:
    """By (split, content, label), and by name where the layout knows neither: never by the place in the zip."""
    if request.layout == "flat":
        return lambda row: (row.member.entry.path,)
    splits = {"": 0, **{name: place for place, name in enumerate(SPLITS)}}
    places = {name: place for place, name in enumerate(request.classes)}
    return lambda row: (splits[row.member.split], row.seen.sha256, places[row.member.label], row.member.entry.path)


def tensors(rows: list[Packed], request: Request) -> dict[str, Tensor]:
    """The pack: one channel where every image is grey, else three everywhere."""
    size, number = request.input_size, len(rows)
    channels = max(len(row.seen.image) for row in rows) // (BYTES["F32"] * size * size)
    pack = {
        "images": Tensor("F32", (number, channels, size, size), images(rows)),
        "sha256": Tensor("U8", (number, 32), [b"".join(row.seen.sha256 for row in rows)]),
    }
    if request.layout != "flat":
        places = {name: place.to_bytes(BYTES["I64"], "little") for place, name in enumerate(request.classes)}
        pack["labels"] = Tensor("I64", (number,), [b"".join(places[row.member.label] for row in rows)])
    if request.layout == "splits":
        pack["split"] = Tensor("U8", (number,), [bytes(SPLITS.index(row.member.split) for row in rows)])
    return pack


def images(rows: list[Packed]) -> Iterator[bytes]:
    """All images as bytes, some at a time; a grey one beside coloured ones is the same in each colour."""
    most = max(len(row.seen.image) for row in rows)
    for first in range(0, len(rows), TOGETHER):
        some = (row.seen.image for row in rows[first : first + TOGETHER])
        yield b"".join(image * (most // len(image)) for image in some)


def manifest(lines: list[bytes]) -> bytes:
    """All lines as one file."""
    empty = encode({"format": MANIFEST_FORMAT, "images": []})
    return empty[:-2] + b",".join(lines) + empty[-2:]


def count(rows: list[Packed], request: Request) -> dict[str, dict[str, int]]:
    """Images per split and class, in the task's order."""
    found = Counter((row.member.split, row.member.label) for row in rows)
    splits = {"splits": SPLITS, "classes": ("",), "flat": ()}[request.layout]
    return {split: {name: found[split, name] for name in request.classes} for split in splits}


def dataset_digest(rows: list[Packed]) -> str:
    """Names a set of labelled files, whatever their names, their order and the zip around them."""
    lines = sorted(f"{row.member.split}/{row.member.label}/{row.seen.sha256.hex()}" for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def write_sheet(request: Request, archive: zipfile.ZipFile, rows: list[Packed], path: Path) -> dict[str, int]:
    """Draw the first images of every class, decoded once more: cheaper than keeping all of them until now."""
    chosen: dict[str, list[Member]] = {name: [] for name in request.classes}
    for row in rows:
        if len(chosen[row.member.label]) < request.sheet_per_class:
            chosen[row.member.label].append(row.member)
    limits = request.limits
    pictures = [
        [  # one full picture in memory at a time: a hundred photographs would not fit
            sheet.thumbnail(
                decode_soon(read_entry_soon(archive, one.entry, limits.image_bytes), limits.image_pixels).pixels
            )
            for one in members
        ]
        for members in chosen.values()
    ]
    columns = max(len(row) for row in pictures)
    path.write_bytes(sheet.draw(pictures, columns))
    return {"sheet_cell": sheet.CELL, "sheet_columns": columns, "sheet_rows": len(pictures)}
