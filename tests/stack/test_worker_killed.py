"""A worker that dies in mid-training costs time and nothing else."""

import json
import os
import signal
import time

import pytest

from tests.support.visitor import Visitor

pytestmark = [pytest.mark.stack, pytest.mark.timeout(1800)]
FACTS = """
import json
from fixpoint.submissions.models import Result, Submission
entry = Submission.objects.get()
changes = [[each.from_status, each.to_status] for each in entry.transitions.order_by("pk")]
print(json.dumps({
    "attempt": entry.attempt, "results": Result.objects.count(), "quota": entry.quota, "changes": changes,
    "run": entry.result.run.attempt, "epochs": entry.epochs.filter(attempt=2).count(),
    "legal": all(not old or new in Submission.NEXT[old] for old, new in changes),
}))
"""


def test_an_entry_whose_worker_was_killed_is_trained_again_by_itself_and_scored_once(
    start, sandbox, bundle, longer_entry
):
    stack = start(sandbox, FIXPOINT_LEASE_SECONDS="10", FIXPOINT_SWEEP_SECONDS="1")
    stack.import_task(bundle)
    with Visitor(stack.url) as visitor:
        visitor.sign_up()
        dataset = visitor.upload(longer_entry, task="numerals")
        visitor.wait(dataset, "Accepted", seconds=180)
        entry = visitor.enter(dataset)
        deadline = time.monotonic() + 300
        while not visitor.epoch(entry):
            assert time.monotonic() < deadline, visitor.look(entry)
        worker = stack.process_of("-m worker", "-Q evaluate")
        sandboxed = [each for each in stack.processes().values() if "fixed_model" in each.command]
        assert sandboxed, "it was in mid-training"

        os.kill(worker.pid, signal.SIGKILL)

        visitor.wait(entry, "Scored", seconds=400)
    assert not any(each.is_alive for each in sandboxed)
    assert json.loads(stack.ask(FACTS)) == {
        "attempt": 2,
        "results": 1,
        "quota": "charged",
        "changes": [
            ["", "queued"],
            ["queued", "training"],
            ["training", "queued"],
            ["queued", "training"],
            ["training", "predicting"],
            ["predicting", "scored"],
        ],
        "run": 2,
        "epochs": 5,
        "legal": True,
    }
    deadline = time.monotonic() + 60  # it goes when the worker's meter has ended, after the score
    while list(stack.home.glob("scratch/*/attempts/*/out-*")):
        assert time.monotonic() < deadline, "no scratch folder remains"
        time.sleep(0.2)
