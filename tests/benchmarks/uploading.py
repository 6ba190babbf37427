"""`python -m tests.benchmarks.uploading --mib 4096`: what one upload costs the web process, the last line as JSON."""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.benchmarks.machine import describe
from tests.support.site import Site
from tests.support.visitor import Visitor
from tests.uploads.sender import BYTES, VERSION, Sender

MIB = 2**20
PIECE = 8 * MIB
WAYS = ("in_one_request", "in_checked_pieces", "by_the_plain_form")
SEED = "from tests.support.platform import open_task; open_task(max_archive_bytes=4096 * 2**20)"


def main() -> None:
    """The machine in a line, then all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mib", type=int, default=1024, help="size of the zip")
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--way", choices=WAYS, action="append", help="only this one; may be repeated")
    asked = parser.parse_args()
    print(f"One upload of {asked.mib:,} MiB and the web process: {describe()}")
    print(json.dumps(measured(asked.mib, asked.images, asked.way or WAYS)))


def measured(mebibytes: int, images: int, ways: Sequence[str] = WAYS) -> dict[str, object]:
    """Seconds, and how far the web process's memory rose above its rest, for each way of sending the same zip."""
    with tempfile.TemporaryDirectory() as folder:
        archive = zip_of_size(Path(folder) / "data.zip", mebibytes, images)
        told: dict[str, object] = {"mib": archive.stat().st_size / MIB, "images": images}
        for way in ways:
            with (
                tempfile.TemporaryDirectory(dir=folder) as home,
                Site(Path(home) / "home") as site,
                Visitor(site.url) as visitor,
            ):
                site.ask(SEED)
                visitor.sign_up()
                told[way] = _one(way, site, visitor, archive)
    return told


def zip_of_size(path: Path, mebibytes: int, images: int) -> Path:
    """A zip without compression, a little smaller than asked."""
    size = mebibytes * MIB // images - 300
    block = os.urandom(size)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for number in range(images):
            split, name = ("train", "val")[number % 2], ("klasse-eins", "klasse-zwei")[number // 2 % 2]
            archive.writestr(f"{split}/{name}/{number}.png", block)
    return path


def _one(way: str, site: Site, visitor: Visitor, archive: Path) -> dict[str, float]:
    visitor.look("/datasets/new/")  # what is loaded once is loaded
    sender = Sender(visitor.http)
    sender.http.timeout = 600
    at_rest = _forget_peak(site.pid)
    begin = time.monotonic()
    if way == "in_one_request":
        _stream(sender, archive)
    elif way == "in_checked_pieces":
        _pieces(sender, archive)
    else:
        visitor.upload(archive, task="numerals")
    seconds = time.monotonic() - begin
    return {"seconds": round(seconds, 1), "memory_mib": round((_peak(site.pid) - at_rest) / 1024, 1)}


def _stream(sender: Sender, archive: Path) -> None:
    address = sender.begun(archive.stat().st_size)
    headers = VERSION | BYTES | {"Upload-Offset": "0", "Content-Length": str(archive.stat().st_size)}
    answer = sender.http.patch(address, content=_blocks(archive, MIB), headers=headers)
    assert answer.headers["Fixpoint-Dataset"], answer.text


def _pieces(sender: Sender, archive: Path) -> None:
    address, at = sender.begun(archive.stat().st_size), 0
    for piece in _blocks(archive, PIECE):
        checksum = f"sha256 {base64.b64encode(hashlib.sha256(piece).digest()).decode()}"
        at = int(sender.put(address, piece, at, Upload_Checksum=checksum).headers["Upload-Offset"])
    assert "Fixpoint-Dataset" in sender.look(address).headers


def _blocks(path: Path, size: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(size):
            yield block


def _forget_peak(pid: int) -> int:
    """KiB in memory now, from which the peak is counted anew."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    return _peak(pid)


def _peak(pid: int) -> int:
    [line] = [each for each in Path(f"/proc/{pid}/status").read_text().splitlines() if each.startswith("VmHWM")]
    return int(line.split()[1])


if __name__ == "__main__":
    main()
