"""What the zips beside the hidden test set show before a task is made of them: label book, training data, baselines."""

import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fixpoint.archives.directory import NotAZipError, TooManyEntriesError, directory_of
from fixpoint.archives.entry import (
    is_clutter,
    is_encrypted,
    is_folder,
    is_image_name,
    is_readable_method,
    name_of,
    parts_of,
    unsafe_reason,
)
from fixpoint.archives.magic import HEAD_BYTES, image_format
from fixpoint.figures import whole
from fixpoint.sayings.saying import said
from fixpoint.tasks.bundle_fields import TaskBundle
from fixpoint.tasks.bundle_problems import Problem
from fixpoint.tasks.hidden_archive import MAX_ENTRIES, labelled
from fixpoint.tasks.saying import at_most_ten

SPLITS = ("train", "val")
_MOST_OPENED = 2_000
"""Files of a label book whose first bytes are read."""


def bundle_file_problems(bundle: TaskBundle) -> list[Problem]:
    """Of the files of a loaded bundle but the hidden test set, each problem with its field."""
    found = []
    if bundle.label_book:
        with bundle.label_book.open("rb") as file:
            found += file_problems_of(("label_book",), _("Label book"), file, bundle)
    if bundle.training_data:
        with bundle.training_data.open("rb") as file:
            found += file_problems_of(("training_data",), _("Training data"), file, bundle)
    for number, each in enumerate(bundle.baselines):
        with each.zip.open("rb") as file:
            found += file_problems_of(("baselines", number, "zip"), each.name, file, bundle)
    return found


def file_problems_of(place: tuple[str | int, ...], called: str, file: IO[bytes], bundle: TaskBundle) -> list[Problem]:
    """Of one open zip, by the field that it stands in: at most ten and a count."""
    try:
        infos = directory_of(file, max_entries=MAX_ENTRIES)
    except (NotAZipError, TooManyEntriesError) as error:
        found = [_("it cannot be read as a zip: %(why)s.") % {"why": said(str(error))}]
    else:
        found = [f"{name_of(info)!r}: {said(why)}." for info in infos if (why := unsafe_reason(info))]
        safe = [info for info in infos if not unsafe_reason(info)]
        found += [_("%(name)s is encrypted.") % {"name": f"{name_of(i)!r}"} for i in safe if is_encrypted(i)]
        found += [
            _("%(name)s is neither stored nor deflated.") % {"name": f"{name_of(i)!r}"}
            for i in safe
            if not is_folder(i) and not is_readable_method(i)
        ]
        found = found or _layout_problems(str(place[0]), file, safe, bundle)
    return [Problem(place, _("%(file)s: %(says)s") % {"file": called, "says": says}) for says in at_most_ten(found)]


def _layout_problems(field: str, file: IO[bytes], infos: list[zipfile.ZipInfo], bundle: TaskBundle) -> list[str]:
    if field == "label_book":
        return book_problems(file, infos, bundle.classes)
    files = [info for info in infos if not is_folder(info) and not is_clutter(info)]
    if not any(is_image_name(name_of(info)) for info in files):
        return [_("There is no image in it.")]
    if field == "training_data":
        return []  # in whatever folders
    images = sum(is_image_name(name_of(info)) for info in files)
    over = _("It holds %(images)s images; the task allows %(most)s.") % {
        "images": whole(images),
        "most": whole(bundle.limits.max_images),
    }
    too_many = [over] if images > bundle.limits.max_images else []
    return too_many + split_problems([parts_of(info) for info in files], bundle.classes)


def book_problems(file: IO[bytes], infos: list[zipfile.ZipInfo], classes: Sequence[str]) -> list[str]:
    """A folder a class with images in it, as its worker will read it."""
    found, problems = labelled(infos, classes)
    with zipfile.ZipFile(file) as source:
        for info, _label in found[:_MOST_OPENED]:
            try:
                with source.open(info) as member:
                    is_image = bool(image_format(member.read(HEAD_BYTES)))
            except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError) as error:
                says = _("%(name)s is damaged: %(error)s.")
                problems.append(says % {"name": f"{name_of(info)!r}", "error": said(str(error))})
                continue
            if not is_image:
                problems.append(_("%(name)s is not an image.") % {"name": f"{name_of(info)!r}"})
    return problems


def split_problems(files: Sequence[tuple[str, ...]], classes: Sequence[str]) -> list[str]:
    """Of files by their folders: train and val, bare or under one top folder, each with every class and no other."""
    is_bare = any(parts[0] in SPLITS for parts in files)
    depth = 0 if is_bare else 1
    inside = {
        split: [parts[depth + 1 :] for parts in files if len(parts) > depth + 1 and parts[depth] == split]
        for split in SPLITS
    }
    if not any(inside.values()):
        return [_("There is no folder train or val in it: a dataset holds both, each with a folder a class.")]
    if depth and len({parts[0] for parts in files}) > 1:
        return [_("Its folders train and val must lie at the top, or under one top folder.")]
    problems = [problem for split in SPLITS for problem in _split_problems(split, inside[split], classes)]
    if beside := len(files) - sum(map(len, inside.values())):
        says = ngettext(
            "%(count)s file lies outside of train and val.", "%(count)s files lie outside of train and val.", beside
        )
        problems.append(says % {"count": whole(beside)})
    return problems


def _split_problems(split: str, files: Sequence[tuple[str, ...]], classes: Sequence[str]) -> list[str]:
    if not files:
        return [_("There is no folder %(split)s in it, or it is empty.") % {"split": split}]
    known = set(classes)
    filled = {parts[0] for parts in files if len(parts) > 1 and is_image_name(parts[-1])}
    strangers = Counter(parts[0] for parts in files if len(parts) == 1 or parts[0] not in known)
    problems = [
        ngettext(
            "'%(where)s' is no class of this task (%(count)s file).",
            "'%(where)s' is no class of this task (%(count)s files).",
            count,
        )
        % {"where": f"{split}/{where}", "count": whole(count)}
        for where, count in sorted(strangers.items())
    ]
    others = [parts for parts in files if len(parts) > 1 and parts[0] in known and not is_image_name(parts[-1])]
    problems += [_("%(name)s is not an image.") % {"name": repr("/".join((split, *parts)))} for parts in others]
    return problems + [
        _("No image of class '%(name)s' in %(split)s.") % {"name": name, "split": split}
        for name in classes
        if name not in filled
    ]
