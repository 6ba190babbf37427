"""Where the images of a participant's archive lie: train/<class>/… and val/<class>/…, bare or under one top folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fixpoint.archives.entry import is_archive_name, is_image_name
from fixpoint.datasets.rules import Refusal

SPLITS = ("train", "val")
OTHER_SPLIT_NAMES = {
    "train": {"train", "training", "train_set", "trainset"},
    "val": {"val", "valid", "validation", "dev", "test", "val_set", "valset"},
}
HINT_DEPTH = 3


@dataclass(frozen=True)
class Place:
    """The folders that an entry lies in, and its own name; "" where the entry is itself a folder, the last of them."""

    folders: tuple[str, ...]
    file: str

    @property
    def path(self) -> str:
        """The whole path, a folder's with a slash behind."""
        return "/".join((*self.folders, self.file))


@dataclass(frozen=True)
class Layout:
    """The top folder, "" where there is none; images in place by (split, class); what is not in place."""

    top: str
    images: Counter[tuple[str, str]]
    refusals: tuple[Refusal, ...]


def layout_of(places: Sequence[Place], classes: Sequence[str]) -> Layout:
    """Reads the tree of everything but clutter."""
    tops = _tops(places)
    top = tops[0] if len(tops) == 1 else ""
    inside = [_below(place, top) for place in places if not top or place.folders[:1] == (top,)]
    outside = [place for place in places if top and place.folders[:1] != (top,)]
    images = Counter(
        (place.folders[0], place.folders[1])
        for place in inside
        if _has_class_folder(place) and place.folders[1] in classes and is_image_name(place.file)
    )
    refusals = (
        *_missing_splits(inside, tops),
        *_missing_classes(inside, images, classes),
        *_unknown_classes(inside, classes),
        *_misplaced(inside),
    )
    base = f"{top}/" if top else ""
    based = tuple(Refusal(refusal.rule, base + refusal.path, refusal.detail) for refusal in refusals)
    return Layout(top=top, images=images, refusals=(*based, *_misplaced(outside)))


def _tops(places: Sequence[Place]) -> list[str]:
    """Top folders that hold a split; none where a split stands bare."""
    if any(place.folders[:1] in (("train",), ("val",)) for place in places):
        return []
    return sorted({place.folders[0] for place in places if len(place.folders) > 1 and place.folders[1] in SPLITS})


def _below(place: Place, top: str) -> Place:
    return Place(place.folders[1:], place.file) if top else place


def _has_class_folder(place: Place) -> bool:
    return len(place.folders) > 1 and place.folders[0] in SPLITS


def _missing_splits(places: Sequence[Place], tops: list[str]) -> Iterator[Refusal]:
    present = {place.folders[0] for place in places if place.folders}
    for split in SPLITS:
        if split in present:
            continue
        detail = f"There is no folder '{split}/'."
        if len(tops) > 1:
            detail += f" Several top folders hold one ({', '.join(tops)}): keep one top folder."
        elif near := _nearest_split(places, split):
            detail += f" Did you mean '{near}/'? Call it '{split}/', at the top or under one top folder."
        yield Refusal("missing-split", f"{split}/", detail)


def _nearest_split(places: Sequence[Place], split: str) -> str:
    heads = {place.folders[:depth] for place in places for depth in range(1, min(len(place.folders), HINT_DEPTH) + 1)}
    near = sorted("/".join(head) for head in heads if head[-1].strip().casefold() in OTHER_SPLIT_NAMES[split])
    return near[0] if near else ""


def _missing_classes(
    places: Sequence[Place], images: Counter[tuple[str, str]], classes: Sequence[str]
) -> Iterator[Refusal]:
    present = {place.folders[0] for place in places if place.folders}
    for split in SPLITS:
        for name in classes:
            if split in present and not images[split, name]:
                yield Refusal("missing-class", f"{split}/{name}/", f"No image of class '{name}' in {split}.")


def _unknown_classes(places: Sequence[Place], classes: Sequence[str]) -> Iterator[Refusal]:
    """One refusal a folder, not a file: the person renames the folder."""
    files: Counter[tuple[str, str]] = Counter()
    for place in filter(_has_class_folder, places):
        files[place.folders[0], place.folders[1]] += bool(place.file)
    for (split, name), count in sorted(files.items()):
        if name not in classes:
            detail = f"'{name}' is no class of this task; its folder holds {_files(count)}.{_hint(name, classes)}"
            yield Refusal("unknown-class", f"{split}/{name}/", detail)


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


def _hint(name: str, classes: Sequence[str]) -> str:
    plain = name.strip().casefold()
    near = next((known for known in classes if known.casefold() == plain), None)
    return f" Did you mean '{near}'?" if near else ""


def _misplaced(places: Sequence[Place]) -> Iterator[Refusal]:
    """One refusal for each stray file, and one for each folder of strays beside train and val."""
    strangers: Counter[str] = Counter()
    for place in places:
        if not place.file or is_archive_name(place.file):
            continue
        if place.folders and place.folders[0] not in SPLITS:
            strangers[place.folders[0]] += 1
        elif not _has_class_folder(place):
            yield Refusal("unexpected-file", place.path, "The file lies outside the folders of the classes.")
        elif not is_image_name(place.file):
            yield Refusal(
                "unexpected-file", place.path, "Not named as an image: PNG, JPEG, WebP, BMP, GIF, TIFF are read."
            )
    for folder, count in sorted(strangers.items()):
        yield Refusal("unexpected-file", f"{folder}/", f"{_files(count)} in a folder that is neither train nor val.")
