"""What a person's programs may ask by a token: their datasets and entries as JSON, and to enter a dataset."""

from http import HTTPStatus
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from fixpoint.accounts.bearer import by_token
from fixpoint.accounts.models import User
from fixpoint.accounts.requests import SignedInRequest
from fixpoint.datasets.models import Dataset
from fixpoint.pages.json_facts import dataset_json, entry_json, remarks_json
from fixpoint.submissions.models import Submission
from fixpoint.submissions.selectors import entries_of
from fixpoint.submissions.services import EntryRefusedError, submission_enter

_MOST = 100
"""Of a list, the newest first."""


@by_token("GET", "HEAD")
def datasets(request: SignedInRequest) -> HttpResponse:
    """One's own, without their remarks."""
    found = _datasets(request.user).order_by("-created_at")[:_MOST]
    return JsonResponse({"datasets": [dataset_json(each) for each in found]})


@by_token("GET", "HEAD")
def dataset(request: SignedInRequest, dataset_id: UUID) -> HttpResponse:
    """One of them, with its remarks."""
    found = _datasets(request.user).filter(pk=dataset_id).first()
    return JsonResponse(dataset_json(found) | remarks_json(found)) if found else _nothing()


@by_token("POST")
def enter(request: SignedInRequest, dataset_id: UUID) -> HttpResponse:
    """Enter one of them, as the button on its page does; 409 with the reason where that cannot be."""
    found = _datasets(request.user).filter(pk=dataset_id).first()
    if found is None:
        return _nothing()
    try:
        entered = submission_enter(owner=request.user, dataset=found)
    except EntryRefusedError as error:
        return JsonResponse({"detail": str(error)}, status=HTTPStatus.CONFLICT)
    return JsonResponse(entry_json(entered), status=HTTPStatus.CREATED)


@by_token("GET", "HEAD")
def entries(request: SignedInRequest) -> HttpResponse:
    """One's own and those of one's teams."""
    found = _entries(request.user).order_by("-created_at")[:_MOST]
    return JsonResponse({"entries": [entry_json(each) for each in found]})


@by_token("GET", "HEAD")
def entry(request: SignedInRequest, entry_id: UUID) -> HttpResponse:
    """One of them."""
    found = _entries(request.user).filter(pk=entry_id).first()
    return JsonResponse(entry_json(found)) if found else _nothing()


def _datasets(user: User) -> QuerySet[Dataset]:
    """Not what its owner may see as an organizer: a token gives nothing of that."""
    return Dataset.objects.filter(owner=user, deleted_at=None).select_related("task")


def _entries(user: User) -> QuerySet[Submission]:
    return entries_of(user).select_related("task", "dataset", "result").defer("result__correct")


def _nothing() -> HttpResponse:
    return JsonResponse({"detail": _("There is no such thing of yours.")}, status=HTTPStatus.NOT_FOUND)
