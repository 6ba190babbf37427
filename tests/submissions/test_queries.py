"""How often an entry's way asks the database: throughput of the queue is mostly that."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fixpoint.submissions.stages import DYNAMICS, HISTORY, WEIGHTS
from tests.support.evaluating import logits, trained
from tests.support.worker import energy
from worker.contract import Fact, Phase

MOST = {"claim": 7, "started": 7, "heartbeat": 3, "put": 1, "trained": 9, "predicted": 15}
"""With the savepoints, and two for the transaction that stands for a real one's begin and commit.

The last has the notice to its team, which goes with the score: who is in it, and the notice itself.
"""


@pytest.fixture
def asked(worker):
    """Queries of each step of an entry that goes well."""
    found: dict[str, list[str]] = {}

    def step(name, call):
        with CaptureQueriesContext(connection) as queries:
            call()
        found[name] = [each["sql"] for each in queries]

    def report(fact, phase, delivered, **more):
        return lambda: worker.report(fact, phase, delivered=delivered, energy=energy(phase), **more)

    step("claim", worker.claim)
    step("started", lambda: worker.report(Fact.STARTED, Phase.TRAIN))
    step("heartbeat", worker.beat)
    weights = tuple(worker.enclose(name, b"{}") for name in (WEIGHTS, HISTORY, DYNAMICS))
    step("put", lambda: worker.put("history.json", b"{}"))
    step("trained", report(Fact.TRAINED, Phase.TRAIN, weights, result=trained()))
    scores = worker.enclose("logits.safetensors", logits([0, 1, 0, 1]))
    step("predicted", report(Fact.PREDICTED, Phase.PREDICT, (scores,)))
    return found


def test_no_step_asks_more_often_than_it_must(entry, asked):
    entry.refresh_from_db()
    assert entry.status == "scored"
    counts = {name: len(queries) for name, queries in asked.items()}
    assert all(counts[name] <= most for name, most in MOST.items()), (counts, asked)
