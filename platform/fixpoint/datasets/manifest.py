"""The manifest that reading a dataset left: one line for every image, in the order of its pack."""

from functools import lru_cache

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from fixpoint.blobs.store import BlobMissingError, blob_read

MOST_BYTES = 512 * 2**20
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
    pixels_sha256: str
    bytes: int
    width: int
    height: int
    mode: str
    format: str

    @property
    def name(self) -> str:
        """The file's own name, without the folders that tell split and class."""
        return self.path.rpartition("/")[2]


class _Manifest(BaseModel):
    format: int
    images: tuple[Image, ...]


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
