"""A blob on its way to a browser is read as it is sent, and typed by us."""

import asyncio
import io
import threading

import pytest
from asgiref.sync import async_to_sync
from django.http import FileResponse, Http404

from fixpoint.blobs.downloads import blob_response
from fixpoint.blobs.store import blob_take, chunks

PACK = bytes(range(256)) * 12_000
pytestmark = pytest.mark.django_db
"""To close an answer is to end a request, upon which Django looks after its connections."""


PATIENCE = 60
"""Seconds: the file of a test that failed before it said so must not hold up the whole run when it is cleared away."""


class SlowFile(io.BytesIO):
    """Reads when it is told to, and is not closed before: as BufferedReader does it."""

    def __init__(self) -> None:
        super().__init__(PACK)
        self.begun, self.go_on, self.closed_for_good = threading.Event(), threading.Event(), threading.Event()
        self.closed_by = ""

    def read(self, size: int | None = -1) -> bytes:
        self.begun.set()
        self.go_on.wait(PATIENCE)
        return super().read(size)

    def close(self) -> None:
        self.go_on.wait(PATIENCE)
        self.closed_by = threading.current_thread().name
        self.closed_for_good.set()


@pytest.fixture(params=["folder", pytest.param("bucket", marks=pytest.mark.s3)])
def response(request, settings, tmp_path) -> FileResponse:
    if request.param == "bucket":
        request.getfixturevalue("bucket")
    (tmp_path / "arriving").write_bytes(PACK)
    stored = blob_take(tmp_path / "arriving")
    return blob_response(stored.sha256, content_type="application/zip", is_public=False, download_as="mine.zip")


def test_a_server_gets_it_in_pieces_and_never_as_a_whole(response):
    async def pieces() -> list[bytes]:
        return [piece async for piece in response]

    sent = async_to_sync(pieces)()
    assert b"".join(sent) == PACK
    assert [len(piece) for piece in sent] == [2**20, 2**20, len(PACK) - 2 * 2**20]


def test_its_headers_are_ours(response):
    told = {name: response.headers[name] for name in ("Content-Length", "Content-Type", "Content-Disposition")}
    assert told == {
        "Content-Length": str(len(PACK)),
        "Content-Type": "application/zip",
        "Content-Disposition": 'attachment; filename="mine.zip"',
    }
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, max-age=3600"
    response.close()


def test_who_asks_for_the_headers_alone_gets_them_and_nothing_is_read(settings, tmp_path):
    (tmp_path / "arriving").write_bytes(PACK)
    stored = blob_take(tmp_path / "arriving")
    response = blob_response(stored.sha256, content_type="application/zip", is_public=False, method="HEAD")
    assert response.headers["Content-Length"] == str(len(PACK))
    assert b"".join(response) == b""


def test_whoever_hangs_up_makes_nobody_wait_for_the_read_that_is_left_behind():
    slow = SlowFile()

    async def hang_up_and_go_on() -> None:
        reading = asyncio.ensure_future(anext(chunks(slow)))
        await asyncio.to_thread(slow.begun.wait)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        await asyncio.sleep(0)  # the loop goes round: nothing on it waits for the file
        assert not slow.closed_by
        slow.go_on.set()
        await asyncio.to_thread(slow.closed_for_good.wait)

    asyncio.run(hang_up_and_go_on())
    assert slow.closed_by.startswith("reader")


def test_what_the_store_has_lost_is_not_found(settings):
    with pytest.raises(Http404):
        blob_response("0" * 64, content_type="image/png", is_public=True)
