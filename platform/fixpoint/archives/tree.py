"""Where images lie by a directory: train/<class>/… and val/<class>/…, bare or under one top folder; and what else.

The one rule of it, for what participants hand in and for baselines; each says in its own words what is wrong.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from fixpoint.archives.entry import is_folder, is_image_name, parts_of

SPLITS = ("train", "val")


@dataclass(frozen=True)
class Place:
    """The folders that an entry lies in, and its own name; "" where the entry is itself a folder, the last of them."""

    folders: tuple[str, ...]
    file: str

    @property
    def path(self) -> str:
        """The whole path, a folder's with a slash behind."""
        return "/".join((*self.folders, self.file))

    @property
    def is_in_class_folder(self) -> bool:
        """Whether it lies in a folder of a split, be it a class or none."""
        return len(self.folders) > 1 and self.folders[0] in SPLITS


@dataclass(frozen=True)
class Tree:
    """`tops` hold a split each, none where one stands bare; all else but `outside` is told below the only top.

    `images` in place by (split, class); `missing` classes of a split that is there, and files by `unknown` ones, alike.
    `misplaced` are files outside of the folders of classes or not named as an image, `outside` of those of other tops.
    """

    tops: tuple[str, ...]
    inside: tuple[Place, ...]
    images: Counter[tuple[str, str]]
    missing_splits: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]
    unknown: dict[tuple[str, str], int]
    misplaced: tuple[Place, ...]
    outside: tuple[Place, ...]

    @property
    def top(self) -> str:
        """The only top folder, or ""."""
        return self.tops[0] if len(self.tops) == 1 else ""


def place_of(entry: zipfile.ZipInfo) -> Place:
    """Only for names that are not unsafe."""
    parts = parts_of(entry)
    return Place(parts, "") if is_folder(entry) else Place(parts[:-1], parts[-1])


def tree_of(places: Sequence[Place], classes: Sequence[str]) -> Tree:
    """Reads the tree of everything but clutter."""
    tops = _tops(places)
    top, known = (tops[0] if len(tops) == 1 else ""), set(classes)
    inside = [_below(place, top) for place in places if not top or place.folders[:1] == (top,)]
    images: Counter[tuple[str, str]] = Counter()
    unknown: Counter[tuple[str, str]] = Counter()
    for place in inside:
        if not place.is_in_class_folder:
            continue
        if place.folders[1] not in known:
            unknown[place.folders[0], place.folders[1]] += bool(place.file)
        elif is_image_name(place.file):
            images[place.folders[0], place.folders[1]] += 1
    present = {place.folders[0] for place in inside if place.folders}
    return Tree(
        tops=tops,
        inside=tuple(inside),
        images=images,
        missing_splits=tuple(split for split in SPLITS if split not in present),
        missing=tuple(
            (split, name) for split in SPLITS if split in present for name in classes if not images[split, name]
        ),
        unknown=dict(sorted(unknown.items())),
        misplaced=_misplaced(inside),
        outside=_misplaced([place for place in places if top and place.folders[:1] != (top,)]),
    )


def _tops(places: Sequence[Place]) -> tuple[str, ...]:
    """Top folders that hold a split; none where a split stands bare."""
    if any(place.folders[:1] in (("train",), ("val",)) for place in places):
        return ()
    return tuple(
        sorted({place.folders[0] for place in places if len(place.folders) > 1 and place.folders[1] in SPLITS})
    )


def _below(place: Place, top: str) -> Place:
    return Place(place.folders[1:], place.file) if top else place


def _misplaced(places: Sequence[Place]) -> tuple[Place, ...]:
    return tuple(each for each in places if each.file and not (each.is_in_class_folder and is_image_name(each.file)))
