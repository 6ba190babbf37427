"""The status page: does it work? Counts for everybody; names, reasons and notices for organizers alone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from fixpoint.accounts.models import User
from fixpoint.accounts.notices import organizers_tell
from fixpoint.dispatch.models import Attempt, Sweep
from fixpoint.dispatch.registry import worker_rest
from fixpoint.submissions.models import Submission
from fixpoint.submissions.services import submission_enter
from tests.support.hellos import hello_from
from tests.support.platform import accepted_dataset

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _swept(db: None) -> None:
    Sweep.objects.create(pk=1, at=timezone.now())


def page(client: Client, address: str = "/status/") -> str:
    return client.get(address).content.decode()


@pytest.fixture
def operator(organizer: User) -> Client:
    client = Client()
    client.force_login(organizer)
    return client


@pytest.fixture
def queued(owner: User, task: object) -> Submission:
    return submission_enter(owner=owner, dataset=accepted_dataset(owner, task))  # type: ignore[arg-type]


def test_without_a_worker_it_says_that_entries_wait_and_are_not_lost(client: Client) -> None:
    assert "No worker is here" in page(client)


def test_with_a_worker_and_an_empty_queue_it_works(client: Client) -> None:
    hello_from("worker-1")
    assert "It works" in page(client)
    assert "what you enter now starts at once" in page(client)


def test_entries_that_nobody_takes_are_told_to_everybody(client: Client, queued: Submission) -> None:
    hello_from("worker-1", queues=("ingest",))
    assert "Jobs wait and nobody takes them" in page(client)


def test_a_sweeper_that_does_not_come_is_told(client: Client) -> None:
    Sweep.objects.update(at=timezone.now() - timedelta(hours=1))
    assert "own jobs do not run" in page(client)


def test_long_work_that_nobody_comes_to_is_told_and_is_no_alarm(client: Client) -> None:
    hello_from("worker-1")
    Sweep.objects.create(pk=2, at=timezone.now() - timedelta(hours=1))
    assert "Pre-checks and mails are late" in page(client)
    assert "It works" not in page(client)


@pytest.mark.parametrize("address", ["/status/", "/status/live/"])
def test_names_reasons_and_notices_are_for_organizers_alone(
    operator: Client, signed_in: Client, client: Client, queued: Submission, address: str
) -> None:
    hello_from("the-name-of-a-worker")
    Attempt.objects.update(
        refusal="the-name-of-a-worker: Recipe R: the platform has A, the worker B.", refused_at=timezone.now()
    )
    assert "No notice." in page(operator, address)
    organizers_tell(subject="An entry was given up", text="its reason", path=f"/entries/{queued.pk}/")

    for outsider in (client, signed_in):
        for secret in ("the-name-of-a-worker", "Recipe R", "given up", "its reason"):
            assert secret not in page(outsider, address)
    for told in ("the-name-of-a-worker", "Recipe R", "An entry was given up", "its reason", "gave up, or left undone"):
        assert told in page(operator, address)


@pytest.mark.parametrize("address", ["/status/", "/status/live/"])
def test_names_of_a_tasks_own_queues_are_for_organizers_alone(
    operator: Client, signed_in: Client, client: Client, address: str
) -> None:
    hello_from("worker-1", queues=("evaluate", "evaluate.secret-lab", "evaluate.secret-lab.gpu"))
    for outsider in (client, signed_in):
        assert "secret-lab" not in page(outsider, address)
        assert page(outsider, address).count("other queues") == 1
    assert "evaluate.secret-lab.gpu" in page(operator, address)
    assert "other queues" not in page(operator, address)


def test_an_entry_says_to_its_owner_why_it_waits(signed_in: Client, queued: Submission) -> None:
    assert "No worker takes such entries at the moment" in page(signed_in, f"/entries/{queued.pk}/")
    hello_from("worker-1")
    assert "No worker takes" not in page(signed_in, f"/entries/{queued.pk}/")


def test_an_open_task_whose_only_worker_is_drained_does_not_look_well(
    client: Client, operator: Client, task: object
) -> None:
    hello_from("worker-1")
    assert "It works" in page(client)
    worker_rest(name="worker-1", who="operator")
    assert "Some work has nobody at the moment" in page(client)
    assert "evaluate ingest" in page(operator)
