"""The blob store, and the disks that it and uploads lie on."""

import errno
import shutil
from pathlib import Path

from django.conf import settings

from fixpoint.blobs.away import StoreAwayError
from fixpoint.blobs.probe import DamagedError, store_probe
from fixpoint.blobs.store import store_folder, store_place
from worker.contract import Finding, Level

GIB = 2**30
FLOOR_BYTES = 5 * GIB
"""The largest archive, 4 GiB, arrives, is stored and packed."""
LAST_BYTES = GIB // 2
_ON_S3 = "see that the store runs and is reached from here, and FIXPOINT_S3_* (docs/operations.md, “A store of S3”)"


def blob_store() -> Finding:
    """Whether a small file can be written, read back the same, and deleted."""
    place = store_place()
    try:
        size = store_probe()
    except OSError as error:
        return Finding(Level.FAIL, f"{place} cannot be used: {error.strerror or error}", _advice(error))
    except StoreAwayError as error:
        return Finding(Level.FAIL, f"{place} cannot be used: {error}", _ON_S3)
    except DamagedError as error:
        return Finding(Level.FAIL, f"{place}: {error}", "see the disk's health (dmesg, smartctl), restore from backup")
    return Finding(Level.OK, f"{size // 1024} KiB written to {place}, read back by sha256, deleted")


def _advice(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "give that folder to the user that runs the platform (chown), or set FIXPOINT_BLOBS to another"
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "make room (docs/operations.md, “the disk is full”)"
    return "see that its disk is there, whole, and mounted for writing (mount, dmesg)"


def disk(floor: int = FLOOR_BYTES, last: int = LAST_BYTES) -> Finding:
    """Free space for everything that grows; what shares a file system is told together."""
    places = {"uploads": Path(settings.FILE_UPLOAD_TEMP_DIR), "home": settings.HOME}
    if blobs := store_folder():
        places = {"blobs": blobs} | places
    disks: dict[int, list[str]] = {}
    free: dict[int, int] = {}
    for name, place in places.items():
        there = _there(Path(place))
        device = there.stat().st_dev
        disks.setdefault(device, []).append(f"{name} {place}")
        free[device] = shutil.disk_usage(there).free
    found = "; ".join(f"{free[device] / GIB:.1f} GiB free for {', '.join(on)}" for device, on in disks.items())
    advice = f"make room: at least {floor / GIB:.1f} GiB are wanted (docs/operations.md, “the disk is full”)"
    least = min(free.values())
    if least < floor:
        return Finding(Level.FAIL if least < last else Level.WARN, found, advice)
    return Finding(Level.OK, found)


def _there(path: Path) -> Path:
    """The folder, or what it will be made in."""
    return next(each for each in (path, *path.parents) if each.exists())
