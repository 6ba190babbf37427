"""The numbered catalogue of what an archive must be, with a task's limits filled in."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fixpoint.figures import size, whole

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
        _("A zip archive"),
        _("The file is one complete zip archive."),
        _("Make the zip again and upload it whole; .rar, .7z and .tar are not read."),
    ),
    (
        "archive-too-big",
        _("Size of the archive"),
        _("The zip is at most {archive}."),
        _("Leave out what is not needed, or save images smaller: the model sees a small version of each."),
    ),
    (
        "too-many-entries",
        _("Entries in the archive"),
        _("The zip lists at most {entries} entries of any kind."),
        _("Zip only the folders train and val."),
    ),
    (
        "too-many-images",
        _("Number of images"),
        _("train and val together hold at most {images} images, each file counted once."),
        _("Choose the best {images} images: choosing is what this competition is about."),
    ),
    (
        "unpacked-too-big",
        _("Size when unpacked"),
        _("All files together unpack to at most {unpacked}."),
        _("Save images smaller or as PNG or JPEG."),
    ),
    (
        "unsafe-name",
        _("Safe names"),
        _("Names are plain relative paths with / between folders: no .., no links, no control characters."),
        _("Rename the file and make the zip again with a current program."),
    ),
    (
        "duplicate-name",
        _("Names that differ"),
        _("No two files share a name, also when capitals and accents are ignored."),
        _("Rename one of the two files."),
    ),
    (
        "encrypted",
        _("No password"),
        _("No file is encrypted."),
        _("Make the zip again without a password."),
    ),
    (
        "nested-archive",
        _("No archive inside"),
        _("The zip holds images, not other archives."),
        _("Unpack the inner archive and zip the images themselves."),
    ),
    (
        "unsupported-compression",
        _("Compression"),
        _("Files are stored or deflated, as every zip program does by default."),
        _("Make the zip again with the default compression, not LZMA, bzip2, zstd or Deflate64."),
    ),
    (
        "missing-split",
        _("train and val"),
        _("The zip holds the folders train/ and val/, bare or under one top folder."),
        _("Add the missing folder; names are lower case."),
    ),
    (
        "missing-class",
        _("Every class"),
        _("train/ and val/ each hold a folder with at least one image for every class: {classes}."),
        _("Add at least one image of this class, or move one there from the other split."),
    ),
    (
        "unknown-class",
        _("Only known classes"),
        _("Folders in train/ and val/ are named exactly as the classes: {classes}."),
        _("Rename the folder to the class it means, or remove it."),
    ),
    (
        "unexpected-file",
        _("Only images"),
        _("Every file is an image inside train/<class>/ or val/<class>/: {suffixes}."),
        _("Remove the file, or move it into the folder of its class."),
    ),
    (
        "not-an-image",
        _("Images inside"),
        _("Every file holds what its name promises: PNG, JPEG, WebP, BMP, GIF or TIFF."),
        _("Open the file in an image program and save it again as PNG."),
    ),
    (
        "unreadable-image",
        _("Images that open"),
        _("Every image can be decoded from its first byte to its last."),
        _("Save the image again, or remove it."),
    ),
    (
        "image-too-many-bytes",
        _("Bytes of an image"),
        _("An image file takes at most {image}."),
        _("Save the image smaller."),
    ),
    (
        "image-too-many-pixels",
        _("Pixels of an image"),
        _("An image has at most {image_megapixels} megapixels."),
        _("Scale the image down."),
    ),
    (
        "damaged-entry",
        _("Undamaged files"),
        _("Every entry has the size and the check sum that the zip says, and its own place in the file."),
        _("Make the zip again from the original files."),
    ),
)


def catalogue(rules: ArchiveRules) -> tuple[Rule, ...]:
    """All rules in order, their sentences filled with this task's limits."""
    values = {
        "archive": size(rules.archive_bytes),
        "unpacked": size(rules.unpacked_bytes),
        "image": size(rules.image_bytes),
        "image_megapixels": whole(rules.image_pixels // 1_000_000),
        "images": whole(rules.images),
        "entries": whole(rules.entries),
        "classes": ", ".join(rules.classes),
        "suffixes": "PNG, JPEG, WebP, BMP, GIF, TIFF",
    }
    return tuple(
        Rule(number, code, str(title), says.format(**values), remedy.format(**values))
        for number, (code, title, says, remedy) in enumerate(TEMPLATES, start=1)
    )


def mib(count: int) -> str:
    """Bytes as sentences that are kept tell them, in English: 1,024.5 MiB."""
    return f"{count / MIB:,.1f} MiB"
