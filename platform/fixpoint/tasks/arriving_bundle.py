"""A bundle that comes as one zip: unpacked where nothing of it can do harm, then read as any other."""

import shutil
import zipfile
import zlib
from pathlib import Path, PurePosixPath

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
from fixpoint.tasks.bundle_problems import BundleError
from fixpoint.tasks.exporting import YAML
from fixpoint.tasks.saying import at_most_ten

_MOST_FILES = 100
_MOST_BYTES = 16 * 2**30
MOST_YAML = 4 * 2**20
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
    except TooManyEntriesError as error:
        says = _("It lists %(entries)s files; a bundle has at most %(most)s: %(yaml)s and the zips that it names.")
        told = {"entries": whole(error.entries), "most": whole(_MOST_FILES), "yaml": YAML}
        raise BundleError([says % told]) from error
    except NotAZipError as error:
        raise BundleError(
            [_("This cannot be read as a bundle's zip: %(error)s.") % {"error": said(str(error))}]
        ) from error


def _problems(infos: list[zipfile.ZipInfo], source: Path) -> list[str]:
    found = [f"{name_of(info)!r}: {said(why)}." for info in infos if (why := unsafe_reason(info))]
    if found:
        return at_most_ten(found)
    names = [name_of(info) for info in infos]
    if YAML not in names:
        return [_no_yaml(names)]
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
    if sum(info.file_size for info in infos) > _MOST_BYTES:
        found.append(_("It unpacks to more than %(most)s GiB.") % {"most": _MOST_BYTES // 2**30})
    if any(info.file_size > MOST_YAML for info in infos if name_of(info) == YAML):
        found.append(yaml_too_large())
    return at_most_ten(found)


def _no_yaml(names: list[str]) -> str:
    """The one thing to say of a zip that is something else: what is in it would be told in vain."""
    if any(PurePosixPath(name).name == YAML for name in names):
        return _("%(yaml)s lies in a folder: zip the files themselves, without the folder around them.") % {
            "yaml": YAML
        }
    return _("There is no %(yaml)s in it: choose a zip that was exported as a bundle.") % {"yaml": YAML}


def yaml_too_large() -> str:
    """In a sentence."""
    return _("%(yaml)s is larger than %(most)s MiB.") % {"yaml": YAML, "most": MOST_YAML // 2**20}


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
