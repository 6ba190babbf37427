"""`python -m tests.benchmarks.likeness`: what tells versions of a picture from other pictures, on the data of 2021."""

import io
import os
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageEnhance

from fixed_model.images import Pixels, decode
from fixed_model.looks import look_of
from fixpoint.datasets.likeness import NEAR, directions

Greys = npt.NDArray[np.uint8]
EVERY = 30
"""Of the versions only some images are made."""


def main() -> None:
    """Two tables: pairs of original.zip that count as near, and the share of versions that are found."""
    with zipfile.ZipFile(Path(os.environ["FIXPOINT_REAL_DATA"]) / "roman" / "original.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist() if name.endswith(".png")}
    pairs_of(files)
    versions_of([Image.open(io.BytesIO(data)).convert("L") for data in list(files.values())[::EVERY]])


def pairs_of(files: dict[str, bytes]) -> None:
    """How many pairs each measure calls near, and how many of them have two labels."""
    greys = _rows(decode(data, 10**9).pixels for data in files.values())
    labels = np.array([name.split("/")[-2] for name in files])
    one, other = np.triu_indices(len(files), 1)
    strangers = labels[one] != labels[other]
    vectors = directions(greys)
    correlation = (vectors @ vectors.T)[one, other]
    bits = hashes(greys).astype(np.float32)
    distance = (bits @ (1 - bits).T + (1 - bits) @ bits.T)[one, other]
    print("measure                  pairs  of two labels")
    for limit in (0.999, 0.98, NEAR, 0.9):
        chosen = correlation >= limit
        print(f"correlation >= {limit:<8}{chosen.sum():>8}{(chosen & strangers).sum():>15}")
    for limit in (0, 1, 2):
        chosen = distance <= limit
        print(f"dHash distance <= {limit:<5}{chosen.sum():>8}{(chosen & strangers).sum():>15}")


def hashes(greys: Greys) -> npt.NDArray[np.bool_]:
    """dHash: 64 bits, each whether a field of 9 × 8 is darker than the next."""
    small = [Image.fromarray(grey.reshape(16, 16)).resize((9, 8), Image.Resampling.BOX) for grey in greys]
    fields = np.array([np.asarray(each) for each in small]).astype(np.int64)
    return (fields[:, :, 1:] > fields[:, :, :-1]).reshape(len(greys), -1)


def versions_of(pictures: list[Image.Image]) -> None:
    """The share of versions whose correlation with the original reaches NEAR."""
    print(f"\nversion              median  found of {len(pictures)}")
    for name, change in VERSIONS.items():
        originals, changed = _greys(pictures), _greys([change(picture) for picture in pictures])
        found = (directions(originals) * directions(changed)).sum(axis=1)
        print(f"{name:20}{np.median(found):>7.3f}{(found >= NEAR).sum():>7}")


def _greys(pictures: list[Image.Image]) -> Greys:
    return _rows(np.asarray(each)[..., None] for each in pictures)


def _rows(pictures: Iterable[Pixels]) -> Greys:
    return np.array([np.frombuffer(look_of(pixels).grey, np.uint8) for pixels in pictures])


def _jpeg(picture: Image.Image) -> Image.Image:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=50)
    return Image.open(file).convert("L")


def _noise(picture: Image.Image) -> Image.Image:
    pixels = np.asarray(picture) + np.random.default_rng(0).normal(0, 20, (picture.height, picture.width))
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def _cropped(share: float) -> Callable[[Image.Image], Image.Image]:
    def crop(picture: Image.Image) -> Image.Image:
        left, top = round(picture.width * share), round(picture.height * share)
        return picture.crop((left, top, picture.width - left, picture.height - top))

    return crop


def _turned(degrees: float) -> Callable[[Image.Image], Image.Image]:
    return lambda picture: picture.rotate(degrees, Image.Resampling.BILINEAR, fillcolor=255)


VERSIONS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "JPEG, quality 50": _jpeg,
    "half the size": lambda picture: picture.resize((picture.width // 2, picture.height // 2)),
    "brightness 0.7": lambda picture: ImageEnhance.Brightness(picture).enhance(0.7),
    "contrast 0.6": lambda picture: ImageEnhance.Contrast(picture).enhance(0.6),
    "noise, sigma 20": _noise,
    "black and white": lambda picture: picture.point([0] * 129 + [255] * 127),
    "turned by 1°": _turned(1),
    "turned by 3°": _turned(3),
    "turned by 8°": _turned(8),
    "cropped by 1 %": _cropped(0.01),
    "cropped by 3 %": _cropped(0.03),
}

if __name__ == "__main__":
    main()
