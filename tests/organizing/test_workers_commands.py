"""`manage.py workers` and `manage.py drain`: what an operator reads and orders."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from fixpoint.dispatch.models import Attempt, Worker
from fixpoint.dispatch.registry import worker_token
from fixpoint.submissions.services import submission_enter
from tests.support.evaluating import hold_packs, start
from tests.support.hellos import hello_from
from tests.support.worker import ScriptedWorker, job_of

pytestmark = pytest.mark.django_db
_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def attempt(rows, owner, task, tmp_path) -> Attempt:
    entry = submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task))
    hold_packs(entry, tmp_path)
    return Attempt.objects.get(subject_id=entry.pk)


def test_an_empty_list_says_how_to_begin(capsys):
    call_command("workers")
    assert "No worker has told of itself: start one with FIXPOINT_WORKER_TOKEN" in capsys.readouterr().out


def test_workers_and_queues_stand_in_tables(attempt, capsys):
    hello_from("worker-1")
    hello_from("worker-2", queues=("evaluate.lab.gpu",), gpu=True)
    start(ScriptedWorker(job_of(attempt)))
    call_command("workers")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["WORKER", "STATE", "JOB", "SANDBOX", "DEVICE", "QUEUES", "HEARD"]
    assert lines[1].startswith(f"worker-1  working  {attempt}")
    assert lines[2].startswith("worker-2  idle     -")
    assert [line.split()[:2] for line in lines if line.startswith("evaluate")] == [
        ["evaluate", "0"], ["evaluate.cpu", "0"], ["evaluate.lab.gpu", "0"],
    ]  # fmt: skip
    assert max(len(line) for line in lines) < 260


def test_the_same_as_json(attempt, capsys):
    hello_from("worker-1")
    call_command("workers", json=True)
    told = json.loads(capsys.readouterr().out)
    assert [each["state"] for each in told["workers"]] == ["idle"]
    [evaluate] = [each for each in told["queues"] if each["name"] == "evaluate"]
    assert (evaluate["waiting"], evaluate["workers"]) == (1, ["worker-1"])


def test_a_token_for_a_worker_elsewhere_is_printed(capsys):
    call_command("workers", token="lab-1")
    assert capsys.readouterr().out.strip() == worker_token("lab-1")


def test_a_worker_is_struck_off(capsys):
    hello_from("gone")
    with pytest.raises(CommandError, match="gone is alive"):
        call_command("workers", forget="gone")
    Worker.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=1))
    call_command("workers", forget="gone")
    assert not Worker.objects.exists()
    with pytest.raises(CommandError, match="No worker is named 'gone'"):
        call_command("workers", forget="gone")


def test_a_drain_tells_what_is_still_in_hand_and_is_undone(attempt, capsys):
    hello_from("worker-1")
    start(ScriptedWorker(job_of(attempt)))
    call_command("drain", "worker-1")
    assert f"worker-1 takes no more jobs. It finishes {attempt} first." in capsys.readouterr().out
    assert Worker.objects.get().resting_since is not None

    call_command("drain", "worker-1", undo=True)
    assert "may take jobs again" in capsys.readouterr().out
    assert Worker.objects.get().resting_since is None


def test_waiting_ends_with_the_job_or_says_that_it_goes_on(attempt, capsys):
    hello_from("worker-1")
    start(ScriptedWorker(job_of(attempt)))
    with pytest.raises(CommandError, match="worker-1 still works: submission"):
        call_command("drain", "worker-1", wait=0)
    Attempt.objects.update(ended_at="2026-01-01T00:00:00Z")
    call_command("drain", "worker-1", wait=0)
    assert "worker-1 holds no job: it can be stopped." in capsys.readouterr().out


def test_a_name_that_is_not_known_is_a_sentence():
    with pytest.raises(CommandError, match="No worker is named 'nobody'; known are: none has told of itself yet"):
        call_command("drain", "nobody")


def test_to_undo_a_drain_and_to_wait_for_it_exclude_each_other():
    with pytest.raises(CommandError, match="not allowed with argument"):
        call_command("drain", "worker-1", "--undo", "--wait", "1")


@pytest.mark.parametrize("command", [["workers"], ["workers", "--forget", "x"], ["drain", "x"]])
def test_before_the_first_start_it_is_said_what_makes_the_database(command, tmp_path):
    environment = os.environ | {"FIXPOINT_HOME": str(tmp_path), "FIXPOINT_DATABASE_URL": ""}
    run = [sys.executable, str(_ROOT / "manage.py"), *command]
    end = subprocess.run(run, env=environment, capture_output=True, text=True, check=False)
    assert end.returncode == 1
    assert end.stderr.splitlines() == [
        "CommandError: The database is not made yet: start the stack (`manage.py up`), or run `manage.py migrate`."
    ]
