"""Images as rows of a CSV file, with all that is known of each."""

from collections.abc import Iterator, Mapping, Sequence

from fixpoint.datasets.comparison import Comparison
from fixpoint.datasets.manifest import Image

HEADER = (
    "path", "split", "class", "group", "findings", "width", "height", "mode", "format", "bytes", "sha256",
    "pixels",
)  # fmt: skip


def listed(
    groups: Sequence[Sequence[int]], images: Sequence[Image], findings: Mapping[int, Sequence[str]]
) -> Iterator[tuple[object, ...]]:
    """A line for each image; those of one group share its number, counted from 1."""
    for number, group in enumerate(groups, start=1):
        for row in group:
            image = images[row]
            yield (
                image.path, image.split, image.label, number, " ".join(findings.get(row, ())), image.width,
                image.height, image.mode, image.format, image.bytes, image.sha256, _pixels(image),
            )  # fmt: skip


def _pixels(image: Image) -> str:
    return f"{image.digested_by}:{image.pixels}"


CHANGES_HEADER = (
    "change", "path_before", "split_before", "class_before", "sha256_before", "path_after", "split_after",
    "class_after", "sha256_after",
)  # fmt: skip


def listed_changes(
    compared: Comparison, before: Sequence[Image], after: Sequence[Image]
) -> Iterator[tuple[object, ...]]:
    """A line for each change of each image."""
    for change, pairs in compared.pairs.items():
        for old, new in pairs:
            yield (change, *_side(before, old), *_side(after, new))


def _side(images: Sequence[Image], row: int | None) -> tuple[str, str, str, str]:
    if row is None:
        return "", "", "", ""
    image = images[row]
    return image.path, image.split, image.label, image.sha256
