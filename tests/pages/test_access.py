"""Who may see what: every named address, walked by four people against one table."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task
from fixpoint.uploads.models import Upload
from tests.support.bundles import write_zip
from tests.support.ingested import examined_dataset
from tests.support.patterns import entry

pytestmark = pytest.mark.django_db

PEOPLE = ("anonymous", "stranger", "owner", "organizer")
SEEN, SIGN_IN, NONE, NOT_SO, GONE_ON = 200, 302, 404, 405, 302

# Name of the address: status of a GET for anonymous, stranger, owner, organizer.
TABLE: dict[str, tuple[int, int, int, int]] = {
    "home": (SEEN, SEEN, SEEN, SEEN),
    "status": (SEEN, SEEN, SEEN, SEEN),
    "status_live": (SEEN, SEEN, SEEN, SEEN),
    "task": (SEEN, SEEN, SEEN, SEEN),
    "board": (SEEN, SEEN, SEEN, SEEN),
    "label_book": (NONE, NONE, NONE, NONE),  # this task has none; test_files has one
    "training_data": (NONE, NONE, NONE, NONE),
    "me": (SIGN_IN, SEEN, SEEN, SEEN),
    "upload": (SIGN_IN, SEEN, SEEN, SEEN),
    "uploads": (SIGN_IN, SEEN, SEEN, SEEN),
    "upload_go": (SIGN_IN, NONE, GONE_ON, NONE),
    "upload_discard": (SIGN_IN, NOT_SO, NOT_SO, NOT_SO),
    "dataset": (SIGN_IN, NONE, SEEN, SEEN),
    "dataset_live": (SIGN_IN, NONE, SEEN, SEEN),
    "dataset_sheet": (SIGN_IN, NONE, NONE, NONE),  # this dataset has none
    "dataset_reasons": (SIGN_IN, NONE, SEEN, SEEN),
    "dataset_images": (SIGN_IN, NONE, NONE, NONE),  # nor thumbnails; `looked_into` has, below
    "dataset_images_csv": (SIGN_IN, NONE, NONE, NONE),
    "dataset_thumbnail": (SIGN_IN, NONE, NONE, NONE),
    "dataset_hidden_overlap": (SIGN_IN, NONE, NONE, NONE),
    "dataset_comparison": (SIGN_IN, NONE, NONE, NONE),
    "dataset_comparison_csv": (SIGN_IN, NONE, NONE, NONE),
    "dataset_cancel": (SIGN_IN, NOT_SO, NOT_SO, NOT_SO),
    "deleted_datasets": (SIGN_IN, SEEN, SEEN, SEEN),
    "dataset_delete": (SIGN_IN, NONE, SEEN, SEEN),
    "dataset_restore": (SIGN_IN, NOT_SO, NOT_SO, NOT_SO),
    "enter": (SIGN_IN, NOT_SO, NOT_SO, NOT_SO),
    "entry": (SIGN_IN, NONE, SEEN, SEEN),
    "entry_live": (SIGN_IN, NONE, SEEN, SEEN),
    "entry_cancel": (SIGN_IN, NOT_SO, NOT_SO, NOT_SO),
    "account_login": (SEEN, GONE_ON, GONE_ON, GONE_ON),
    "account_signup": (SEEN, GONE_ON, GONE_ON, GONE_ON),
    "account_logout": (GONE_ON, SEEN, SEEN, SEEN),
    "account_inactive": (SEEN, SEEN, SEEN, SEEN),
    "account_reauthenticate": (SIGN_IN, SEEN, SEEN, SEEN),
    "account_email": (SIGN_IN, SEEN, SEEN, SEEN),
    "account_email_verification_sent": (SEEN, SEEN, SEEN, SEEN),
    "account_confirm_email": (SEEN, SEEN, SEEN, SEEN),
    "account_change_password": (SIGN_IN, SEEN, SEEN, SEEN),
    "account_set_password": (SIGN_IN, GONE_ON, GONE_ON, GONE_ON),
    "account_confirm_login_code": (GONE_ON, GONE_ON, GONE_ON, GONE_ON),
    "account_reset_password": (SEEN, SEEN, SEEN, SEEN),
    "account_reset_password_done": (SEEN, SEEN, SEEN, SEEN),
    "account_reset_password_from_key": (SEEN, SEEN, SEEN, SEEN),
    "account_reset_password_from_key_done": (SEEN, SEEN, SEEN, SEEN),
}
# The same of a dataset that was read with thumbnails and examined, beside another version of it.
LOOKED_INTO: dict[str, tuple[int, int, int, int]] = {
    "dataset": (SIGN_IN, NONE, SEEN, SEEN),
    "dataset_images": (SIGN_IN, NONE, SEEN, SEEN),
    "dataset_images_csv": (SIGN_IN, NONE, SEEN, SEEN),
    "dataset_thumbnail": (SIGN_IN, NONE, SEEN, SEEN),
    "dataset_comparison": (SIGN_IN, NONE, SEEN, SEEN),
    "dataset_comparison_csv": (SIGN_IN, NONE, SEEN, SEEN),
    "dataset_hidden_overlap": (SIGN_IN, NONE, NONE, SEEN),
}
ELSEWHERE = ("admin",)
"""Namespaces whose own tests walk them."""


@pytest.fixture
def clients(owner: User, stranger: User, organizer: User) -> dict[str, Client]:
    people = {"anonymous": None, "stranger": stranger, "owner": owner, "organizer": organizer}
    clients = {name: Client() for name in people}
    for name, person in people.items():
        if person:
            clients[name].force_login(person)
    return clients


@pytest.mark.parametrize("name", sorted(TABLE))
def test_every_address_answers_each_person_as_the_table_says(
    name: str, clients: dict[str, Client], task: Task, accepted: Dataset, running: Submission
) -> None:
    if name.startswith("upload_"):
        address = reverse(name, args=[_upload(accepted).pk])
    else:
        address = reverse(name, kwargs=_arguments(name, task, accepted, running))

    answers = tuple(clients[person].get(address).status_code for person in PEOPLE)

    assert answers == TABLE[name]


@pytest.mark.parametrize("name", sorted(LOOKED_INTO))
def test_what_a_dataset_holds_is_for_its_owner_and_organizers_alone(
    name: str, clients: dict[str, Client], owner: User, task: Task, tmp_path: Path
) -> None:
    zipped = write_zip(tmp_path / "entry.zip", entry())
    before, after = (examined_dataset(owner, task, zipped, tmp_path, version) for version in ("before", "after"))
    arguments = {"dataset_id": after.pk} | ({"row": 0} if name == "dataset_thumbnail" else {})
    address = reverse(name, kwargs=arguments) + f"?with={before.pk}"

    answers = tuple(clients[person].get(address).status_code for person in PEOPLE)

    assert answers == LOOKED_INTO[name]


def test_nobody_lists_the_marked_images_of_somebody_else(
    clients: dict[str, Client], owner: User, task: Task, tmp_path: Path
) -> None:
    dataset = examined_dataset(owner, task, write_zip(tmp_path / "entry.zip", entry()), tmp_path)
    address = reverse("dataset_images_csv", args=[dataset.pk])

    assert [clients[person].post(address, {"row": "0"}).status_code for person in PEOPLE] == [SIGN_IN, NONE, SEEN, SEEN]


def test_an_address_without_a_row_in_the_table_fails() -> None:
    assert set(_names(get_resolver())) == set(TABLE)


@pytest.mark.parametrize("name", ["dataset_cancel", "dataset_delete", "dataset_restore", "enter", "entry_cancel"])
def test_nobody_but_owner_and_organizer_can_act_on_a_thing(
    name: str, clients: dict[str, Client], task: Task, accepted: Dataset, running: Submission
) -> None:
    address = reverse(name, kwargs=_arguments(name, task, accepted, running))

    assert clients["anonymous"].post(address)["Location"].startswith("/accounts/login/")
    assert clients["stranger"].post(address).status_code == NONE
    running.refresh_from_db()
    assert running.status == "training"


@pytest.mark.parametrize("name", [name for name in TABLE if name.startswith(("dataset", "enter", "entry"))])
def test_what_does_not_exist_looks_as_what_is_not_yours(name: str, clients: dict[str, Client]) -> None:
    key = "entry_id" if name.startswith("entry") else "dataset_id"
    address = reverse(name, kwargs={key: uuid4()} | ({"row": 0} if name == "dataset_thumbnail" else {}))
    send = "post" if name in {"dataset_cancel", "dataset_restore", "enter", "entry_cancel"} else "get"

    assert getattr(clients["stranger"], send)(address).status_code == NONE


def test_a_scored_entry_is_public_by_its_public_facts_alone(
    clients: dict[str, Client], done: Submission, accepted: Dataset
) -> None:
    address = reverse("entry", args=[done.pk])

    public = clients["anonymous"].get(address).content.decode()
    own = clients["owner"].get(address).content.decode()

    for fact in ("0.7500", done.recipe, accepted.digest[:12], "abababababab", "GFLOP"):
        assert fact in public
    for secret in (accepted.name, reverse("dataset", args=[accepted.pk]), "Loss over epochs"):
        assert secret in own
        assert secret not in public


@pytest.mark.parametrize("person", ["stranger", "organizer"])
def test_nobody_but_its_owner_can_discard_an_upload(person: str, clients: dict[str, Client], accepted: Dataset) -> None:
    upload = _upload(accepted)
    address = reverse("upload_discard", args=[upload.pk])

    assert clients["anonymous"].post(address)["Location"].startswith("/accounts/login/")
    assert clients[person].post(address).status_code == NONE
    upload.refresh_from_db()
    assert upload.ended_at is None

    assert clients["owner"].post(address)["Location"] == reverse("uploads")
    upload.refresh_from_db()
    assert upload.ended_at is not None


def _upload(dataset: Dataset) -> Upload:
    """Under way, for the dataset's task and by its owner."""
    week = timezone.now() + timedelta(days=7)
    return Upload.objects.create(owner=dataset.owner, task=dataset.task, length=1000, name="mine", expires_at=week)


def _arguments(name: str, task: Task, dataset: Dataset, entry: Submission) -> dict[str, Any]:
    if name in {"task", "board", "label_book", "training_data"}:
        return {"slug": task.slug}
    if name == "dataset_thumbnail":
        return {"dataset_id": dataset.pk, "row": 0}
    if name == "enter" or name.startswith("dataset"):
        return {"dataset_id": dataset.pk}
    if name.startswith("entry"):
        return {"entry_id": entry.pk}
    return {
        "account_confirm_email": {"key": "no-such-key"},
        "account_reset_password_from_key": {"uidb36": "1", "key": "no-such-key"},
    }.get(name, {})


def _names(resolver: URLResolver) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield pattern.name
        elif pattern.namespace not in ELSEWHERE:
            yield from _names(pattern)
