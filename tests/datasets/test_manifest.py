"""Manifests of both formats: by which digest a picture is known, and what holds between datasets of two formats."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fixpoint.blobs.store import blob_take
from fixpoint.datasets.comparison import comparison
from fixpoint.datasets.likeness import directions
from fixpoint.datasets.manifest import Image, ManifestError, known_by, manifest_of
from fixpoint.datasets.precheck.overlap import overlap

FACTS = {"split": "train", "class": "i", "bytes": 1, "width": 32, "height": 32, "mode": "L", "format": "PNG"}


def line(name: str, digest: str = "pixels_blake3", file: str = "") -> dict[str, Any]:
    """Of a picture by its name; `file` where the same picture lies in another file."""
    return FACTS | {"path": f"{name}.png", "sha256": f"file-{file or name}", digest: f"{digest}-{name}"}


def read(folder: Path, number: int, lines: list[dict[str, Any]]) -> tuple[Image, ...]:
    path = folder / f"manifest-{number}.json"
    path.write_text(json.dumps({"format": number, "images": lines}))
    return manifest_of(blob_take(path).sha256)


@pytest.mark.parametrize(("number", "digest", "by"), [(1, "pixels_sha256", "sha256"), (2, "pixels_blake3", "blake3")])
def test_manifests_of_both_formats_are_read(number: int, digest: str, by: str, tmp_path: Path) -> None:
    (image,) = read(tmp_path, number, [line("a", digest)])
    assert (image.pixels, image.digested_by) == (f"{digest}-a", by)


@pytest.mark.parametrize(("number", "digest"), [(1, "pixels_blake3"), (2, "pixels_sha256")])
def test_a_manifest_without_its_formats_digest_is_none(number: int, digest: str, tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="an image has no pixels_"):
        read(tmp_path, number, [line("a"), line("b", digest)])


@pytest.mark.parametrize("number", [1, 2])
def test_a_manifest_with_digests_of_both_formats_is_none(number: int, tmp_path: Path) -> None:
    mixed = line("a") | {"pixels_sha256": "pixels_sha256-a"}
    with pytest.raises(ManifestError, match=r"an image has pixels_\w+, which is of another format"):
        read(tmp_path, number, [mixed])


@pytest.mark.parametrize("number", [0, 3])
def test_a_manifest_of_another_format_is_none(number: int, tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=f"the format {number} is not known"):
        read(tmp_path, number, [line("a")])


def test_pictures_are_known_by_their_files_where_the_formats_differ(tmp_path: Path) -> None:
    old, new = read(tmp_path, 1, [line("a", "pixels_sha256")]), read(tmp_path, 2, [line("a")])
    assert known_by(new, new)(new[0]) == "pixels_blake3-a"
    assert known_by(old, ())(old[0]) == "pixels_sha256-a"
    assert known_by(old, new)(old[0]) == known_by(old, new)(new[0]) == "file-a"


def test_between_formats_a_file_is_the_same_and_a_picture_saved_anew_is_nearly_so(tmp_path: Path) -> None:
    old = read(tmp_path, 1, [line("kept", "pixels_sha256"), line("saved", "pixels_sha256")])
    new = read(tmp_path, 2, [line("kept"), line("saved", file="anew")])
    greys = np.random.default_rng(1).integers(0, 256, (2, 256)).astype(np.uint8)

    compared = comparison(old, new, greys, greys)
    found = overlap(new, directions(greys), old, directions(greys))

    assert compared.same == 1
    assert {change: pairs for change, pairs in compared.pairs.items() if pairs} == {"edited": [(1, 1)]}
    assert (found.exact, found.near) == ({0: 0}, {1: 1})
