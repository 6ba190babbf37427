"""Outputs on their way in: written under the attempt's own folder, believed only when size and sha256 are right."""

import base64
import fcntl
import hashlib
import os
import re
import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from fixpoint.blobs.addresses import Slot
from fixpoint.blobs.away import StoreAwayError
from fixpoint.blobs.store import Stored, blob_keep, blob_take, digest_of
from fixpoint.dispatch.models import Attempt
from worker.contract import INLINE_BYTES, Delivered

_SAFE = re.compile(r"[a-z][a-z0-9_.-]{0,60}")
_LOCK = ".taking"
_ATTEMPT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class DeliveryError(Exception):
    """What arrived is not what was announced: the worker must hand it in again."""


class TooLargeError(DeliveryError):
    """More bytes than the claim allowed."""


class AttemptEndedError(DeliveryError):
    """Nobody waits for this output any more."""


class BusyError(Exception):
    """The same report is in hand already."""


class Blobs(dict[str, str]):
    """Digests of what a report delivered, by name; DeliveryError for what it should have delivered and did not."""

    def __missing__(self, name: str) -> str:
        raise DeliveryError(f"{name} was not handed in.")


def delivery_write(*, slot: Slot, chunks: Iterable[bytes]) -> int:
    """Write one output as its bytes arrive, whole or not at all, replacing an earlier try; returns its size."""
    path = _path(slot.attempt, slot.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{uuid.uuid4().hex}")  # two tries at once must not write into each other
    try:
        size = _write(draft, slot, chunks)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
        # Asked after the file is there: an attempt that ends later clears it away with its folder.
        is_open = _is_open(slot.attempt)
        if not is_open:
            _discard(slot.attempt)
    if not is_open:
        raise AttemptEndedError("This attempt has ended.")
    return size


def delivery_take(attempt: Attempt, announced: Delivered) -> str:
    """Move a delivered output to its content address after checking it; returns its sha256."""
    path = _path(str(attempt.pk), announced.name)
    ours = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    try:
        path.rename(ours)  # from here on no other try writes into what is hashed and stored
    except FileNotFoundError:
        # A report that was said before: the bytes are in the store already.
        if blob_keep(Stored(announced.sha256, announced.size)):
            return announced.sha256
        raise DeliveryError(f"{announced.name} has not arrived: send it again.") from None
    try:
        with ours.open("rb") as file:
            arrived = digest_of(file)
        if (arrived.sha256, arrived.size) != (announced.sha256, announced.size):
            raise DeliveryError(f"{announced.name} arrived damaged: send it again.")
        return blob_take(ours, arrived).sha256
    except StoreAwayError:
        with suppress(FileNotFoundError):  # an attempt that ended meanwhile took its folder with it
            ours.replace(path)  # said again, the report finds it here and the worker need not send it again
        raise
    finally:
        ours.unlink(missing_ok=True)


def deliveries_unpack(attempt: Attempt, delivered: Iterable[Delivered]) -> dict[str, str]:
    """Check and store the outputs that came inside their report; their digests by name. ValueError for no base64."""
    enclosed = {each: base64.b64decode(each.content, validate=True) for each in delivered if each.content is not None}
    if sum(map(len, enclosed.values())) > INLINE_BYTES:
        raise ValueError(f"Outputs inside a report have {INLINE_BYTES} bytes at most, all together.")
    return {each.name: _unpacked(attempt, each, content) for each, content in enclosed.items()}


@contextmanager
def deliveries_held(attempt: Attempt) -> Iterator[None]:
    """One report at a time takes an attempt's deliveries. BusyError, at once, for one that is said again meanwhile."""
    lock = _opened(_folder(str(attempt.pk)))
    try:
        _lock(lock)
        yield
    finally:
        os.close(lock)


def deliveries_discard(attempt: Attempt) -> None:
    """Forget what an ended attempt handed in and nobody took."""
    _discard(str(attempt.pk))


def deliveries_sweep() -> None:
    """Forget what ended attempts left: whoever should have, may have been killed before it could."""
    folders = {path.name for path in _incoming().glob("*") if _ATTEMPT.fullmatch(path.name)}
    open_ones = Attempt.objects.filter(pk__in=folders, ended_at=None).values_list("pk", flat=True)
    for attempt in folders - {str(pk) for pk in open_ones}:
        _discard(attempt)


def _unpacked(attempt: Attempt, announced: Delivered, content: bytes) -> str:
    found = Stored(hashlib.sha256(content).hexdigest(), len(content))
    if (found.sha256, found.size) != (announced.sha256, announced.size):
        raise DeliveryError(f"{announced.name} arrived damaged: send it again.")
    if not blob_keep(found):
        draft = _path(str(attempt.pk), announced.name).with_suffix(f".{uuid.uuid4().hex}")
        draft.parent.mkdir(parents=True, exist_ok=True)
        try:
            draft.write_bytes(content)
            blob_take(draft, found)
        finally:
            draft.unlink(missing_ok=True)
    return found.sha256


def _opened(folder: Path) -> int:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except (FileNotFoundError, FileExistsError):
        # The same report said at the same moment has ended the attempt, and its folder goes.
        raise BusyError("What this report delivers is being put away: ask again.") from None


def _lock(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BusyError("What this report delivers is being taken in: ask again.") from None


def _write(path: Path, slot: Slot, chunks: Iterable[bytes]) -> int:
    size = 0
    with path.open("wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > slot.max_bytes:
                raise TooLargeError(f"{slot.name} is larger than {slot.max_bytes} bytes.")
            file.write(chunk)
    return size


def _is_open(attempt: str) -> bool:
    return Attempt.objects.filter(pk=attempt, ended_at=None).exists()


def _discard(attempt: str) -> None:
    shutil.rmtree(_folder(attempt), ignore_errors=True)


def _path(attempt: str, name: str) -> Path:
    if not _SAFE.fullmatch(name):
        raise DeliveryError(f"{name!r} is not a name for an output.")
    return _folder(attempt) / name


def _folder(attempt: str) -> Path:
    return _incoming() / attempt


def _incoming() -> Path:
    return Path(settings.HOME) / "incoming"
