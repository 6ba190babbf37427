"""Blobs as answers to a browser: typed by us, never sniffed, cached for as long as they can be."""

import io
from collections.abc import AsyncIterator

from django.http import FileResponse, Http404, StreamingHttpResponse

from fixpoint.blobs.store import BlobMissingError, blob_open, blob_size, chunks, made


class StreamedFile(FileResponse):
    """Read as it is sent: under ASGI Django's own would be read to its end into memory first."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in chunks(self.file_to_stream):  # type: ignore[arg-type]  # the stubs know BytesIO only
            yield piece


class Streamed(StreamingHttpResponse):
    """Made as it is sent, a piece at a time beside the event loop."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in made(iter(self.streaming_content)):  # type: ignore[arg-type]  # it was given as one
            yield piece


def blob_response(
    sha256: str, *, content_type: str, is_public: bool, download_as: str = "", method: str | None = "GET"
) -> FileResponse:
    """Send a blob; Http404 if the store has lost it. `download_as` names the file that the browser saves.

    Where only the headers were asked for, nothing is read: no server sends what it would.
    """
    try:
        length = blob_size(sha256)
        file = io.BytesIO() if method == "HEAD" else blob_open(sha256)
    except BlobMissingError as error:
        raise Http404 from error
    response = StreamedFile(file, content_type=content_type, as_attachment=bool(download_as), filename=download_as)
    response.headers["Content-Length"] = str(length)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = f"{'public' if is_public else 'private'}, max-age=3600"
    return response
