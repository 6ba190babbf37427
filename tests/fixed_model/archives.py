"""Archives for tests: honest ones from a table of names and bytes, and the means to make them lie."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fixed_model.ingest import ingest
from fixed_model.limits import Limits
from fixed_model.packing import Request
from tests.fixed_model.pictures import grey_png

CLASSES = ("i", "v")
ROOMY = {
    "images": 100,
    "image_bytes": 1_000_000,
    "image_pixels": 1_000_000,
    "archive_bytes": 10_000_000,
    "unpacked_bytes": 20_000_000,
}


def zipped(path: Path, files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """A zip of the files, in the order of the table."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def small_dataset(root: str = "", each: int = 2) -> dict[str, bytes]:
    """Two classes, both splits, `each` different images in every folder."""
    seeds = iter(range(1000))
    return {
        f"{root}{split}/{name}/{number}.png": grey_png(next(seeds))
        for split in ("train", "val")
        for name in CLASSES
        for number in range(each)
    }


def request(layout: str = "splits", classes: tuple[str, ...] = CLASSES, threads: int = 1, **limits: int) -> Request:
    """A request with room for everything but what the test narrows."""
    return Request(layout, list(classes), Limits(**(ROOMY | limits)), sheet_per_class=3, input_size=32, threads=threads)


def outcome_of(archive: Path, out: Path, asked: Request | None = None) -> dict[str, Any]:
    """What ingest says of an archive."""
    out.mkdir(exist_ok=True)
    ingest(asked or request(), archive, out)
    outcome: dict[str, Any] = json.loads((out / "outcome.json").read_bytes())
    return outcome


def reasons(outcome: dict[str, Any]) -> set[tuple[str, str]]:
    """The refusals as (rule, path)."""
    return {(refusal["rule"], refusal["path"]) for refusal in outcome.get("refusals", [])}


def manifest(out: Path) -> list[dict[str, Any]]:
    """What ingestion told of each image."""
    images: list[dict[str, Any]] = json.loads((out / "manifest.json").read_bytes())["images"]
    return images
