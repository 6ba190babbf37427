"""The tus protocol as a raw ASGI application: bytes are written as they arrive, which a view of Django's cannot do.

Django under ASGI reads a whole body before any view sees it, and drops it when the line breaks.
"""

import asyncio
import errno
import logging
from functools import partial
from http import HTTPStatus

from django.conf import settings
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _

from fixpoint.accounts.language import language_asked
from fixpoint.accounts.models import User
from fixpoint.blobs.away import StoreAwayError
from fixpoint.body_limit import Application, Receive, Scope, Send
from fixpoint.uploads import answers, into_drafts
from fixpoint.uploads.announced import announced
from fixpoint.uploads.answers import Answer, answer_send
from fixpoint.uploads.asking import Asking, asking_of
from fixpoint.uploads.models import Upload
from fixpoint.uploads.part import Part, PartLockedError
from fixpoint.uploads.people import is_by_token, sender_of
from fixpoint.uploads.pieces import NO_ZIP, Piece, piece_of
from fixpoint.uploads.refusals import UploadRefusedError, database_away, disk_full, gone, locked, store_away
from fixpoint.uploads.services import upload_begin, upload_give_up
from fixpoint.uploads.steps import place_of, upload_asked, upload_discarded, upload_told, upload_whole
from fixpoint.uploads.terms import expect_pace_of
from fixpoint.uploads.threads import Threads

log = logging.getLogger(__name__)

THREADS = 8
"""For files and rows; what waits for a client's bytes holds none."""
FINISHING = 2
"""Files at once that are hashed, inspected and moved into the store: seconds for a large one, so in threads apart."""
_FULL = {errno.ENOSPC, errno.EDQUOT}


class _Gone(Exception):  # noqa: N818 - nobody's error: whoever asked has left
    """The connection ended before the body did."""


def with_uploads(application: Application) -> Application:
    """The same application, with the protocol's requests answered here."""
    protocol = _Protocol(Threads(THREADS, "uploads"), Threads(FINISHING, "finishing"))

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        asking = asking_of(scope)
        if asking is None:
            await application(scope, receive, send)
            return
        with translation.override(language_asked(scope)):
            answer = await protocol.answer(asking, scope, receive)
        if answer:
            await answer_send(answer, send, is_head=asking.method == "HEAD")

    return either


class _Protocol:
    """Each method of the protocol; the threads wait for disk and database in the loop's place."""

    def __init__(self, threads: Threads, finishing: Threads) -> None:
        self._run = threads.run
        self._finish = finishing.run

    async def answer(self, asking: Asking, scope: Scope, receive: Receive) -> Answer | None:
        """None where nobody is there any more to hear it."""
        try:
            asking.expect_version()
            return await self._answer(asking, scope, receive)
        except UploadRefusedError as refusal:
            return answers.refused(refusal)
        except PartLockedError:
            return answers.refused(locked())
        except Upload.DoesNotExist:  # what it became, and its row with it, was deleted since it was looked up
            return answers.refused(gone())
        except _Gone:
            return None
        except DatabaseError:
            log.exception("The database failed during an upload.")
            return answers.refused(database_away())
        except StoreAwayError as error:
            log.error("The store was away for an upload: %s", error)  # noqa: TRY400 - the place says nothing more
            return answers.refused(store_away())
        except OSError as error:
            if error.errno not in _FULL:
                raise
            log.error("The disk of the uploads is full: %s", error)  # noqa: TRY400 - the place says nothing more
            return answers.refused(disk_full())

    async def _answer(self, asking: Asking, scope: Scope, receive: Receive) -> Answer:
        if asking.method == "OPTIONS":
            return answers.terms()
        person = await self._run(sender_of, scope)
        is_program = is_by_token(scope)
        if asking.upload_id is None:
            return await self._begin(asking, person, receive, is_program=is_program)
        upload = await self._run(partial(upload_asked, person, asking.upload_id, is_program=is_program))
        if asking.method == "HEAD":
            return await self._tell(upload)
        if asking.method == "DELETE":
            return await self._run(upload_discarded, upload)
        if not asking.is_with_bytes:
            detail = _("A piece of a file has the Content-Type application/offset+octet-stream.")
            raise UploadRefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail)
        return answers.taken(upload, await self._take(asking, upload, asking.offset, receive))

    async def _tell(self, upload: Upload) -> Answer:
        """How far it is. What is whole and was not taken yet is taken now."""
        answer = await self._run(upload_told, upload)
        if answer is None:
            part = await self._run(Part, upload.pk)
            try:
                await self._finish(upload_whole, upload, part)
            finally:
                part.close()
        return answer or answers.told(upload, upload.length)

    async def _begin(self, asking: Asking, person: User, receive: Receive, *, is_program: bool) -> Answer:
        file = announced(asking.length, asking.headers.get("upload-metadata", ""))
        if file.draft and is_program:
            detail = _("A token opens no drafts of tasks. Sign in, and upload the file in the draft itself.")
            raise UploadRefusedError(HTTPStatus.FORBIDDEN, detail)
        await self._run(expect_pace_of, person)
        upload = await self._run(partial(upload_begin, owner=person, file=file))
        if not asking.is_with_bytes:
            return answers.begun(upload)
        return answers.begun(upload, await self._take(asking, upload, 0, receive))

    async def _take(self, asking: Asking, upload: Upload, offset: int, receive: Receive) -> int:
        """The offset behind the body; a file that is whole by it was taken."""
        checksum = asking.checksum
        part = await self._run(Part, upload.pk)
        try:
            if await self._run(place_of, upload, part, offset, asking.body_bytes) == upload.length:
                if not upload.is_taken:
                    await self._finish(upload_whole, upload, part)
                return upload.length
            advice = into_drafts.NO_ZIP if upload.draft_id else NO_ZIP
            piece = await self._run(piece_of, part, upload.length, checksum, advice)
            try:
                await self._receive(piece, receive)
            except UploadRefusedError as refusal:
                if refusal.is_final:
                    await self._run(partial(upload_give_up, upload=upload, part=part))
                raise
            finally:
                await self._run(piece.close)
            size = part.size
            if size == upload.length:
                await self._finish(upload_whole, upload, part)
            return size
        finally:
            part.close()

    async def _receive(self, piece: Piece, receive: Receive) -> None:
        more = True
        while more:
            try:
                async with asyncio.timeout(settings.UPLOAD_SILENCE_SECONDS):
                    message = await receive()
            except TimeoutError as error:
                detail = _("Nothing arrived for a while, so that this request was ended. Ask for the offset and go on.")
                raise UploadRefusedError(HTTPStatus.REQUEST_TIMEOUT, detail) from error
            if message["type"] == "http.disconnect":
                raise _Gone
            if data := message.get("body", b""):
                await self._run(piece.add, data)
            more = message.get("more_body", False)
        await self._run(piece.settle)
