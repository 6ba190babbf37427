"""What the zips beside the hidden test set show before a task is made of them: label book, training data, baselines."""

import zipfile
import zlib
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
    unsafe_reason,
)
from fixpoint.archives.magic import HEAD_BYTES, image_format
from fixpoint.archives.tree import SPLITS, Place, place_of, tree_of
from fixpoint.figures import whole
from fixpoint.sayings.saying import said
from fixpoint.tasks.bundle_fields import TaskBundle
from fixpoint.tasks.bundle_problems import Problem
from fixpoint.tasks.hidden_archive import MAX_ENTRIES, labelled
from fixpoint.tasks.saying import at_most_ten

_SPLIT_FOLDERS = {(split,) for split in SPLITS}
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
    wanted = [place_of(info) for info in infos if not is_clutter(info)]
    return too_many + split_problems(wanted, bundle.classes)


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


def split_problems(places: Sequence[Place], classes: Sequence[str]) -> list[str]:
    """Of a dataset's tree: what would refuse it, by the rule that participants' are held to."""
    tree = tree_of(places, classes)
    if len(tree.tops) > 1:
        return [_("Its folders train and val must lie at the top, or under one top folder.")]
    if len(tree.missing_splits) == len(SPLITS):
        return [_("There is no folder train or val in it: a dataset holds both, each with a folder a class.")]
    problems = [
        _("There is no folder %(split)s in it, or it is empty.") % {"split": each} for each in tree.missing_splits
    ]
    problems += [_no_class(f"{split}/{name}", count) for (split, name), count in tree.unknown.items()]
    for place in tree.misplaced:
        if place.is_in_class_folder and place.folders[:2] not in tree.unknown:
            problems.append(_("%(name)s is not an image.") % {"name": repr(place.path)})
        elif place.folders[:1] in _SPLIT_FOLDERS and not place.is_in_class_folder:
            problems.append(_no_class(place.path, 1))
    problems += [
        _("No image of class '%(name)s' in %(split)s.") % {"name": name, "split": split} for split, name in tree.missing
    ]
    if beside := len(tree.outside) + sum(place.folders[:1] not in _SPLIT_FOLDERS for place in tree.misplaced):
        says = ngettext(
            "%(count)s file lies outside of train and val.", "%(count)s files lie outside of train and val.", beside
        )
        problems.append(says % {"count": whole(beside)})
    return problems


def _no_class(where: str, count: int) -> str:
    says = ngettext(
        "'%(where)s' is no class of this task (%(count)s file).",
        "'%(where)s' is no class of this task (%(count)s files).",
        count,
    )
    return says % {"where": where, "count": whole(count)}
