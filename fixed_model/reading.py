"""Images of an archive: unpacked, decoded once, hashed, resized, made small; or what is wrong with them."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from typing import NamedTuple

from fixed_model.archive import DamagedEntryError, is_archive, why_unreadable
from fixed_model.entries import read_entry_soon
from fixed_model.images import (
    Decoded,
    NotAnImageError,
    TooManyPixelsError,
    UnreadableImageError,
)
from fixed_model.layout import Member
from fixed_model.limits import Limits
from fixed_model.looks import Look, look_of, thumbnails_of
from fixed_model.outcome import encode
from fixed_model.quick import decode_soon, digest_of
from fixed_model.resizing import Picked, pick, resize_all
from fixed_model.structure import why_too_intricate


class Seen(NamedTuple):
    """What is kept of an image, as bytes, which pass a pipe quickly.

    `image` is its row of the pack (float32 [C, size, size]), `line` its part of the manifest, `grey` and `jpeg` what it
    looks like; `jpeg` is empty where no thumbnails are asked for.
    """

    image: bytes
    sha256: bytes
    line: bytes
    pixels: int
    extra_frames: bool
    grey: bytes
    jpeg: bytes


class Trouble(NamedTuple):
    """An image that is not accepted, under the rule that it breaks."""

    rule: str
    detail: str


class Opened(NamedTuple):
    """An image that was decoded, and what is still to be done with it."""

    sha256: bytes
    line: bytes
    pixels: int
    extra_frames: bool
    picked: Picked
    look: Look


def read_images(
    archive: zipfile.ZipFile, members: Sequence[Member], limits: Limits, input_size: int, *, with_thumbnails: bool
) -> list[Seen | Trouble]:
    """Each of them, in their order; what costs less for several is done for all."""
    found = [open_image(archive, member, limits, input_size) for member in members]
    opened = [one for one in found if isinstance(one, Opened)]
    images = resize_all([one.picked for one in opened])
    jpegs = thumbnails_of([one.look.small for one in opened]) if with_thumbnails else [b""] * len(opened)
    seen = (
        Seen(image.tobytes(), one.sha256, one.line, one.pixels, one.extra_frames, one.look.grey, jpeg)
        for one, image, jpeg in zip(opened, images, jpegs, strict=True)
    )
    return [next(seen) if isinstance(one, Opened) else one for one in found]


def open_image(archive: zipfile.ZipFile, member: Member, limits: Limits, input_size: int) -> Opened | Trouble:
    """Unpack and decode one image, and take of it what the rest needs."""
    known = why_unreadable(member.entry, limits)
    if known:
        return Trouble(*known)
    try:
        data = read_entry_soon(archive, member.entry, limits.image_bytes)
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
    pixels, digest = image.pixels, hashlib.sha256(data).digest()
    line = describe(member, data, image, digest)
    area = image.width * image.height
    return Opened(digest, line, area, image.extra_frames, pick(pixels, input_size), look_of(pixels))


def describe(member: Member, data: bytes, image: Decoded, digest: bytes) -> bytes:
    """The manifest's line."""
    return encode(
        {
            "path": member.entry.path,
            "split": member.split,
            "class": member.label,
            "sha256": digest.hex(),
            "pixels_blake3": digest_of(image.pixels),
            "bytes": len(data),
            "width": image.width,
            "height": image.height,
            "mode": image.mode,
            "format": image.format,
        }
    )
