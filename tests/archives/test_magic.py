"""Formats are told by their first bytes."""

import io

import pytest
from PIL import Image

from fixpoint.archives.magic import HEAD_BYTES, image_format


@pytest.mark.parametrize("name", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WebP"])
def test_each_format_that_is_read_is_known_by_its_first_bytes(name: str) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, name)
    assert image_format(buffer.getvalue()[:HEAD_BYTES]) == name


@pytest.mark.parametrize(
    "head", [b"", b"PK\x03\x04", b"<svg xmlns=", b"%PDF-1.7", b"RIFF\0\0\0\0WAVE", b"#!/bin/sh", b"\x89PNX"]
)
def test_other_bytes_announce_no_image(head: bytes) -> None:
    assert image_format(head) == ""
