"""A store that does not answer, or says that it cannot: one error, told apart from a blob that is not there."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from fixpoint.blobs.away import StoreAwayError
from fixpoint.blobs.configured import blobs_storage
from fixpoint.blobs.store import (
    BlobMissingError,
    blob_open,
    blob_read,
    blob_size,
    blob_take,
    is_blob,
    is_kept,
    path_identity,
)
from fixpoint.organizing.doctor.blobs import blob_store, disk
from tests.support.sockets import closed_port, silent_port
from worker.contract import Level

NOTHING = "0" * 64
KEYS = {"FIXPOINT_S3_ACCESS_KEY": "key", "FIXPOINT_S3_SECRET_KEY": "a key that nobody may read"}


@pytest.fixture
def told(settings, monkeypatch):
    """Leads the platform to a store."""

    def tell(**variables: str) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        settings.STORAGES = settings.STORAGES | {"blobs": blobs_storage("")}

    return tell


@pytest.fixture
def arriving(settings, tmp_path):
    path = tmp_path / "arriving"
    path.write_bytes(b"a pack")
    return path


def expect_away(arriving, words: str = "") -> None:
    for ask in (is_blob, blob_size, blob_open):
        with pytest.raises(StoreAwayError, match=words):
            ask(NOTHING)
    with pytest.raises(StoreAwayError, match=words):
        blob_take(arriving)
    assert arriving.read_bytes() == b"a pack"


def at(port: int) -> dict[str, str]:
    return KEYS | {"FIXPOINT_S3_BUCKET": "blobs", "FIXPOINT_S3_ENDPOINT": f"http://127.0.0.1:{port}"}


def test_a_store_that_refuses_connections_is_away(told, arriving):
    told(**at(closed_port()))
    expect_away(arriving, "Could not connect")


def test_a_store_that_says_nothing_is_away_after_its_time(told, arriving):
    with silent_port() as port:
        told(**at(port), FIXPOINT_S3_TIMEOUT_SECONDS="1")
        with pytest.raises(StoreAwayError, match="Read timeout"):
            blob_size(NOTHING)


def test_a_store_that_is_overloaded_is_asked_three_times_and_then_away(told, arriving):
    asked = []

    class Overloaded(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            asked.append(self.path)
            self.send_response(503)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Overloaded) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        told(**at(server.server_port))
        with pytest.raises(StoreAwayError, match="503"):
            blob_size(NOTHING)
        server.shutdown()
    assert asked == [f"/blobs/00/{NOTHING}"] * 3


@pytest.mark.s3
def test_a_key_that_the_store_does_not_believe_is_told_and_not_taken_for_a_missing_blob(bucket, told, arriving):
    told(FIXPOINT_S3_SECRET_KEY="another")
    expect_away(arriving, "403")


@pytest.mark.s3
def test_a_bucket_that_does_not_exist_is_told_when_something_is_to_be_stored(bucket, told, arriving):
    told(FIXPOINT_S3_BUCKET="nobody-made-it")
    with pytest.raises(StoreAwayError, match="NoSuchBucket"):
        blob_take(arriving)
    assert arriving.exists()


@pytest.mark.s3
def test_a_store_that_comes_back_is_used_again_by_the_same_process(bucket, object_store, arriving):
    stored = path_identity(arriving)
    assert not is_blob(stored.sha256)
    object_store.stop()
    try:
        with pytest.raises(StoreAwayError):
            blob_take(arriving)
    finally:
        object_store.start()
    assert blob_take(arriving) == stored
    assert blob_read(stored.sha256, at_most=6) == b"a pack"


@pytest.mark.s3
def test_an_upload_in_parts_that_was_never_completed_is_no_blob(bucket, object_store, arriving):
    stored = path_identity(arriving)
    client, key = object_store.client(), f"{stored.sha256[:2]}/{stored.sha256}"
    begun = client.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
    client.upload_part(Bucket=bucket, Key=key, UploadId=begun, PartNumber=1, Body=b"a pack")
    assert not is_kept(stored)
    with pytest.raises(BlobMissingError):
        blob_open(stored.sha256)
    blob_take(arriving)
    assert blob_read(stored.sha256, at_most=6) == b"a pack"


@pytest.mark.s3
def test_the_doctor_tries_the_bucket_and_leaves_it_empty(bucket, object_store):
    finding = blob_store()
    assert (finding.level, f"s3://{bucket}/ at {object_store.url}" in finding.found) == (Level.OK, True)
    assert "Contents" not in object_store.client().list_objects_v2(Bucket=bucket)
    assert "blobs /" not in disk(floor=1, last=1).found


def test_the_doctor_says_that_the_store_is_away_and_what_to_look_at(told):
    told(**at(closed_port()))
    finding = blob_store()
    assert finding.level is Level.FAIL
    assert "cannot be used" in finding.found
    assert "FIXPOINT_S3_" in finding.advice
