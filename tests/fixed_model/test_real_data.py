"""Real archives of people who took part in 2021: their counts, their sizes, their limits."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from fixed_model.limits import Limits
from fixed_model.packing import Request
from tests.fixed_model.archives import outcome_of, reasons
from tests.fixed_model.pictures import grey_png

pytestmark = pytest.mark.data

NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
LIMITS = Limits(10_000, 20_000_000, 50_000_000, 1 << 30, 1 << 32)


def asked(layout: str = "splits") -> Request:
    return Request(layout, [] if layout == "flat" else list(NUMERALS), LIMITS, sheet_per_class=12, input_size=32)


def judged(archive: Path, out: Path, layout: str = "splits") -> dict[str, Any]:
    return outcome_of(archive, out, asked(layout))


def test_the_competitions_data_as_given(real_data: Path, tmp_path: Path) -> None:
    outcome = judged(real_data / "roman" / "original.zip", tmp_path)
    assert outcome["outcome"] == "done"
    assert outcome["images"] == 2880
    assert sum(outcome["counts"]["train"].values()) == 2067
    assert sum(outcome["counts"]["val"].values()) == 813
    assert list(outcome["counts"]["train"]) == list(NUMERALS)
    pack = load_file(tmp_path / "pack.safetensors")
    assert pack["images"].shape == (2880, 1, 32, 32)
    assert (pack["labels"].min(), pack["labels"].max()) == (0, 9)
    halves = [{row.tobytes() for row in pack["sha256"][pack["split"] == half]} for half in (0, 1)]
    assert len(halves[0] & halves[1]) == 49


def test_an_upload_with_clutter_counts_its_clutter(real_data: Path, tmp_path: Path) -> None:
    outcome = judged(real_data / "roman" / "entry-as-uploaded.zip", tmp_path)
    assert (outcome["outcome"], outcome["images"], outcome["clutter"]) == ("done", 2401, 27)


def test_an_entry_of_mixed_modes_is_accepted_whole(real_data: Path, tmp_path: Path) -> None:
    outcome = judged(real_data / "roman" / "entry-mixed-modes.zip", tmp_path)
    assert (outcome["outcome"], outcome["images"]) == ("done", 7681)
    rows = json.loads((tmp_path / "manifest.json").read_bytes())["images"]
    assert {"L", "RGBA", "LA"} <= {row["mode"] for row in rows}


def test_an_entry_at_the_limit_is_accepted_and_seven_more_are_too_many(real_data: Path, tmp_path: Path) -> None:
    source = real_data / "roman" / "entry-10k.zip"
    outcome = judged(source, tmp_path / "at")
    assert (outcome["outcome"], outcome["images"]) == ("done", 9994)
    assert (tmp_path / "at" / "manifest.json").stat().st_size <= 8 << 20
    data = io.BytesIO(source.read_bytes())
    with zipfile.ZipFile(data, "a") as archive:
        top = archive.namelist()[0].split("/")[0]
        for number in range(7):
            archive.writestr(f"{top}/train/i/more-{number}.png", grey_png(number))
    (tmp_path / "over.zip").write_bytes(data.getvalue())
    over = judged(tmp_path / "over.zip", tmp_path / "over")
    assert reasons(over) == {("too-many-images", "")}
    assert over["refusals"][0]["detail"].startswith("10,001 images")


def test_the_label_book_has_fifty_two_images(real_data: Path, tmp_path: Path) -> None:
    outcome = judged(real_data / "roman" / "label-book.zip", tmp_path, "classes")
    assert outcome["images"] == sum(outcome["counts"][""].values()) == 52


def test_hidden_images_are_packed_in_order_once_they_have_numbers(real_data: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(real_data / "roman" / "hidden-test-half.zip") as source:
        files = [source.read(name) for name in source.namelist()]
    with zipfile.ZipFile(tmp_path / "flat.zip", "w") as archive:
        for number, data in enumerate(files):
            archive.writestr(f"{number:06d}.png", data)
    assert judged(tmp_path / "flat.zip", tmp_path / "out", "flat")["images"] == 1238
    images = load_file(tmp_path / "out" / "pack.safetensors")["images"]
    assert images.shape == (1238, 1, 32, 32)
    assert np.isfinite(images).all()
