"""A worker that speaks the contract and does no work: it claims, delivers and reports what a test tells it."""

import base64
import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from django.conf import settings
from django.test import Client

from fixpoint.dispatch.models import Attempt
from fixpoint.dispatch.tokens import token_of
from fixpoint.recipes import known_recipes, recipe_facts
from worker.contract import (
    Claim,
    ClaimRequest,
    Delivered,
    Energy,
    Fact,
    Input,
    Job,
    Kind,
    Limits,
    Output,
    Phase,
    Provenance,
    Report,
    Stage,
)

PROVENANCE = Provenance(
    sandbox="fake",
    image="none",
    device="cpu",
    device_class="cpu-none",
    seeds=(0,),
    versions={"torch": "0"},
    threads=2,
)


def job_of(attempt: Attempt) -> Job:
    """The job as the broker would carry it."""
    return Job(Kind(attempt.kind), str(attempt.subject_id), attempt.number, token_of(attempt))


def energy(phase: Phase, kwh: float | None = 0.001) -> Energy:
    """A plausible reading."""
    return Energy(phase, 10.0, "M1", "CPU-seconds", kwh, kwh, None, None, 12.0, 0.002, band=0.25)


@dataclass
class ScriptedWorker:
    """One claim and the facts that follow it, over the real views."""

    job: Job
    key: str = "a key that the broker never saw"
    name: str = "worker-1"
    token: str = field(default_factory=lambda: settings.WORKER_TOKEN)
    client: Client = field(default_factory=Client)
    sequence: int = 0
    claimed: Claim | None = None

    def claim(self, **changes: Any) -> Any:
        """The raw response to a claim."""
        digests = {name: recipe_facts(name).digest for name in known_recipes()}
        request = ClaimRequest(job=self.job, key=self.key, worker=self.name, recipe_digests=digests)
        response = self._post("/api/worker/claim", asdict(request) | changes, secret=self.token)
        if response.status_code == 200:
            self.claimed = _claim(response.json())
        return response

    def beat(self) -> Any:
        """The raw response to a heartbeat."""
        return self._post(f"{self._path()}/heartbeat", {})

    def put(self, name: str, data: bytes) -> Delivered:
        """Deliver one output at its signed address."""
        assert self.claimed is not None
        [output] = [each for stage in self.claimed.stages for each in stage.outputs if each.name == name]
        response = self.client.put(output.url, data, content_type="application/octet-stream")
        assert response.status_code == 201, response.content
        return Delivered(name, hashlib.sha256(data).hexdigest(), len(data))

    def enclose(self, name: str, data: bytes) -> Delivered:
        """An output that stands in its report."""
        text = base64.b64encode(data).decode()
        return Delivered(name, hashlib.sha256(data).hexdigest(), len(data), content=text)

    def report(self, fact: Fact, phase: Phase, *, sequence: int | None = None, **parts: Any) -> Any:
        """The raw response to a report; the sequence counts up unless given."""
        if sequence is None:
            self.sequence += 1
        report = Report(fact, sequence or self.sequence, phase, **({"provenance": PROVENANCE} | parts))
        return self._post(f"{self._path()}/report", asdict(report))

    def _path(self) -> str:
        return f"/api/worker/attempts/{self.job.id}/{self.job.attempt}"

    def _post(self, path: str, body: dict[str, Any], *, secret: str | None = None) -> Any:
        """With the attempt's key, unless it is another secret; "" sends none."""
        secret = self.key if secret is None else secret
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        return self.client.post(path, json.dumps(body), content_type="application/json", headers=headers)


def _claim(answer: dict[str, Any]) -> Claim:
    data = dict(answer)
    inputs = tuple(Input(**each) for each in data.pop("inputs"))
    stages = tuple(
        Stage(
            **(
                each
                | {
                    "outputs": tuple(Output(**output) for output in each["outputs"]),
                    "limits": Limits(**each["limits"]),
                    "inputs": tuple(each["inputs"]),
                }
            )
        )
        for each in data.pop("stages")
    )
    return Claim(inputs=inputs, stages=stages, **data)
