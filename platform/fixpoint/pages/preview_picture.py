"""The picture of an entry that other sites show where somebody links to it: 1200 × 630, drawn here."""

import io
import unicodedata
from functools import cache, lru_cache

from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)
_PAPER, _INK, _QUIET, _ACCURACY, _EMISSIONS = "#ffffff", "#171a23", "#555c6e", "#4338ca", "#10703c"
_LEFT, _RIGHT = 80, 1120
_DOTS = "…"


@lru_cache(maxsize=256)
def preview(*, title: str, name: str, accuracy: str, margin: str, grams: str, note: str) -> bytes:
    """PNG bytes, drawn once while the texts stay: everybody may ask for it, and it takes a core for a while.

    Texts are set in Pillow's own face, and cut where they would not fit; see `drawable`.
    """
    image = Image.new("RGB", SIZE, _PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, SIZE[0], 16), fill=_ACCURACY)
    _text(draw, 70, title, 40, _QUIET)
    _text(draw, 130, name, 68, _INK)
    draw.line((_LEFT, 240, _RIGHT, 240), fill="#e2e5ec", width=2)
    _text(draw, 275, accuracy, 120, _ACCURACY)
    _text(draw, 410, f"accuracy on hidden images, {margin}", 32, _QUIET)
    _text(draw, 275, grams, 80, _EMISSIONS, left=680)
    _text(draw, 375, "CO2, standardised", 32, _QUIET, left=680)
    _text(draw, 490, note, 32, _QUIET)
    _text(draw, 550, "Fixpoint: the model is a fixed point, the data moved.", 28, _QUIET)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def drawable(text: str, fallback: str) -> str:
    """The text in letters that the face has; `fallback` where none of it, or not enough, can be written.

    Marks are taken off letters (é becomes e); what is still unknown is left out.
    """
    plain = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    written = "".join(each for each in plain if _has(each))
    lost = sum(not each.isspace() for each in plain) - sum(not each.isspace() for each in written)
    return " ".join(written.split()) if written.strip() and not lost else fallback


def _text(draw: ImageDraw.ImageDraw, top: int, text: str, size: int, ink: str, *, left: int = _LEFT) -> None:
    face = _face(size)
    while len(text) > 1 and draw.textlength(text, font=face) > _RIGHT - left:
        text = text.removesuffix(_DOTS)[:-1].rstrip() + _DOTS
    draw.text((left, top), text, font=face, fill=ink)


@cache
def _has(sign: str) -> bool:
    """Whether the face has this sign: one that it lacks is drawn as the box that stands for all of them."""
    if sign == " ":
        return True
    face = _face(40)
    return sign.isprintable() and bytes(face.getmask(sign)) != bytes(face.getmask("\uffff"))


@cache
def _face(size: int) -> ImageFont.FreeTypeFont:
    face = ImageFont.load_default(size)
    if not isinstance(face, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType, so that its own face cannot be scaled.")
    return face
