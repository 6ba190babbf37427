"""Signed addresses: whoever holds one may read one blob, or write one output, for a while."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing

from fixpoint.blobs.store import store_address

_READ, _WRITE = "fixpoint.blobs.read", "fixpoint.blobs.write"


@dataclass(frozen=True)
class Slot:
    """A place for one output of one attempt."""

    attempt: str
    name: str
    max_bytes: int


def read_address(sha256: str) -> str:
    """Where a worker reads one blob: of the store where that signs addresses, else the platform's own."""
    return store_address(sha256, seconds=settings.ADDRESS_SECONDS) or f"/blobs/{read_token(sha256)}"


def read_token(sha256: str) -> str:
    """A token that reads one blob."""
    return signing.dumps(sha256, salt=_READ)


def read_digest(token: str) -> str:
    """The blob that a token reads; signing.BadSignature if it is forged or too old."""
    return str(signing.loads(token, salt=_READ, max_age=_age()))


def write_token(slot: Slot) -> str:
    """A token that writes one output."""
    return signing.dumps([slot.attempt, slot.name, slot.max_bytes], salt=_WRITE)


def write_slot(token: str) -> Slot:
    """The place that a token writes to; signing.BadSignature if it is forged or too old."""
    attempt, name, max_bytes = signing.loads(token, salt=_WRITE, max_age=_age())
    return Slot(str(attempt), str(name), int(max_bytes))


def _age() -> timedelta:
    return timedelta(seconds=settings.ADDRESS_SECONDS)
