"""A campaign that could not fail would prove nothing: each kind of violation is planted, and found."""

import hashlib
import os
import subprocess
import sys
import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from fixpoint.dispatch.models import Attempt
from fixpoint.submissions.models import Result, Submission
from fixpoint.submissions.services import submission_cancel, submission_enter
from tests.faults.campaign.checks import Entered, violations
from tests.faults.campaign.facts import facts
from tests.faults.campaign.leftovers import leftovers
from tests.faults.campaign.machine import Disk
from tests.faults.campaign.standin import guess, weights_of
from tests.support.evaluating import evaluate, hold_packs
from tests.support.worker import ScriptedWorker, job_of
from worker.sandbox.tree import RUN_MARK, WORKER_MARK

HIDDEN = 4


@pytest.fixture
def entry(rows, owner, task, tmp_path) -> Submission:
    """Entered and scored, by a worker that guesses as the stand-in for the model does."""
    dataset = rows.accepted_dataset(owner, task)
    read = {"handler": "dataset", "kind": "ingest", "queue": "ingest", "outcome": "ingested"}
    Attempt.objects.create(subject_id=dataset.pk, number=1, ended_at=timezone.now(), **read)
    for before, after in (("inspecting", "ingesting"), ("ingesting", "accepted")):
        dataset.transitions.create(attempt=1, from_status=before, to_status=after, why="read", who="worker")
    entry = submission_enter(owner=owner, dataset=dataset)
    hold_packs(entry, tmp_path)
    weights = hashlib.sha256(weights_of(entry.dataset.pack_sha256, entry.seeds)).hexdigest()
    worker = ScriptedWorker(job_of(Attempt.objects.get(subject_id=entry.pk)))
    evaluate(worker, [guess(weights, 0, row, 2) for row in range(HIDDEN)])
    entry.refresh_from_db()
    assert entry.status == "scored"
    return entry


def found(entry: Submission, *left: str, **changes: Any) -> set[str]:
    """Kinds of violations, after these columns were changed behind the platform's back."""
    Submission.objects.filter(pk=entry.pk).update(**changes)
    entered = Entered(entries=[str(entry.pk)], entry_tries=1, datasets=[], dataset_tries=1)
    return {each.kind for each in violations(entered, facts(set()), list(left))}


def test_where_nothing_is_wrong_nothing_is_found(entry):
    assert found(entry) == set()


def test_a_cancel_before_the_start_is_not_charged_and_one_after_it_is(rows, owner, task, entry):
    waiting = submission_enter(owner=owner, dataset=entry.dataset)
    submission_cancel(submission=waiting, who=owner)
    Attempt.objects.update(ended_at=timezone.now())
    entered = Entered(entries=[str(entry.pk), str(waiting.pk)], entry_tries=2, dataset_tries=1)
    assert violations(entered, facts(set()), []) == []
    Submission.objects.filter(pk=waiting.pk).update(quota="charged")
    assert [each.kind for each in violations(entered, facts(set()), [])] == ["mischarged"]


@pytest.mark.parametrize("lose", ["row", "end", "attempt", "patience"])
def test_what_is_lost_is_counted(owner, entry, lose):
    if lose == "row":
        gone = Entered(entries=[str(entry.pk), str(uuid.uuid4())], entry_tries=2, dataset_tries=1)
        assert [each.kind for each in violations(gone, facts(set()), [])] == ["lost"]
    elif lose == "end":
        submission_enter(owner=owner, dataset=entry.dataset)
        both = Entered(entries=[str(entry.pk)], entry_tries=2, dataset_tries=1)
        assert {each.kind for each in violations(both, facts(set()), [])} == {"lost"}
    elif lose == "attempt":
        Attempt.objects.update(ended_at=None)
        assert found(entry) == {"lost"}
    else:
        Result.objects.all().delete()
        entry.transitions.filter(to_status="scored").update(to_status="error")
        assert found(entry, status="error", accuracy=None, quota="released") >= {"lost"}


