"""Where files stand in an archive, and what that makes of them: split, class, or a reason to refuse."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from fixed_model.archive import Entry
from fixed_model.names import is_archive_name
from fixed_model.refusals import Remarks

SPLITS = ("train", "val")
FLAT_NAME = re.compile(r"[0-9]+(\.[A-Za-z0-9]+)?")


@dataclass(frozen=True)
class Member:
    """An entry in its place. `split` and `label` are "" where the layout has none."""

    entry: Entry
    split: str
    label: str


def arrange(entries: list[Entry], layout: str, classes: list[str], limit: int, refusals: Remarks) -> list[Member]:
    """The files that stand where images belong, those of unknown classes included, so that each is still looked at."""
    if layout == "flat":
        members = [Member(entry, "", "") for entry in entries if is_flat(entry, refusals)]
    elif layout == "splits":
        members = arrange_folders(entries, SPLITS, classes, refusals)
    elif layout == "classes":
        members = arrange_folders(entries, ("",), classes, refusals)
    else:
        raise ValueError(f"unknown layout {layout!r}")
    if len(members) > limit:
        refusals.add("too-many-images", "", f"{len(members):,} images; the limit is {limit:,}")
    return members


def is_flat(entry: Entry, refusals: Remarks) -> bool:
    """Whether a file lies at the root under a number."""
    if FLAT_NAME.fullmatch(entry.path):
        return True
    refusals.add("unexpected-file", entry.path, "here stand only files at the root, named by a number")
    return False


def arrange_folders(
    entries: list[Entry], splits: tuple[str, ...], classes: list[str], refusals: Remarks
) -> list[Member]:
    """Members of `split/class/…` (of `class/…` where the only split is ""), bare or under one top folder."""
    known = {fold(name): name for name in classes}
    heads = set(known) if splits == ("",) else set(splits)
    depth = 1 if splits == ("",) else 2
    paths = [fold(entry.path).split("/") for entry in entries]
    root = find_root(paths, heads)
    shown = "" if root is None else f"{root}/"
    members: list[Member] = []
    unknown: Counter[str] = Counter()
    for entry, whole in zip(entries, paths, strict=True):
        parts = whole if root is None else whole[1:] if whole[0] == root else []
        if len(parts) <= depth or (depth == 2 and parts[0] not in splits):
            if is_archive_name(entry.path):
                refusals.add("nested-archive", entry.path, "an archive within the archive")
            else:
                refusals.add("unexpected-file", entry.path, f"images stand in {shown}{expected(splits)}")
            continue
        label = parts[depth - 1]
        if label not in known:
            unknown[shown + "/".join(parts[:depth])] += 1
        members.append(Member(entry, parts[0] if depth == 2 else "", known.get(label, label)))
    for folder, count in unknown.items():
        refusals.add("unknown-class", folder, f"the folder (with {count:,} files) is no class of this task")
    refuse_missing(members, splits, classes, shown, refusals)
    return members


def find_root(paths: list[list[str]], heads: set[str]) -> str | None:
    """The one top folder that all stands in, or None where the archive is bare."""
    if any(len(path) > 1 and path[0] in heads for path in paths):
        return None
    holders = Counter(path[0] for path in paths if len(path) > 2 and path[1] in heads)
    return holders.most_common(1)[0][0] if holders else None


def refuse_missing(
    members: list[Member], splits: tuple[str, ...], classes: list[str], shown: str, refusals: Remarks
) -> None:
    """Name each split without any file, and each class that a split lacks."""
    present = {(member.split, member.label) for member in members}
    for split in splits:
        if not any(member.split == split for member in members):
            what = f"the folder {split} is missing or empty" if split else "there is no class folder"
            refusals.add("missing-split" if split else "missing-class", shown + split, what)
            continue
        for name in classes:
            if (split, name) not in present:
                folder = f"{split}/{name}" if split else name
                refusals.add("missing-class", shown + folder, "the folder of this class is missing or empty")


def expected(splits: tuple[str, ...]) -> str:
    """The place where images belong, as a pattern."""
    return "<class>/" if splits == ("",) else "{" + ",".join(splits) + "}/<class>/"


def fold(name: str) -> str:
    """One spelling for names that look the same: macOS writes letters and accents apart."""
    return unicodedata.normalize("NFC", name)
