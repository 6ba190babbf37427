"""From a file's bytes to pixels at the recipe's size: decoded as TensorFlow would, resized as Keras does.

What TensorFlow does not read follows a rule of our own, pinned here and by tests: the first frame, as RGB, unrotated.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

Pixels = NDArray[np.uint8]  # [H, W, 1] grey or [H, W, 3] RGB

# --- numbers ----------------------------------------------------------------------------------------------------------

READERS = (PngImageFile, JpegImageFile, WebPImageFile, BmpImageFile, GifImageFile, TiffImageFile)
FORMATS = tuple(reader.format for reader in READERS)  # nothing else that Pillow can read is ever tried
PNG_END = b"IEND"  # the last chunk; Pillow does not miss it
ORIENTATION = 0x0112  # the EXIF tag that asks viewers to rotate
UNDO_TIFF_ROTATION = {  # Pillow turns TIFF files by their tag (nothing else): this turns them back
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
Image.MAX_IMAGE_PIXELS = None  # the limit is the request's, and it refuses instead of warning


# --- decoding ---------------------------------------------------------------------------------------------------------


class NotAnImageError(Exception):
    """The bytes begin like none of the formats."""


class TooManyPixelsError(Exception):
    """The header announces more than the limit: nothing was decoded."""


class UnreadableImageError(Exception):
    """The bytes begin like an image and cannot be decoded to the end."""


@dataclass(frozen=True)
class Decoded:
    """Pixels of the first frame and what the file said of itself. Grey pixels have one channel, whatever the mode."""

    pixels: Pixels
    width: int
    height: int
    mode: str
    format: str
    extra_frames: bool

    def digest(self) -> str:
        """The sha256 of shape and pixels: equal for files that look the same to the model."""
        shape = "x".join(str(side) for side in self.pixels.shape)
        return hashlib.sha256(f"{shape}:".encode() + self.pixels.tobytes()).hexdigest()


def decode(data: bytes, pixel_limit: int) -> Decoded:
    """Decode the first frame. The format is found by content; a name is never asked."""
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError as error:
        raise NotAnImageError("the content is none of PNG, JPEG, WebP, BMP, GIF, TIFF") from error
    except MemoryError:
        raise
    except Exception as error:  # decoders raise anything at all on hostile bytes
        raise UnreadableImageError(sentence(error)) from error
    width, height = image.size
    if width * height > pixel_limit:
        raise TooManyPixelsError(f"{width} x {height} pixels are more than the limit of {pixel_limit:,}")
    if image.format == "PNG" and PNG_END not in data:
        raise UnreadableImageError("the file ends before its last chunk")
    try:
        extra_frames = bool(getattr(image, "is_animated", False))
        pixels = rgb_or_grey(first_frame(image))
    except (MemoryError, UnreadableImageError):
        raise
    except Exception as error:  # as above
        raise UnreadableImageError(sentence(error)) from error
    height, width = pixels.shape[:2]
    file_format = "JPEG" if image.format == "MPO" else str(image.format)
    return Decoded(pixels, width, height, image.mode, file_format, extra_frames)


def first_frame(image: Image.Image) -> Image.Image:
    """The first frame as stored: no orientation tag is followed, since TensorFlow follows none."""
    orientation = image.getexif().get(ORIENTATION, 1) if image.format == "TIFF" else 1
    image.load()
    undo = UNDO_TIFF_ROTATION.get(orientation)
    return image if undo is None else image.transpose(undo)


def rgb_or_grey(image: Image.Image) -> Pixels:
    """Pixels of any mode: alpha dropped and not composited, palettes expanded, 16 bits cut to the high byte.

    CMYK: red = (255 - C) * (255 - K) // 255 and so on, as TensorFlow reads CMYK JPEG files.
    """
    if image.mode not in READ:
        raise UnreadableImageError(f"the colour mode {image.mode} is not supported")
    pixels: Pixels = READ[image.mode](image)
    if pixels.ndim == 2:
        pixels = pixels[..., None]
    elif (pixels[..., :1] == pixels[..., 1:]).all():
        pixels = pixels[..., :1]
    return np.ascontiguousarray(pixels)


def without_alpha(image: Image.Image) -> Pixels:
    """Colours as stored, or divided by alpha where the file stores them multiplied."""
    straight = {"La": "LA", "PA": "RGBA", "RGBa": "RGBA"}.get(image.mode, image.mode)
    return np.asarray(image.convert(straight))[..., :-1]


def inks(image: Image.Image) -> Pixels:
    """What the inks leave of the light."""
    light = 255 - np.asarray(image).astype(np.uint16)
    if image.format == "JPEG" and "adobe" not in image.info:
        light = 255 - light  # Pillow turned the inks round, as only Adobe's files need it
    return (light[..., :3] * light[..., 3:] // 255).astype(np.uint8)


def high_byte(image: Image.Image) -> Pixels:
    """The upper half of 16 bits."""
    words: NDArray[np.int64] = np.asarray(image).astype(np.int64)
    return (words.clip(0, 65535) >> 8).astype(np.uint8)


def floats(image: Image.Image) -> Pixels:
    """Floating point pixels taken as 0…255."""
    values: NDArray[np.float32] = np.nan_to_num(np.asarray(image), nan=0.0)
    return values.clip(0, 255).astype(np.uint8)


READ: dict[str, Callable[[Image.Image], Pixels]] = {
    **dict.fromkeys(("L", "RGB"), np.asarray),
    **dict.fromkeys(("1",), lambda image: np.asarray(image.convert("L"))),
    **dict.fromkeys(("P", "YCbCr"), lambda image: np.asarray(image.convert("RGB"))),
    **dict.fromkeys(("LA", "La", "PA", "RGBA", "RGBa", "RGBX"), without_alpha),
    **dict.fromkeys(("I;16", "I;16L", "I;16B", "I;16N", "I"), high_byte),
    "CMYK": inks,
    "F": floats,
}


def sentence(error: Exception) -> str:
    """What a decoder complained about, fit to print."""
    said = "".join(character for character in str(error) if character.isprintable()).strip()
    return f"it cannot be decoded: {said[:160] or type(error).__name__}"


# --- resizing ---------------------------------------------------------------------------------------------------------


def resize(pixels: Pixels, size: int) -> NDArray[np.float32]:
    """To [C, size, size] float32: bilinear, half-pixel centres, no antialiasing, never rounded (tf.image.resize)."""
    top, bottom, down = taps(pixels.shape[0], size)
    left, right, across = taps(pixels.shape[1], size)
    across, down = across[None, :, None], down[:, None, None]
    upper, lower = pixels[top].astype(np.float32), pixels[bottom].astype(np.float32)
    above = upper[:, left] + (upper[:, right] - upper[:, left]) * across
    below = lower[:, left] + (lower[:, right] - lower[:, left]) * across
    return np.ascontiguousarray((above + (below - above) * down).transpose(2, 0, 1))


def taps(length: int, size: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """For every output position the two source positions and the share of the second."""
    scale = float(np.float32(length / size))
    at = ((np.arange(size) + 0.5) * scale - 0.5).astype(np.float32)  # rounded once, as a fused multiply-add does
    floor = np.floor(at)
    first = np.maximum(floor, 0).astype(np.int64)
    second = np.minimum(np.ceil(at), length - 1).astype(np.int64)
    return first, second, (at - floor).astype(np.float32)
