"""A bundle that comes as one zip: unpacked where nothing of it can do harm, then read as any other."""

import shutil
import zipfile
import zlib
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from fixpoint.archives.directory import NotAZipError, TooManyEntriesError, overlapping, read_directory
from fixpoint.archives.entry import (
    damage_reason,
    is_encrypted,
    is_folder,
    is_readable_method,
    name_of,
    unsafe_reason,
)
from fixpoint.figures import whole
from fixpoint.sayings.saying import said
from fixpoint.tasks.bundle import BundleError
from fixpoint.tasks.exporting import YAML

_MOST_FILES = 100
_MOST_BYTES = 16 * 2**30
_MOST_YAML = 4 * 2**20
_TIMES = 2
"""A bundle lies unpacked and, until it is taken, as blobs."""


def bundle_unpack(source: Path, folder: Path) -> Path:
    """Unpack a bundle's zip into `folder`; the path of its YAML. Raises BundleError with every reason."""
    infos = _directory(source)
    if problems := _problems(infos, source) or _too_little_room(infos, folder):
        raise BundleError(problems)
    try:
        with zipfile.ZipFile(source) as archive:
            for info in infos:
                with archive.open(info) as part, (folder / name_of(info)).open("wb") as target:
                    shutil.copyfileobj(part, target)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise BundleError(
            [_("The zip is damaged: %(error)s. Export the task again.") % {"error": said(str(error))}]
        ) from error
    return folder / YAML


def _directory(source: Path) -> list[zipfile.ZipInfo]:
    try:
        return read_directory(source, max_entries=_MOST_FILES)
    except (NotAZipError, TooManyEntriesError) as error:
        raise BundleError(
            [_("This cannot be read as a bundle's zip: %(error)s.") % {"error": said(str(error))}]
        ) from error


def _problems(infos: list[zipfile.ZipInfo], source: Path) -> list[str]:
    found = [f"{name_of(info)!r}: {said(why)}." for info in infos if (why := unsafe_reason(info))]
    if found:
        return found
    names = [name_of(info) for info in infos]
    unfit = [info for info in infos if is_encrypted(info) or not is_readable_method(info) or is_folder(info)]
    found += [
        _("%(name)s is a folder, encrypted, or packed in a way that is not read.") % {"name": f"{name_of(info)!r}"}
        for info in unfit
    ]
    found += [
        f"{name_of(info)!r}: {said(why)}." for info in infos if not is_folder(info) and (why := damage_reason(info))
    ]
    found += [
        _("%(name)s lies in a folder: a bundle's files lie at the top.") % {"name": f"{name!r}"}
        for name in names
        if "/" in name
    ]
    found += [
        _("%(name)s overlaps another entry.") % {"name": f"{name_of(info)!r}"}
        for info in overlapping(infos, source.stat().st_size)
    ]
    if len({name.casefold() for name in names}) != len(names):
        found.append(_("Two files have the same name."))
    if YAML not in names:
        found.append(_("There is no %(yaml)s in it: choose a zip that was exported as a bundle.") % {"yaml": YAML})
    if sum(info.file_size for info in infos) > _MOST_BYTES:
        found.append(_("It unpacks to more than %(most)s GiB.") % {"most": _MOST_BYTES // 2**30})
    if any(info.file_size > _MOST_YAML for info in infos if name_of(info) == YAML):
        found.append(_("%(yaml)s is larger than %(most)s MiB.") % {"yaml": YAML, "most": _MOST_YAML // 2**20})
    return found


def _too_little_room(infos: list[zipfile.ZipInfo], folder: Path) -> list[str]:
    wanted = _TIMES * sum(info.file_size for info in infos)
    free = shutil.disk_usage(folder).free - settings.UPLOAD_RESERVE_BYTES
    if wanted <= free:
        return []
    room = _("it needs %(wanted)s MiB, and %(free)s MiB are left for bundles") % {
        "wanted": _mib(wanted),
        "free": _mib(max(0, free)),
    }
    return [
        _("There is too little room on the disk to unpack it: %(room)s. Ask whoever runs the site to make some.")
        % {"room": room}
    ]


def _mib(size: int) -> str:
    return whole(-(-size // 2**20))
