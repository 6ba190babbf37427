"""What a worker reports of a dataset that it took: its images, or why they were refused."""

from fixpoint.dispatch.models import Attempt
from tests.support.platform import CLASSES
from tests.support.worker import ScriptedWorker, energy, job_of
from worker.contract import Fact, Phase

OUTCOME = {
    "outcome": "done",
    "counts": {"train": dict.fromkeys(CLASSES, 4), "val": dict.fromkeys(CLASSES, 2)},
    "images": 12,
    "clutter": 3,
    "decoded_megapixels": 0.25,
    "dataset_digest": "d" * 64,
    "findings": [],
    "finding_counts": {},
    "pack_digest": "e" * 64,
    "sheet_cell": 48,
    "sheet_columns": 4,
    "sheet_rows": 2,
}


def worker_of(dataset) -> ScriptedWorker:
    return ScriptedWorker(job_of(Attempt.objects.get(subject_id=dataset.pk, ended_at=None)))


def ingested(worker: ScriptedWorker, **changes: object):
    names = ("pack.safetensors", "manifest.json", "sheet.png")
    delivered = tuple(worker.put(name, name.encode()) for name in names)
    result = OUTCOME | changes
    return worker.report(Fact.INGESTED, Phase.INGEST, delivered=delivered, result=result, energy=energy(Phase.INGEST))


def refused(worker: ScriptedWorker, refusals: list[dict[str, str]], counts: dict[str, int]):
    return worker.report(Fact.REFUSED, Phase.INGEST, result={"refusals": refusals, "refusal_counts": counts})
