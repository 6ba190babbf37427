"""A dataset that is entered in the moment of its acceptance: at once, once, and never at the acceptance's expense."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fixpoint.datasets.models import Dataset
from fixpoint.datasets.services import dataset_cancel, dataset_take
from fixpoint.dispatch.models import Attempt
from fixpoint.submissions.models import Submission
from tests.datasets.ingesting import OUTCOME, ingested, refused, worker_of
from tests.support.bundles import entry_files, write_zip
from tests.support.platform import zip_of
from worker.contract import Fact, Phase


@pytest.fixture
def take(rows, owner, task, tmp_path):
    """Hands in a good zip that is to be entered, and begins to read it."""

    def begin(**asked: object):
        path = write_zip(tmp_path / "mine.zip", entry_files())
        dataset = dataset_take(owner=owner, task=task, name="mine", path=path, **({"enters": True} | asked))
        worker = worker_of(dataset)
        assert worker.claim().status_code == 200
        return dataset, worker

    return begin


def test_it_is_entered_in_the_moment_of_its_acceptance(take, owner, task):
    dataset, worker = take()
    assert not Submission.objects.exists()
    assert ingested(worker).status_code == 200
    entry = Submission.objects.get()
    assert (entry.dataset, entry.owner, entry.task, entry.status) == (dataset, owner, task, "queued")
    assert Attempt.objects.filter(subject_id=entry.pk, ended_at=None).count() == 1


def test_its_owners_row_is_held_before_the_datasets_as_by_a_deletion(take):
    _, worker = take()
    with CaptureQueriesContext(connection) as queries:
        ingested(worker)
    asked = [each["sql"] for each in queries]
    owner = next(n for n, sql in enumerate(asked) if sql.startswith("SELECT") and 'FROM "accounts_user"' in sql)
    dataset = next(n for n, sql in enumerate(asked) if sql.startswith('UPDATE "datasets_dataset"'))
    assert owner < dataset, asked


def test_who_does_not_ask_for_it_is_not_entered(take):
    dataset, worker = take(enters=False)
    ingested(worker)
    dataset.refresh_from_db()
    assert dataset.status == "accepted"
    assert not Submission.objects.exists()


def test_the_report_that_arrives_twice_enters_once(take):
    _, worker = take()
    ingested(worker)
    assert worker.report(Fact.INGESTED, Phase.INGEST, sequence=1, result=OUTCOME).status_code == 410
    assert Submission.objects.count() == 1


def test_it_trains_with_the_seeds_that_were_asked_for(take):
    _, worker = take(entry_seeds=[7, 3])
    ingested(worker)
    assert Submission.objects.get().seeds == [3, 7]


@pytest.mark.parametrize(
    ("changes", "why"),
    [({"entries_total": 0}, "All 0 entries of this task are used"), ({"status": "closed"}, "takes no entries now")],
)
def test_a_refused_entry_is_told_on_the_page_and_takes_nothing_back(take, task, client, owner, changes, why):
    dataset, worker = take()
    type(task).objects.filter(pk=task.pk).update(**changes)
    assert ingested(worker).status_code == 200
    dataset.refresh_from_db()
    assert dataset.status == "accepted"
    assert not Submission.objects.exists()
    assert why in dataset.entry_refusal
    client.force_login(owner)
    page = client.get(reverse("dataset", args=[dataset.pk])).content.decode()
    assert "Not entered on acceptance" in page
    assert why in page


def test_a_fault_of_ours_is_told_and_takes_nothing_back(take, monkeypatch):
    def stumble(**_: object) -> None:
        raise ZeroDivisionError

    dataset, worker = take()
    monkeypatch.setattr("fixpoint.submissions.acceptance.submission_enter", stumble)
    assert ingested(worker).status_code == 200
    dataset.refresh_from_db()
    assert (dataset.status, dataset.attempt) == ("accepted", 1)
    assert "our fault" in dataset.entry_refusal


def test_a_busy_database_undoes_both_and_the_report_is_sent_again(take, monkeypatch):
    def busy(**_: object) -> None:
        raise OperationalError("deadlock detected")

    dataset, worker = take()
    worker.client.raise_request_exception = False
    with monkeypatch.context() as patched:
        patched.setattr("fixpoint.submissions.acceptance.submission_enter", busy)
        assert ingested(worker).status_code == 500
    dataset.refresh_from_db()
    assert (dataset.status, dataset.entry_refusal) == ("ingesting", "")
    assert ingested(worker).status_code == 200
    assert Submission.objects.count() == 1


def test_what_is_refused_or_cancelled_is_not_entered(take, owner):
    _, worker = take()
    refused(worker, [], {"not-an-image": 1})
    other, later = take()
    dataset_cancel(dataset=other, who=owner)
    ingested(later)
    assert {each.status for each in Dataset.objects.all()} == {"refused", "cancelled"}
    assert not Submission.objects.exists()


@pytest.mark.parametrize(("ticked", "enters"), [({"enters": "on"}, True), ({}, False)])
def test_the_form_asks_for_it(client, owner, task, ticked, enters):
    client.force_login(owner)
    address = f"{reverse('upload')}?task={task.slug}"
    assert "Enter it as soon as it is accepted" in client.get(address).content.decode()
    file = SimpleUploadedFile("data.zip", zip_of(entry_files()), "application/zip")
    page = client.post(address, {"name": "mine", "file": file} | ticked, follow=True).content.decode()
    assert Dataset.objects.get().enters is enters
    assert ("As soon as it is accepted it is entered." in page) is enters
