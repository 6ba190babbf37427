"""The workers' channel up: claim, heartbeat, report, outputs, and the blobs that they read."""

import asyncio
import json
import logging
import math
from collections.abc import Iterator
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django.core import signing
from django.db import DataError
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from pydantic import TypeAdapter

from fixpoint.blobs.addresses import read_digest, write_slot
from fixpoint.blobs.away import StoreAwayError
from fixpoint.blobs.store import BlobMissingError, blob_open, blob_size, chunks
from fixpoint.dispatch.claiming import attempt_claim
from fixpoint.dispatch.deliveries import AttemptEndedError, BusyError, DeliveryError, TooLargeError, delivery_write
from fixpoint.dispatch.errors import FencedError, MismatchError, NotClaimableError
from fixpoint.dispatch.registry import StrangerError, hello_seconds, worker_hello
from fixpoint.dispatch.reporting import attempt_beat, report_take
from fixpoint.recipes import known_recipes, recipe_facts
from worker.contract import CONTRACT, Claim, ClaimRequest, Hello, Orders, Reply, Report, Terms

log = logging.getLogger(__name__)

_CLAIM_REQUEST = TypeAdapter(ClaimRequest)
_CLAIM = TypeAdapter(Claim)
_REPLY = TypeAdapter(Reply)
_HELLO = TypeAdapter(Hello)
_REPORT = TypeAdapter(Report)
_UNFIT = (ValueError, OverflowError, RecursionError, DataError)
"""What is no JSON, not of the contract's shape, or holds what the database cannot: sent again it would be no better."""


@require_GET
def terms(_request: HttpRequest) -> HttpResponse:
    """What a worker must hold, for its doctor; a task's page tells the same to everybody."""
    recipes = {name: recipe_facts(name).digest for name in known_recipes()}
    return JsonResponse(asdict(Terms(contract=CONTRACT, recipes=recipes)))


@csrf_exempt
@require_POST
def hello(request: HttpRequest) -> HttpResponse:
    """A worker tells of itself, and hears whether to take jobs."""
    try:
        duty = worker_hello(hello=_HELLO.validate_python(_json(request)), token=_key(request))
    except _UNFIT as error:
        return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, error)
    except StrangerError as error:
        return _problem(HTTPStatus.FORBIDDEN, error)
    return JsonResponse(asdict(Orders(duty, hello_seconds())))


@csrf_exempt
@require_POST
def claim(request: HttpRequest) -> HttpResponse:
    """Give an attempt to a worker."""
    try:
        answer = attempt_claim(request=_CLAIM_REQUEST.validate_python(_json(request)), token=_key(request))
    except _UNFIT as error:
        return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, error)
    except NotClaimableError as error:
        return _problem(HTTPStatus.CONFLICT, error)
    except MismatchError as error:
        return _problem(HTTPStatus.UPGRADE_REQUIRED, error)
    except StrangerError as error:
        return _problem(HTTPStatus.FORBIDDEN, error)
    except StoreAwayError as error:
        return _away(error)
    return _answer(_CLAIM, answer)


@csrf_exempt
@require_POST
def heartbeat(request: HttpRequest, subject_id: str, number: int) -> HttpResponse:
    """Renew a lease."""
    try:
        answer = attempt_beat(subject_id=subject_id, number=number, key=_key(request))
    except FencedError as error:
        return _problem(HTTPStatus.GONE, error)
    return _answer(_REPLY, Reply(answer))


@csrf_exempt
@require_POST
def report(request: HttpRequest, subject_id: str, number: int) -> HttpResponse:
    """Take in one fact."""
    try:
        fact = _REPORT.validate_python(_json(request))
        answer = report_take(subject_id=subject_id, number=number, key=_key(request), report=fact)
    except _UNFIT as error:
        return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, error)
    except FencedError as error:
        return _problem(HTTPStatus.GONE, error)
    except DeliveryError as error:
        return _problem(HTTPStatus.PRECONDITION_FAILED, error)
    except BusyError as error:
        return _problem(HTTPStatus.SERVICE_UNAVAILABLE, error)
    except StoreAwayError as error:
        return _away(error)
    return _answer(_REPLY, Reply(answer))


@csrf_exempt
@require_http_methods(["PUT"])
def output(request: HttpRequest, token: str) -> HttpResponse:
    """Receive one output, streamed to disk."""
    try:
        size = delivery_write(slot=write_slot(token), chunks=_body(request))
    except signing.BadSignature as error:
        return _problem(HTTPStatus.FORBIDDEN, error)
    except AttemptEndedError as error:
        return _problem(HTTPStatus.GONE, error)
    except TooLargeError as error:
        return _problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, error)
    return JsonResponse({"size": size}, status=HTTPStatus.CREATED)


@require_GET
async def blob(_request: HttpRequest, token: str) -> HttpResponse | StreamingHttpResponse:
    """Hand out one blob to whoever holds its address, in pieces: a pack does not fit into memory many times."""
    try:
        sha256 = read_digest(token)
        size = await asyncio.to_thread(blob_size, sha256)
        response = StreamingHttpResponse(
            chunks(await asyncio.to_thread(blob_open, sha256)), content_type="application/octet-stream"
        )
        response.headers["Content-Length"] = str(size)
    except signing.BadSignature as error:
        return _problem(HTTPStatus.FORBIDDEN, error)
    except BlobMissingError as error:
        return _problem(HTTPStatus.NOT_FOUND, error)
    except StoreAwayError as error:
        return _away(error)
    return response


def _key(request: HttpRequest) -> str:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return key if scheme == "Bearer" else ""


def _json(request: HttpRequest) -> object:
    """The body; ValueError if it is no JSON, or holds a NaN or an Infinity, which JSON does not know."""
    return json.loads(request.body, parse_constant=_number, parse_float=_number)


def _number(text: str) -> float:
    if not math.isfinite(number := float(text)):  # 1e999 is JSON, and infinite all the same
        raise ValueError(f"{text} is no number.")
    return number


def _body(request: HttpRequest) -> Iterator[bytes]:
    while chunk := request.read(2**20):
        yield chunk


def _away(error: StoreAwayError) -> JsonResponse:
    """A worker says it again until it is answered."""
    log.error("The store was away for a worker: %s", error)
    return JsonResponse({"detail": "The store does not answer."}, status=HTTPStatus.SERVICE_UNAVAILABLE)


def _answer(form: TypeAdapter[Any], answer: Claim | Reply) -> HttpResponse:
    """Written by pydantic: `asdict` copies all of it first."""
    return HttpResponse(form.dump_json(answer), content_type="application/json")


def _problem(status: HTTPStatus, error: Exception) -> JsonResponse:
    return JsonResponse({"detail": str(error) or type(error).__name__}, status=status)
