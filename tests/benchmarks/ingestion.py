"""Ingestion against a loop that only decodes, and the inspection of a zip's directory."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import zipfile
from pathlib import Path

from PIL import Image

from demo.strokes import NUMERALS
from fixpoint.datasets.archive import ArchiveRules, inspect

REQUEST = {
    "recipe": "resnet50-dcai2021-quick",
    "layout": "splits",
    "classes": list(NUMERALS),
    "limits": {
        "images": 10_000,
        "image_bytes": 2 * 10**7,
        "image_pixels": 5 * 10**7,
        "archive_bytes": 10**9,
        "unpacked_bytes": 4 * 10**9,
    },
    "sheet_per_class": 12,
}
ROUNDS = 3


def compare_ingestion(archive: Path, folder: Path) -> dict[str, float]:
    """The whole program against one thread of Pillow that decodes the same files: the best of three rounds each."""
    (folder / "ingest.json").write_text(json.dumps(REQUEST))
    decode, ingest, look = [], [], []
    for number in range(ROUNDS):
        decode.append(_seconds(lambda: _decode(archive)))
        out = folder / f"ingest-{number}"
        out.mkdir()
        ingest.append(_seconds(lambda out=out: _ingest(archive, folder, out)))  # type: ignore[misc]
        look.append(_seconds(lambda: inspect(archive, ArchiveRules(classes=NUMERALS))))
    images = json.loads((folder / "ingest-0" / "outcome.json").read_text())["images"]
    return {
        "ingest_images_per_second": images / min(ingest),
        "ingest_ratio_to_decode": min(decode) / min(ingest),
        "inspect_ms": 1000 * min(look),
    }


def _decode(archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        for entry in opened.infolist():
            with opened.open(entry) as file, Image.open(file) as image:
                image.load()


def _ingest(archive: Path, folder: Path, out: Path) -> None:
    request = str(folder / "ingest.json")
    command = ["ingest", "--request", request, "--archive", str(archive), "--out", str(out)]
    subprocess.run([sys.executable, "-m", "fixed_model", *command], check=True)


def _seconds(work: object) -> float:
    started = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - started
