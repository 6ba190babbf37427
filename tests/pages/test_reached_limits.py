"""A limit's way from the sandbox's Exit to the page: which one, its value and what was used, in words with units."""

import html
import re
from types import ModuleType
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fixpoint.accounts.models import User
from fixpoint.datasets.services import dataset_upload
from fixpoint.dispatch.models import Attempt
from fixpoint.submissions.models import Submission
from fixpoint.submissions.services import submission_enter
from fixpoint.submissions.stages import train_stage
from fixpoint.tasks.models import Task
from tests.support.bundles import entry_files
from tests.support.evaluating import hold_packs, start, train
from tests.support.platform import zip_of
from tests.support.worker import ScriptedWorker, job_of
from worker.contract import Fact, Fault, Phase
from worker.fault import of_exit
from worker.sandbox import Exit, Outcome

pytestmark = pytest.mark.django_db

GIB, MIB = 2**30, 2**20
REACHED = {
    "time": ("timeout", "wall_seconds", 120, 120.3, "Time", "2 min", "2 min 0.3 s", "2 minutes 0.3 seconds"),
    "hours": ("timeout", "wall_seconds", 10_800, 10_800.2, "Time", "3 h", "3 h 0.2 s", "3 hours 0.2 seconds"),
    "memory": ("memory", "memory_bytes", 4 * GIB, 4.2 * GIB, "Memory", "4.0 GiB", "4.2 GiB", "4.2 GiB"),
    "bytes": ("disk", "output_bytes", 16 * MIB, 17.5 * MIB, "Bytes written", "16.0 MiB", "17.5 MiB", "17.5 MiB"),
    "files": ("disk", "output_files", 64, 65, "Files written", "64", "65", "65 files"),
}


def ended(outcome: str, limit: str, allowed: float, used: float) -> Exit:
    return Exit(Outcome(outcome), None, used, 1.0, 1, "", limit, allowed, used)


def text_of(client: Client, name: str, subject: object) -> str:
    """A page as it is read: without tags, one space between words."""
    page = client.get(reverse(name, args=[subject])).content.decode()
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def entry(rows: ModuleType, owner: User, task: Task, tmp_path) -> Submission:
    entry = submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task))
    hold_packs(entry, tmp_path)
    return entry


@pytest.mark.parametrize(
    ("outcome", "limit", "allowed", "used", "word", "value", "taken", "said"), REACHED.values(), ids=REACHED.keys()
)
def test_an_entry_names_its_limit_with_its_value_and_what_was_used(
    outcome: str,
    limit: str,
    allowed: float,
    used: float,
    word: str,
    value: str,
    taken: str,
    said: str,
    entry: Submission,
    signed_in: Client,
) -> None:
    worker = ScriptedWorker(job_of(Attempt.objects.get(subject_id=entry.pk)))
    start(worker)

    fault = of_exit(Phase.TRAIN, ended(outcome, limit, allowed, used)).fault
    assert worker.report(Fact.FAILED, Phase.TRAIN, fault=fault).status_code == 200

    page = text_of(signed_in, "entry", entry.pk)
    assert f"Limit {word} Allowed {value} Used {taken} " in page
    assert "It failed, and the data is why Training on this dataset" in page
    assert f"{said})." in page


@pytest.mark.parametrize(
    ("outcome", "limit", "allowed", "used", "word", "value", "taken", "said"), REACHED.values(), ids=REACHED.keys()
)
def test_so_does_an_entry_that_was_given_up_for_a_limit_of_its_prediction(
    outcome: str,
    limit: str,
    allowed: float,
    used: float,
    word: str,
    value: str,
    taken: str,
    said: str,
    entry: Submission,
    signed_in: Client,
    settings: Any,
) -> None:
    settings.MAX_ATTEMPTS = 1
    worker = ScriptedWorker(job_of(Attempt.objects.get(subject_id=entry.pk)))
    train(worker)

    fault = of_exit(Phase.PREDICT, ended(outcome, limit, allowed, used)).fault
    assert worker.report(Fact.ERROR, Phase.PREDICT, fault=fault).status_code == 200

    page = text_of(signed_in, "entry", entry.pk)
    assert f"Limit {word} Allowed {value} Used {taken} " in page
    assert "It ended in an error of ours Predicting the hidden images" in page
    assert f"{said}). The run failed" in page
    assert "not charged" in page


def test_what_was_given_up_for_no_limit_names_none(entry: Submission, signed_in: Client, settings: Any) -> None:
    settings.MAX_ATTEMPTS = 1
    worker = ScriptedWorker(job_of(Attempt.objects.get(subject_id=entry.pk)))
    train(worker)

    worker.report(Fact.ERROR, Phase.PREDICT, fault=Fault("crashed", "A path of the worker's own host."))

    page = text_of(signed_in, "entry", entry.pk)
    assert "It ended in an error of ours The run failed" in page
    assert "Allowed" not in page
    assert "own host" not in page


@pytest.mark.parametrize(
    ("outcome", "limit", "allowed", "used", "word", "value", "taken", "said"), REACHED.values(), ids=REACHED.keys()
)
def test_so_does_a_dataset_that_could_not_be_read(
    outcome: str,
    limit: str,
    allowed: float,
    used: float,
    word: str,
    value: str,
    taken: str,
    said: str,
    owner: User,
    task: Task,
    signed_in: Client,
) -> None:
    file = SimpleUploadedFile("mine.zip", zip_of(entry_files()), "application/zip")
    dataset = dataset_upload(owner=owner, task=task, name="mine", file=file)
    worker = ScriptedWorker(job_of(Attempt.objects.get(subject_id=dataset.pk)))
    assert worker.claim().status_code == 200

    fault = of_exit(Phase.INGEST, ended(outcome, limit, allowed, used)).fault
    assert worker.report(Fact.FAILED, Phase.INGEST, fault=fault).status_code == 200

    page = text_of(signed_in, "dataset", dataset.pk)
    assert "Refused: it could not be read to its end Reading the archive" in page
    assert f"that this task allows (ended a{'fter' if limit == 'wall_seconds' else 't'} {said})." in page
    assert fault.detail in page


def test_the_value_on_the_page_is_the_tasks_own(entry: Submission, signed_in: Client) -> None:
    limits = train_stage(entry).limits
    worker = ScriptedWorker(job_of(Attempt.objects.get(subject_id=entry.pk)))
    start(worker)
    assert worker.claimed is not None
    assert worker.claimed.stages[0].limits == limits
    end = ended("timeout", "wall_seconds", limits.wall_seconds, limits.wall_seconds + 0.1)

    worker.report(Fact.FAILED, Phase.TRAIN, fault=of_exit(Phase.TRAIN, end).fault)

    assert entry.task.train_seconds == 60
    assert "Allowed 1 min Used 1 min 0.1 s" in text_of(signed_in, "entry", entry.pk)