def test_what_is_doubled_is_counted(owner, entry):
    assert {each.kind for each in violations(Entered(entry_tries=0, dataset_tries=1), facts(set()), [])} == {"doubled"}
    entry.transitions.create(attempt=1, from_status="scored", to_status="scored", why="planted", who="nobody")
    assert "doubled" in found(entry)


def test_an_entry_that_stands_twice_on_a_board_is_counted(entry):
    told = facts(set())
    told["boards"][0]["accuracy"] *= 2
    seen = violations(Entered([str(entry.pk)], 1, [], 1), told, [])
    assert {each.kind for each in seen} == {"doubled"}


@pytest.mark.parametrize("quota", ["released", "reserved"])
def test_a_wrong_charge_is_counted(entry, quota):
    assert found(entry, quota=quota) == {"mischarged"}


def test_an_entry_that_is_blamed_on_its_data_is_counted(entry):
    Result.objects.all().delete()
    entry.transitions.filter(to_status="scored").update(to_status="failed")
    assert found(entry, status="failed", accuracy=None) == {"mischarged"}


@pytest.mark.parametrize("plant", ["jump", "gap", "end", "accuracy", "board"])
def test_what_is_illegal_is_counted(entry, plant):
    if plant == "jump":
        entry.transitions.filter(to_status="training").update(to_status="predicting")
        entry.transitions.filter(from_status="training").delete()
        assert found(entry) == {"illegal"}
    elif plant == "gap":
        entry.transitions.filter(from_status="training").delete()
        assert found(entry) == {"illegal"}
    elif plant == "end":
        entry.transitions.filter(to_status="scored").delete()
        assert found(entry) == {"illegal"}
    elif plant == "accuracy":
        assert found(entry, accuracy=0.123) == {"illegal"}
    else:
        told = facts(set()) | {"scored": []}
        seen = violations(Entered([str(entry.pk)], 1, [], 1), told, [])
        assert {each.kind for each in seen} == {"illegal"}


@pytest.fixture
def machine(tmp_path: Path) -> Any:
    """As much of a stack as leftovers are looked for in; nothing is left."""
    for name in ("docker", "bubblewrap", "ingest"):
        for part in ("attempts", "cache"):
            (tmp_path / name / part).mkdir(parents=True)
    (tmp_path / "home" / "incoming").mkdir(parents=True)
    name = f"planted-{uuid.uuid4().hex[:8]}"
    return SimpleNamespace(
        engine=None,
        folder=tmp_path,
        workers={name: ("bubblewrap", "evaluate")},
        disks={"home": Disk(tmp_path / "home")},
        scratch=lambda name: tmp_path / name,
    )


@pytest.mark.parametrize(
    "path",
    [
        "docker/attempts/tmpabc",
        "bubblewrap/tmpabc",
        "ingest/cache/.arriving-abc",
        "home/incoming/47eb53a9-bb1d-4cce-89c2-b64bd5116dcc",
    ],
)
def test_a_folder_that_is_left_over_is_found(machine, tmp_path, path):
    assert leftovers(machine) == []
    (tmp_path / path).mkdir()
    assert len(leftovers(machine)) == 1
    assert leftovers(machine, frozenset(leftovers(machine))) == []


def test_a_process_that_is_left_over_is_found(machine):
    [worker] = machine.workers
    marks = {WORKER_MARK: worker, RUN_MARK: "planted"}
    with sleeping(marks):
        assert any("process" in each for each in leftovers(machine))
    assert leftovers(machine) == []


class sleeping:  # noqa: N801 - it reads as a statement
    """A process that does nothing, with these variables."""

    def __init__(self, marks: dict[str, str]) -> None:
        self._command = [sys.executable, "-c", "print(flush=True); import time; time.sleep(600)"]
        self._environment = dict(os.environ) | marks

    def __enter__(self) -> None:
        self._process = subprocess.Popen(self._command, env=self._environment, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self._process.stdout.readline()

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()
