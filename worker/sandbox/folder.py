"""The output folder: made writable for the program, and measured while it runs."""

import os
import secrets
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from worker.sandbox.protocol import Mount, SandboxError

BLOCK = 512
READABLE = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH
ENTERABLE = stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH


@dataclass(frozen=True)
class Size:
    """Allocated bytes, and entries of any kind (a folder costs an inode too)."""

    bytes: int
    files: int


def measure(folder: Path, *, enough: int) -> Size:
    """Size of everything under `folder`, links not followed; stops counting once there are more than `enough` entries.

    A folder that cannot be listed counts as too many: what cannot be seen cannot be allowed.
    """
    used = 0
    files = 0
    waiting = [os.fspath(folder)]
    while waiting and files <= enough:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    files += 1
                    if files > enough:
                        break
                    used += _allocated(entry)
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except FileNotFoundError:
            continue  # The program removed it while we looked.
        except OSError:
            return Size(used, enough + 1)
    return Size(used, files)


def _allocated(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_blocks * BLOCK
    except FileNotFoundError:
        return 0


def empty(folder: Path) -> None:
    """Remove everything in `folder`, however deep; shutil.rmtree recurses, and gives up at a thousand levels."""
    waiting = list(folder.iterdir())
    moved = 0
    while waiting:
        entry = waiting.pop()
        if entry.is_symlink() or not entry.is_dir():
            entry.unlink()
            continue
        entry.chmod(stat.S_IRWXU)
        for child in entry.iterdir():
            # Up to the top under a short name, so that no path ever grows.
            moved += 1
            waiting.append(child.rename(folder / f".removed-{secrets.token_hex(8)}-{moved}"))
        entry.rmdir()


def free_bytes(folder: Path) -> int:
    """Free bytes of the file system that `folder` lies on, for users other than root."""
    room = os.statvfs(folder)
    return room.f_bavail * room.f_frsize


def free_files(folder: Path) -> int | None:
    """Files that may still be made there by users other than root; None where nobody counts them."""
    room = os.statvfs(folder)
    return room.f_favail if room.f_files else None


def hand_over(output: Path, mounts: Sequence[Mount], uid: int | None) -> None:
    """Let `uid` write to `output` and read the sources; what is above them may stay closed. None: it is our own uid."""
    if uid is None:
        return
    os.chown(output, uid, uid)
    for mount in mounts:
        mode = stat.S_IMODE(mount.source.stat().st_mode)
        needed = READABLE | (ENTERABLE if mount.source.is_dir() else 0)
        if mode & needed != needed:
            mount.source.chmod(mode | needed)


def take_back(output: Path, uid: int | None) -> None:
    """Make `output` ours again, so that nobody else can change what is about to be read."""
    if uid is not None:
        os.chown(output, os.geteuid(), os.getegid())


def checked(mounts: Sequence[Mount], output: Path) -> tuple[list[Mount], Path]:
    """The mounts and the output with real absolute paths. Raises SandboxError for what no sandbox should be given."""
    targets = [mount.target for mount in mounts]
    if len(set(targets)) != len(targets):
        raise SandboxError(f"Two mounts share a target: {targets}.")
    real = output.resolve()
    if not real.is_dir() or any(real.iterdir()):
        raise SandboxError(f"The output folder {output} must exist and be empty.")
    return [_checked(mount) for mount in mounts], real


def _checked(mount: Mount) -> Mount:
    if not mount.target.startswith("/in/") or os.path.normpath(mount.target) != mount.target:
        raise SandboxError(f"A mount's target must lie under /in/, and {mount.target!r} does not.")
    source = mount.source.resolve()
    if not (source.is_file() or source.is_dir()):
        raise SandboxError(f"Nothing to mount at {mount.source}: neither a file nor a folder.")
    return Mount(source, mount.target)
