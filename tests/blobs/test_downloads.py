"""A blob on its way to a browser is read as it is sent, and typed by us."""

import pytest
from asgiref.sync import async_to_sync
from django.http import FileResponse, Http404

from fixpoint.blobs.downloads import blob_response
from fixpoint.blobs.store import blob_take

PACK = bytes(range(256)) * 12_000


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


def test_what_the_store_has_lost_is_not_found(settings):
    with pytest.raises(Http404):
        blob_response("0" * 64, content_type="image/png", is_public=True)
