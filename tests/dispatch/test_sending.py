"""Jobs go down through the broker by name; a broker that is away loses nothing."""

import json
import time
from dataclasses import asdict
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from fixpoint.celery import app
from fixpoint.dispatch.models import Attempt, Sweep
from fixpoint.dispatch.sending import job_send
from fixpoint.dispatch.sweeping import attempts_sweep
from fixpoint.submissions.services import submission_enter
from tests.support.sockets import closed_port
from tests.support.worker import job_of
from worker.contract import EVALUATE_TASK, Job


@pytest.fixture
def broker(monkeypatch):
    """Points the platform at another broker, and back at the end."""
    before = app.conf.broker_url

    def point(url: str) -> None:
        app.conf.update(broker_url=url, broker_read_url=url, broker_write_url=url)
        app.amqp._producer_pool = app._pool = None  # what was connected stays with the old address

    yield point
    point(before)


@pytest.fixture
def nowhere() -> str:
    """The address of a broker that is away: a port where nobody listens."""
    return f"redis://127.0.0.1:{closed_port()}/0"


@pytest.fixture
def messages(broker):
    """Takes what was sent out of a broker in memory."""
    broker("memory://fixpoint-tests")

    def taken(queue: str) -> list[tuple[str, list, dict]]:
        found = []
        with app.connection_for_write() as connection, connection.SimpleQueue(queue) as simple:
            while simple.qsize():
                message = simple.get(block=False)
                message.ack()
                found.append((message.headers["task"], message.decode()[0], message.headers))
        return found

    return taken


def test_an_entry_is_sent_when_its_transaction_is_committed_and_not_before(
    rows, owner, task, messages, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        entry = submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task))
        assert messages("evaluate") == []
    [(name, arguments, headers)] = messages("evaluate")
    assert name == EVALUATE_TASK
    attempt = Attempt.objects.get()
    assert arguments == [asdict(job_of(attempt))]
    assert Job(**arguments[0]).id == str(entry.pk)
    assert headers["id"] == str(attempt.pk)
    assert attempt.sends == 1
    assert attempt.sent_at is not None


def test_what_was_rolled_back_is_never_sent(rows, owner, task, messages, django_capture_on_commit_callbacks):
    dataset = rows.accepted_dataset(owner, task)

    def enter_and_stumble():
        with transaction.atomic():
            submission_enter(owner=owner, dataset=dataset)
            raise RuntimeError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        enter_and_stumble()
    assert messages("evaluate") == []
    assert not Attempt.objects.exists()


def test_a_job_is_plain_json_without_an_address(attempt, messages):
    assert job_send(attempt)
    [(_, arguments, _)] = messages("evaluate")
    text = json.dumps(arguments)
    assert set(arguments[0]) == {"kind", "id", "attempt", "token"}
    assert "http" not in text


def test_a_broker_that_is_away_is_no_error_and_the_job_is_sent_when_it_is_back(
    rows, owner, task, broker, nowhere, django_capture_on_commit_callbacks
):
    broker(nowhere)
    before = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        entry = submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task))
    assert time.monotonic() - before < 10, "a person waits for this"
    attempt = Attempt.objects.get()
    assert (entry.status, attempt.sends, attempt.sent_at) == ("queued", 0, None)

    broker("memory://fixpoint-tests-back")
    Attempt.objects.update(created_at=timezone.now() - timedelta(seconds=10))
    Sweep.objects.create(pk=1, at=timezone.now())
    attempts_sweep()
    attempt.refresh_from_db()
    assert attempt.sends == 1
    with app.connection_for_write() as connection, connection.SimpleQueue("evaluate") as queue:
        assert queue.get(block=False).headers["task"] == EVALUATE_TASK


def test_a_broker_that_is_away_is_not_asked_for_every_row(rows, owner, task, broker, nowhere, caplog):
    for _ in range(3):
        submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task))
    broker(nowhere)
    Attempt.objects.update(created_at=timezone.now() - timedelta(seconds=10))
    Sweep.objects.create(pk=1, at=timezone.now())
    attempts_sweep()
    assert caplog.text.count("The broker is away") == 1
    assert set(Attempt.objects.values_list("sends", flat=True)) == {0}
