"""Why a participant's images do not lie where they must, by archives/tree.py, in sentences that are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fixpoint.archives.entry import is_archive_name
from fixpoint.archives.tree import SPLITS, Place, Tree, tree_of
from fixpoint.datasets.rules import Refusal

OTHER_SPLIT_NAMES = {
    "train": {"train", "training", "train_set", "trainset"},
    "val": {"val", "valid", "validation", "dev", "test", "val_set", "valset"},
}
HINT_DEPTH = 3


@dataclass(frozen=True)
class Layout:
    """The top folder, "" where there is none; images in place by (split, class); what is not in place."""

    top: str
    images: Counter[tuple[str, str]]
    refusals: tuple[Refusal, ...]


def layout_of(places: Sequence[Place], classes: Sequence[str]) -> Layout:
    """Reads the tree of everything but clutter."""
    tree = tree_of(places, classes)
    base = f"{tree.top}/" if tree.top else ""
    refusals = (
        *_missing_splits(tree),
        *_missing_classes(tree),
        *_unknown_classes(tree, classes),
        *_strays(tree.misplaced),
    )
    based = tuple(Refusal(refusal.rule, base + refusal.path, refusal.detail) for refusal in refusals)
    return Layout(top=tree.top, images=tree.images, refusals=(*based, *_strays(tree.outside)))


def _missing_splits(tree: Tree) -> Iterator[Refusal]:
    for split in tree.missing_splits:
        detail = f"There is no folder '{split}/'."
        if len(tree.tops) > 1:
            detail += f" Several top folders hold one ({', '.join(tree.tops)}): keep one top folder."
        elif near := _nearest_split(tree.inside, split):
            detail += f" Did you mean '{near}/'? Call it '{split}/', at the top or under one top folder."
        yield Refusal("missing-split", f"{split}/", detail)


def _nearest_split(places: Sequence[Place], split: str) -> str:
    heads = {place.folders[:depth] for place in places for depth in range(1, min(len(place.folders), HINT_DEPTH) + 1)}
    near = sorted("/".join(head) for head in heads if head[-1].strip().casefold() in OTHER_SPLIT_NAMES[split])
    return near[0] if near else ""


def _missing_classes(tree: Tree) -> Iterator[Refusal]:
    for split, name in tree.missing:
        yield Refusal("missing-class", f"{split}/{name}/", f"No image of class '{name}' in {split}.")


def _unknown_classes(tree: Tree, classes: Sequence[str]) -> Iterator[Refusal]:
    """One refusal a folder, not a file: the person renames the folder."""
    for (split, name), count in tree.unknown.items():
        detail = f"'{name}' is no class of this task; its folder holds {_files(count)}.{_hint(name, classes)}"
        yield Refusal("unknown-class", f"{split}/{name}/", detail)


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


def _hint(name: str, classes: Sequence[str]) -> str:
    plain = name.strip().casefold()
    near = next((known for known in classes if known.casefold() == plain), None)
    return f" Did you mean '{near}'?" if near else ""


def _strays(places: Sequence[Place]) -> Iterator[Refusal]:
    """One refusal for each stray file, and one for each folder of strays beside train and val."""
    strangers: Counter[str] = Counter()
    for place in places:
        if is_archive_name(place.file):
            continue
        if place.folders and place.folders[0] not in SPLITS:
            strangers[place.folders[0]] += 1
        elif not place.is_in_class_folder:
            yield Refusal("unexpected-file", place.path, "The file lies outside the folders of the classes.")
        else:
            yield Refusal(
                "unexpected-file", place.path, "Not named as an image: PNG, JPEG, WebP, BMP, GIF, TIFF are read."
            )
    for folder, count in sorted(strangers.items()):
        yield Refusal("unexpected-file", f"{folder}/", f"{_files(count)} in a folder that is neither train nor val.")
