"""The manifest that reading a dataset left: one line for every image, in the order of its pack."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from fixpoint.blobs.store import BlobMissingError, blob_read

MOST_BYTES = 512 * 2**20
BY_PIXELS: Callable[["Image"], str] = attrgetter("pixels")
BY_FILE: Callable[["Image"], str] = attrgetter("sha256")
_DIGESTS = {1: ("pixels_sha256", "pixels_blake3"), 2: ("pixels_blake3", "pixels_sha256")}
"""By format the digest by which its pictures are known, and the one that belongs to the other format."""
_KEPT = 4
"""Manifests that a process keeps at hand: galleries ask for the same one again and again."""


class ManifestError(ValueError):
    """What was stored is not a manifest, or it is lost; says why."""


class Image(BaseModel):
    """One image as its file was; `path` is a participant's text. `split` and `label` are "" where there is none."""

    model_config = ConfigDict(frozen=True, strict=True)

    path: str
    split: str
    label: str = Field(alias="class")
    sha256: str
    pixels_blake3: str = ""
    pixels_sha256: str = ""
    bytes: int
    width: int
    height: int
    mode: str
    format: str

    @property
    def pixels(self) -> str:
        """The digest of what it shows, equal for equal pictures by one algorithm: since format 2 that is BLAKE3."""
        return self.pixels_blake3 or self.pixels_sha256

    @property
    def digested_by(self) -> str:
        """The algorithm of that digest."""
        return "blake3" if self.pixels_blake3 else "sha256"

    @property
    def name(self) -> str:
        """The file's own name, without the folders that tell split and class."""
        return self.path.rpartition("/")[2]


class _Manifest(BaseModel):
    format: int
    images: tuple[Image, ...]

    @model_validator(mode="after")
    def _pixels_are_known(self) -> Self:
        if self.format not in _DIGESTS:
            raise ValueError(f"the format {self.format} is not known")
        named, other = _DIGESTS[self.format]
        if not all(getattr(image, named) for image in self.images):
            raise ValueError(f"an image has no {named}")
        if any(getattr(image, other) for image in self.images):
            raise ValueError(f"an image has {other}, which is of another format")
        return self


_READER = TypeAdapter(_Manifest)


@lru_cache(maxsize=_KEPT)
def manifest_of(sha256: str) -> tuple[Image, ...]:
    """All images of a manifest, by the digest of its blob. Raises ManifestError."""
    try:
        return _READER.validate_json(blob_read(sha256, at_most=MOST_BYTES)).images
    except BlobMissingError as error:
        raise ManifestError(f"The manifest {sha256[:12]} is not in the store.") from error
    except (ValidationError, ValueError) as error:
        raise ManifestError(f"The manifest {sha256[:12]} is of another shape: {error}") from error


def known_by(*collections: Sequence[Image]) -> Callable[[Image], str]:
    """By what pictures of several manifests are equal: what they show, or their files where the formats differ."""
    algorithms = {images[0].digested_by for images in collections if images}
    return BY_PIXELS if len(algorithms) < 2 else BY_FILE
