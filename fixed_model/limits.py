"""What an archive may hold at most, as the request says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What the request allows: images in all, bytes and pixels of one, bytes of the archive, bytes of all unpacked."""

    images: int
    image_bytes: int
    image_pixels: int
    archive_bytes: int
    unpacked_bytes: int

    @property
    def entries(self) -> int:
        """Names in the archive: images, and room for folders and clutter (macOS adds two or three for every file)."""
        return 4 * self.images + 1000
