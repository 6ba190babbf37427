"""The numbered catalogue of what an archive must be, with a task's limits filled in."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024**2
SHOWN_PER_RULE = 10
"""Refusals of one rule that a page shows before it counts the rest."""


@dataclass(frozen=True)
class ArchiveRules:
    """A task's limits for one archive: bytes, pixels, counts. The names match the limits of the ingest request."""

    classes: tuple[str, ...]
    images: int = 10_000
    archive_bytes: int = 1024 * MIB
    unpacked_bytes: int = 4096 * MIB
    image_bytes: int = 20 * MIB
    image_pixels: int = 50_000_000

    @property
    def entries(self) -> int:
        """Entries of any kind that may stand in the archive: images, and room for folders and clutter beside each."""
        return 4 * self.images + 1_000


@dataclass(frozen=True)
class Refusal:
    """One reason against one file or folder of the archive. `path` is "" where the archive as a whole is meant."""

    rule: str
    path: str
    detail: str


@dataclass(frozen=True)
class Rule:
    """A rule of the catalogue: `says` and `remedy` are sentences for a person, filled with the task's limits."""

    number: int
    code: str
    title: str
    says: str
    remedy: str


TEMPLATES = (
    (
        "not-a-zip",
        "A zip archive",
        "The file is one complete zip archive.",
        "Make the zip again and upload it whole; .rar, .7z and .tar are not read.",
    ),
    (
        "archive-too-big",
        "Size of the archive",
        "The zip is at most {archive_mib:,} MiB.",
        "Leave out what is not needed, or save images smaller: the model sees a small version of each.",
    ),
    (
        "too-many-entries",
        "Entries in the archive",
        "The zip lists at most {entries:,} entries of any kind.",
        "Zip only the folders train and val.",
    ),
    (
        "too-many-images",
        "Number of images",
        "train and val together hold at most {images:,} images, each file counted once.",
        "Choose the best {images:,} images: choosing is what this competition is about.",
    ),
    (
        "unpacked-too-big",
        "Size when unpacked",
        "All files together unpack to at most {unpacked_mib:,} MiB.",
        "Save images smaller or as PNG or JPEG.",
    ),
    (
        "unsafe-name",
        "Safe names",
        "Names are plain relative paths with / between folders: no .., no links, no control characters.",
        "Rename the file and make the zip again with a current program.",
    ),
    (
        "duplicate-name",
        "Names that differ",
        "No two files share a name, also when capitals and accents are ignored.",
        "Rename one of the two files.",
    ),
    (
        "encrypted",
        "No password",
        "No file is encrypted.",
        "Make the zip again without a password.",
    ),
    (
        "nested-archive",
        "No archive inside",
        "The zip holds images, not other archives.",
        "Unpack the inner archive and zip the images themselves.",
    ),
    (
        "unsupported-compression",
        "Compression",
        "Files are stored or deflated, as every zip program does by default.",
        "Make the zip again with the default compression, not LZMA, bzip2, zstd or Deflate64.",
    ),
    (
        "missing-split",
        "train and val",
        "The zip holds the folders train/ and val/, bare or under one top folder.",
        "Add the missing folder; names are lower case.",
    ),
    (
        "missing-class",
        "Every class",
        "train/ and val/ each hold a folder with at least one image for every class: {classes}.",
        "Add at least one image of this class, or move one there from the other split.",
    ),
    (
        "unknown-class",
        "Only known classes",
        "Folders in train/ and val/ are named exactly as the classes: {classes}.",
        "Rename the folder to the class it means, or remove it.",
    ),
    (
        "unexpected-file",
        "Only images",
        "Every file is an image inside train/<class>/ or val/<class>/: {suffixes}.",
        "Remove the file, or move it into the folder of its class.",
    ),
    (
        "not-an-image",
        "Images inside",
        "Every file holds what its name promises: PNG, JPEG, WebP, BMP, GIF or TIFF.",
        "Open the file in an image program and save it again as PNG.",
    ),
    (
        "unreadable-image",
        "Images that open",
        "Every image can be decoded from its first byte to its last.",
        "Save the image again, or remove it.",
    ),
    (
        "image-too-many-bytes",
        "Bytes of an image",
        "An image file takes at most {image_mib:,} MiB.",
        "Save the image smaller.",
    ),
    (
        "image-too-many-pixels",
        "Pixels of an image",
        "An image has at most {image_megapixels:,} megapixels.",
        "Scale the image down.",
    ),
    (
        "damaged-entry",
        "Undamaged files",
        "Every entry has the size and the check sum that the zip says, and its own place in the file.",
        "Make the zip again from the original files.",
    ),
)


def catalogue(rules: ArchiveRules) -> tuple[Rule, ...]:
    """All rules in order, their sentences filled with this task's limits."""
    values = {
        "archive_mib": rules.archive_bytes // MIB,
        "unpacked_mib": rules.unpacked_bytes // MIB,
        "image_mib": rules.image_bytes // MIB,
        "image_megapixels": rules.image_pixels // 1_000_000,
        "images": rules.images,
        "entries": rules.entries,
        "classes": ", ".join(rules.classes),
        "suffixes": "PNG, JPEG, WebP, BMP, GIF, TIFF",
    }
    return tuple(
        Rule(number, code, title, says.format(**values), remedy.format(**values))
        for number, (code, title, says, remedy) in enumerate(TEMPLATES, start=1)
    )


def mib(size: int) -> str:
    """Bytes as sentences about limits tell them: 1,024.5 MiB."""
    return f"{size / MIB:,.1f} MiB"
