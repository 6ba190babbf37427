"""A blob's name is the sha256 of its bytes: stored once, whole or not at all, read by whoever holds an address."""

import hashlib
import io
import random
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from django.core.files.base import ContentFile
from django.test import AsyncClient

from fixpoint.blobs.addresses import read_digest, read_token
from fixpoint.blobs.ranged import FIRST_BYTES
from fixpoint.blobs.store import (
    BlobMissingError,
    Stored,
    blob_open,
    blob_read,
    blob_size,
    blob_take,
    digest_of,
    is_blob,
    is_kept,
    store,
)

PACK = bytes(range(256)) * 12_000  # three pieces of a mebibyte, the last one short
NOTHING = "0" * 64


@pytest.fixture(autouse=True, params=["folder", pytest.param("bucket", marks=pytest.mark.s3)])
def kind(request, settings) -> str:
    """All of it holds for a folder and for a bucket of S3."""
    if request.param == "bucket":
        request.getfixturevalue("bucket")
    return request.param


@pytest.fixture
def place(settings, tmp_path) -> Path:
    return tmp_path / "arriving"


def stored_files() -> list[str]:
    folders, _ = store().listdir("")
    return sorted(f"{folder}/{name}" for folder in folders for name in store().listdir(folder)[1])


def take(place: Path, data: bytes):
    place.write_bytes(data)
    return blob_take(place)


def test_a_file_is_moved_to_its_content_address(place):
    stored = take(place, PACK)
    assert stored.sha256 == hashlib.sha256(PACK).hexdigest()
    assert stored.size == len(PACK)
    assert stored_files() == [f"{stored.sha256[:2]}/{stored.sha256}"]
    assert not place.exists()
    with blob_open(stored.sha256) as file:
        assert file.read() == PACK


def test_the_same_bytes_are_stored_once(place):
    first, again = take(place, PACK), take(place, PACK)
    assert first == again
    assert len(stored_files()) == 1
    assert not place.exists()


def test_a_copy_that_was_cut_off_is_made_whole_by_the_next_one(place):
    digest = hashlib.sha256(PACK).hexdigest()
    store().save(f"{digest[:2]}/{digest}", ContentFile(PACK[:1000]))
    assert not is_kept(Stored(digest, len(PACK)))
    take(place, PACK)
    assert is_kept(Stored(digest, len(PACK)))
    assert blob_read(digest, at_most=len(PACK)) == PACK


@pytest.mark.parametrize("size", [0, 1, FIRST_BYTES - 1, FIRST_BYTES, FIRST_BYTES + 1, 5 * 2**20])
def test_a_blob_is_read_as_it_was_written_whatever_its_size(place, size):
    data = (PACK * 2)[:size]
    stored = take(place, data)
    assert (stored.size, blob_size(stored.sha256)) == (size, size)
    with blob_open(stored.sha256) as file:
        assert digest_of(file) == stored


def test_a_blob_is_read_from_any_place_and_in_any_order(place):
    rng, stored = random.Random(7), take(place, PACK)
    with blob_open(stored.sha256) as file:
        for _ in range(60):
            at, length = rng.randrange(len(PACK) + 10), rng.choice([1, 100, 70_000, 10**6])
            assert file.seek(at) == at
            assert file.read(length) == PACK[at : at + length]
        assert file.seek(-10, io.SEEK_END) == len(PACK) - 10
        assert file.read() == PACK[-10:]
        assert file.read(1) == b""


def test_a_zip_is_opened_where_it_lies(place):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("first.txt", "one")
        archive.writestr("large.bin", PACK)
        archive.writestr("last.txt", "two")
    stored = take(place, held.getvalue())
    with blob_open(stored.sha256) as file, zipfile.ZipFile(file) as archive:
        assert archive.read("last.txt") == b"two"
        assert archive.testzip() is None


def test_many_threads_read_and_write_at_once(tmp_path, settings):
    def both(number: int) -> bool:
        data = f"number {number % 4}".encode() * 1000
        stored = take(tmp_path / f"arriving-{number}", data)
        return blob_read(stored.sha256, at_most=len(data)) == data

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(both, range(24)))
    assert len(stored_files()) == 4


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
