"""Which image format a file's first bytes announce."""

from __future__ import annotations

HEAD_BYTES = 16
SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
)


def image_format(head: bytes) -> str:
    """The format's name, or "" where the bytes announce no image. Says nothing about what follows."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    return next((name for signature, name in SIGNATURES if head.startswith(signature)), "")
