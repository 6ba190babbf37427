"""Where the time of an entry went, from the moments that the platform noted."""

from __future__ import annotations

import psycopg

STEPS = {
    "ingest job": "last byte sent → zip inspected and stored, job sent",
    "ingest claim": "→ claimed by the worker",
    "ingest run": "→ its container's wall time",
    "ingest rest": "staging, container start and removal, handing in, report",
    "evaluate claim": "entered → claimed by the worker",
    "train begin": "→ staged and started",
    "train run": "→ its container's wall time",
    "train rest": "container start, handing in, report",
    "predict run": "trained → its container's wall time",
    "predict rest": "staging, container start, handing in, score",
    "seen": "scored → seen by whoever waits",
}
MOMENTS = """SELECT extract(epoch FROM ingest.created_at), extract(epoch FROM ingest.claimed_at),
 extract(epoch FROM dataset.ended_at), extract(epoch FROM entry.created_at), extract(epoch FROM evaluate.claimed_at),
 extract(epoch FROM entry.started_at),
 (SELECT extract(epoch FROM at) FROM submissions_submissiontransition
   WHERE submission_id = entry.id AND to_status = 'predicting'),
 extract(epoch FROM entry.ended_at)
 FROM submissions_submission AS entry JOIN datasets_dataset AS dataset ON dataset.id = entry.dataset_id
 JOIN dispatch_attempt AS ingest ON ingest.subject_id = dataset.id
 JOIN dispatch_attempt AS evaluate ON evaluate.subject_id = entry.id WHERE entry.id = %s"""
WALLS = """SELECT phase, seconds FROM submissions_submissionenergy WHERE submission_id = %s
 UNION ALL SELECT phase, seconds FROM datasets_datasetenergy
 WHERE dataset_id = (SELECT dataset_id FROM submissions_submission WHERE id = %s)"""


def steps_of(database: psycopg.Connection, entry: str, sent: float, seen: float) -> dict[str, float]:
    """Seconds of each of STEPS; they add up to the whole."""
    row = database.execute(MOMENTS, (entry,)).fetchone()
    assert row is not None
    job, claimed, accepted, entered, taken, started, trained, scored = map(float, row)
    wall = dict(database.execute(WALLS, (entry, entry)).fetchall())
    return {
        "ingest job": job - sent,
        "ingest claim": claimed - job,
        "ingest run": wall["ingest"],
        "ingest rest": accepted - claimed - wall["ingest"],
        "evaluate claim": taken - entered + (entered - accepted),
        "train begin": started - taken,
        "train run": wall["train"],
        "train rest": trained - started - wall["train"],
        "predict run": wall["predict"],
        "predict rest": scored - trained - wall["predict"],
        "seen": seen - scored,
    }
