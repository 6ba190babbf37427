"""A blob's name is the sha256 of its bytes: stored once, whole or not at all, read by whoever holds an address."""

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient

from fixpoint.blobs.addresses import read_digest, read_token
from fixpoint.blobs.store import (
    BlobMissingError,
    blob_open,
    blob_read,
    blob_size,
    blob_take,
    digest_of,
    is_blob,
)

PACK = bytes(range(256)) * 12_000  # three pieces of a mebibyte, the last one short
NOTHING = "0" * 64


@pytest.fixture
def place(settings, tmp_path) -> Path:
    return tmp_path / "arriving"


def stored_files(settings) -> list[str]:
    root = Path(settings.HOME) / "blobs"
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def take(place: Path, data: bytes):
    place.write_bytes(data)
    return blob_take(place)


def test_a_file_is_moved_to_its_content_address(place, settings):
    stored = take(place, PACK)
    assert stored.sha256 == hashlib.sha256(PACK).hexdigest()
    assert stored.size == len(PACK)
    assert stored_files(settings) == [f"{stored.sha256[:2]}/{stored.sha256}"]
    assert not place.exists()
    with blob_open(stored.sha256) as file:
        assert file.read() == PACK


def test_the_same_bytes_are_stored_once(place, settings):
    first, again = take(place, PACK), take(place, PACK)
    assert first == again
    assert len(stored_files(settings)) == 1
    assert not place.exists()


def test_a_copy_that_was_cut_off_is_made_whole_by_the_next_one(place, settings):
    digest = hashlib.sha256(PACK).hexdigest()
    stump = Path(settings.HOME) / "blobs" / digest[:2] / digest
    stump.parent.mkdir()
    stump.write_bytes(PACK[:1000])
    take(place, PACK)
    assert stump.read_bytes() == PACK


def test_what_is_not_there_is_missing_by_name():
    assert not is_blob(NOTHING)
    for look in (blob_open, blob_size):
        with pytest.raises(BlobMissingError):
            look(NOTHING)


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "A" * 64, "0" * 63, f"{NOTHING}\n"])
def test_what_is_no_digest_is_never_a_path(settings, name):
    assert not is_blob(name)
    for look in (blob_open, blob_size):
        with pytest.raises(BlobMissingError):
            look(name)


def test_a_small_blob_is_read_and_a_large_one_refused(place):
    stored = take(place, b"12345")
    assert blob_read(stored.sha256, at_most=5) == b"12345"
    with pytest.raises(ValueError, match="larger than 4 bytes"):
        blob_read(stored.sha256, at_most=4)


def test_a_digest_counts_from_where_the_file_stands():
    file = io.BytesIO(b"headbody")
    file.seek(4)
    assert digest_of(file).sha256 == hashlib.sha256(b"body").hexdigest()


def test_a_token_names_one_blob(settings):
    assert read_digest(read_token(NOTHING)) == NOTHING


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    pieces: list[bytes]


def fetched(token: str, method: str = "get") -> Answer:
    """What uvicorn's side of Django answers, read to its end."""

    async def fetch() -> Answer:
        response = await getattr(AsyncClient(), method)(f"/blobs/{token}")
        pieces = [piece async for piece in response.streaming_content] if response.streaming else [response.content]
        return Answer(response.status_code, dict(response.items()), pieces)

    return async_to_sync(fetch)()


def test_whoever_holds_an_address_gets_the_bytes_in_pieces(place):
    stored = take(place, PACK)
    answer = fetched(read_token(stored.sha256))
    assert answer.status == 200
    assert answer.headers["Content-Length"] == str(len(PACK))
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert b"".join(answer.pieces) == PACK
    assert len(answer.pieces) == 3


def test_a_forged_address_gets_nothing(place):
    token = read_token(take(place, PACK).sha256)
    other = read_token(NOTHING)
    for forged in (token[:-1], token.swapcase(), "x", f"{token.partition(':')[0]}:{other.partition(':')[2]}"):
        assert fetched(forged).status == 403


def test_an_address_of_a_blob_that_is_gone_is_not_found(settings):
    assert fetched(read_token(NOTHING)).status == 404


def test_an_address_expires(place, settings):
    token = read_token(take(place, PACK).sha256)
    settings.ADDRESS_SECONDS = -1
    assert fetched(token).status == 403
    settings.ADDRESS_SECONDS = 60
    assert b"".join(fetched(token).pieces) == PACK


def test_a_blob_is_only_read(place):
    token = read_token(take(place, PACK).sha256)
    assert fetched(token, "post").status == 405
    assert fetched(token, "put").status == 405
