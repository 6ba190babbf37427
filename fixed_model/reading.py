"""One image of an archive: unpacked, decoded once, hashed, resized, made small; or what is wrong with it."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fixed_model.archive import DamagedEntryError, is_archive, read_entry, why_unreadable
from fixed_model.images import (
    Decoded,
    NotAnImageError,
    TooManyPixelsError,
    UnreadableImageError,
)
from fixed_model.layout import Member
from fixed_model.limits import Limits
from fixed_model.looks import Look, look_of
from fixed_model.quick import decode_soon, digest_of, resize_small
from fixed_model.structure import why_too_intricate


@dataclass(frozen=True)
class Seen:
    """What is kept of an image: its row of the pack, its line of the manifest, what it looks like."""

    image: NDArray[np.float32]
    sha256: bytes
    facts: dict[str, Any]
    extra_frames: bool
    look: Look


@dataclass(frozen=True)
class Trouble:
    """An image that is not accepted, under the rule that it breaks."""

    rule: str
    detail: str


def read_image(archive: zipfile.ZipFile, member: Member, limits: Limits, input_size: int) -> Seen | Trouble:
    """Unpack, decode and resize one image."""
    known = why_unreadable(member.entry, limits)
    if known:
        return Trouble(*known)
    try:
        data = read_entry(archive, member.entry, limits.image_bytes)
        if is_archive(data):
            return Trouble("nested-archive", "an archive within the archive")
        if intricate := why_too_intricate(data):
            return Trouble("unreadable-image", intricate)
        image = decode_soon(data, limits.image_pixels)
    except DamagedEntryError as error:
        return Trouble("damaged-entry", str(error))
    except NotAnImageError as error:
        return Trouble("not-an-image", str(error))
    except TooManyPixelsError as error:
        return Trouble("image-too-many-pixels", str(error))
    except UnreadableImageError as error:
        return Trouble("unreadable-image", str(error))
    digest = hashlib.sha256(data).digest()
    facts = describe(member, data, image, digest)
    return Seen(resize_small(image.pixels, input_size), digest, facts, image.extra_frames, look_of(image.pixels))


def describe(member: Member, data: bytes, image: Decoded, digest: bytes) -> dict[str, Any]:
    """The manifest's line."""
    return {
        "path": member.entry.path,
        "split": member.split,
        "class": member.label,
        "sha256": digest.hex(),
        "pixels_sha256": digest_of(image.pixels),
        "bytes": len(data),
        "width": image.width,
        "height": image.height,
        "mode": image.mode,
        "format": image.format,
    }
