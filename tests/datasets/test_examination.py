"""When a dataset is examined: once, by a job, and never at the price of its acceptance."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from fixpoint.accounts.models import Notice, User
from fixpoint.blobs.away import StoreAwayError
from fixpoint.blobs.configured import blobs_storage
from fixpoint.datasets.examination import dataset_examine, examinations_send
from fixpoint.datasets.jobs import examine
from fixpoint.datasets.models import Dataset, Finding, HiddenOverlap
from fixpoint.datasets.selectors import datasets_unexamined
from fixpoint.tasks.models import Task
from tests.support.bundles import write_zip
from tests.support.ingested import ingested_dataset, packed_material
from tests.support.patterns import entry, pattern
from tests.support.platform import accepted_dataset, retire
from tests.support.sockets import closed_port

pytestmark = pytest.mark.django_db
LEAK = {"train/klasse-eins/a.png": pattern(900), "val/klasse-eins/b.png": pattern(900)}


@pytest.fixture
def dataset(owner: User, task: Task, tmp_path: Path) -> Dataset:
    return ingested_dataset(owner, task, write_zip(tmp_path / "entry.zip", entry(LEAK)), tmp_path)


def test_a_store_that_is_away_uses_up_no_try(
    dataset: Dataset, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_home = settings.STORAGES
    monkeypatch.setenv("FIXPOINT_S3_BUCKET", "blobs")
    monkeypatch.setenv("FIXPOINT_S3_ENDPOINT", f"http://127.0.0.1:{closed_port()}")
    monkeypatch.setenv("FIXPOINT_S3_ACCESS_KEY", "key")
    monkeypatch.setenv("FIXPOINT_S3_SECRET_KEY", "secret")
    settings.STORAGES = at_home | {"blobs": blobs_storage("")}
    with pytest.raises(StoreAwayError):
        examine(str(dataset.pk))
    dataset.refresh_from_db()
    assert (dataset.is_being_examined, dataset.examine_tries) == (True, 0)

    settings.STORAGES = at_home
    examine(str(dataset.pk))
    assert dataset.findings.exists()


Sent = list[tuple[str, tuple[str, ...], float]]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What would have gone to the broker: its name, its arguments, and how long it may wait."""
    sent: Sent = []
    monkeypatch.setattr(
        "fixpoint.dispatch.sending.app.send_task", lambda name, args, expires: sent.append((name, args, expires))
    )
    return sent


def test_acceptance_asks_for_the_examination_as_soon_as_it_is_committed(
    owner: User, task: Task, tmp_path: Path, sent: Sent, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        dataset = ingested_dataset(owner, task, write_zip(tmp_path / "entry.zip", entry()), tmp_path)

    assert dataset.is_being_examined
    assert sent == [(examine.name, (str(dataset.pk),), settings.EXAMINE_SECONDS)]


def test_the_job_examines_once_however_often_it_is_asked(dataset: Dataset) -> None:
    examine(str(dataset.pk))
    dataset.refresh_from_db()
    assert not dataset.is_being_examined
    assert [finding.kind for finding in dataset.findings.all()] == ["leakage"]

    assert not dataset_examine(dataset_id=dataset.pk)
    assert Finding.objects.count() == 1


def test_what_the_broker_lost_is_asked_for_again_when_it_is_due(
    dataset: Dataset, sent: Sent, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        examinations_send()
    assert sent == []

    Dataset.objects.update(ended_at=timezone.now() - timedelta(minutes=5))
    with django_capture_on_commit_callbacks(execute=True):
        examinations_send()
    assert sent == [(examine.name, (str(dataset.pk),), settings.EXAMINE_SECONDS)]


def test_a_dataset_that_was_read_before_there_were_looks_waits_for_nothing(owner: User, task: Task) -> None:
    dataset = accepted_dataset(owner, task)
    assert not dataset.is_being_examined
    assert not dataset_examine(dataset_id=dataset.pk)


@pytest.mark.parametrize("lost", ["looks_sha256", "manifest_sha256"])
def test_a_file_that_was_lost_ends_the_examination_and_nobody_is_told_that_all_is_well(
    dataset: Dataset, organizer: User, client: Client, lost: str
) -> None:
    Dataset.objects.update(**{lost: "ab" * 32})
    assert dataset_examine(dataset_id=dataset.pk)
    dataset.refresh_from_db()
    assert (dataset.status, dataset.is_being_examined, dataset.findings.count()) == ("accepted", False, 0)
    expect_that_nothing_was_compared(client, dataset)
    told = list(Notice.objects.order_by("pk").values_list("user", "kind"))
    assert told == [(dataset.owner_id, Notice.Kind.RUNS), (organizer.pk, Notice.Kind.SITE)]  # first: that it was read


def test_looks_of_another_number_of_images_are_not_believed(
    dataset: Dataset, owner: User, task: Task, tmp_path: Path, client: Client
) -> None:
    other = ingested_dataset(owner, task, write_zip(tmp_path / "other.zip", entry()), tmp_path)
    Dataset.objects.filter(pk=dataset.pk).update(looks_sha256=other.looks_sha256)
    assert dataset_examine(dataset_id=dataset.pk)
    assert not Finding.objects.exists()
    expect_that_nothing_was_compared(client, dataset)


def test_an_examination_that_breaks_every_time_is_given_up(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    monkeypatch.setattr("fixpoint.datasets.examination.directions", broken)
    for _ in range(settings.MAX_ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            examine(str(dataset.pk))
        assert datasets_unexamined().filter(pk=dataset.pk).exists()

    examine(str(dataset.pk))

    assert not datasets_unexamined().exists()
    expect_that_nothing_was_compared(client, dataset)


def test_a_second_try_finds_what_there_is(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as once:
        once.setattr("fixpoint.datasets.examination.directions", broken)
        with pytest.raises(ZeroDivisionError):
            examine(str(dataset.pk))

    examine(str(dataset.pk))

    dataset.refresh_from_db()
    assert (dataset.examine_failure, dataset.findings.get().kind) == ("", "leakage")


def broken(*_: object) -> None:
    raise ZeroDivisionError


def expect_that_nothing_was_compared(client: Client, dataset: Dataset) -> None:
    client.force_login(dataset.owner)
    page = client.get(reverse("dataset", args=[dataset.pk])).content.decode()
    assert "could not be compared with each other; this is our fault" in page
    assert "The images could not be compared; this is our fault" in page
    assert "nothing to remark" not in page
    assert "No picture stands twice" not in page
    assert "hx-get" not in page


def test_a_retired_recipe_does_not_stand_in_the_way(
    dataset: Dataset, task: Task, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    retire(task, tmp_path, monkeypatch)
    assert dataset_examine(dataset_id=dataset.pk)
    assert dataset.findings.get().kind == "leakage"


def test_what_stands_in_the_hidden_set_is_kept_apart_from_the_findings(
    dataset: Dataset, task: Task, tmp_path: Path
) -> None:
    hidden = {"000001": pattern(900), "000002": pattern(0, version=1), "000003": pattern(5_000)}
    packed_material(task, "hidden", write_zip(tmp_path / "hidden.zip", hidden), tmp_path)

    dataset_examine(dataset_id=dataset.pk)

    overlap = HiddenOverlap.objects.get(dataset=dataset)
    assert [hidden for _, hidden in overlap.exact] == [0, 0]
    assert [hidden for _, hidden in overlap.near] == [1]
    assert [finding.kind for finding in dataset.findings.all()] == ["leakage"]
