"""A worker's bench on a scripted platform, with a sandbox that plays programs."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.worker.programs import DIGEST, program
from tests.worker.scripted_platform import ScriptedPlatform
from tests.worker.worker_process import ROOT
from worker import bench as benches
from worker.bench import Bench
from worker.contract import Claim, Job, Kind, Limits, Output, Phase, Stage
from worker.sandbox import FakeSandbox
from worker.settings import Settings, read

LIMITS = Limits(wall_seconds=300, memory_bytes=4 * 1024**3, output_bytes=10_000_000, output_files=100, cpus=1, pids=64)
"""No program of a test comes near them, however busy the machine is."""
INGEST = Job(kind=Kind.INGEST, id="dataset-1", attempt=1, token="one-time")
EVALUATE = Job(kind=Kind.EVALUATE, id="entry-1", attempt=2, token="one-time")
STUB = """
    import sys, time
    from pathlib import Path
    from types import SimpleNamespace
    sys.path.insert(0, {root!r})
    from tests.worker import programs
    time.sleep({seconds})
    while Path({hold!r}).exists():
        time.sleep(0.05)
    plan = getattr(programs, sys.argv[1])
    plan(SimpleNamespace(output=Path(sys.argv[-1])))
"""


@pytest.fixture
def platform() -> Iterator[ScriptedPlatform]:
    with ScriptedPlatform() as platform:
        yield platform


@pytest.fixture
def nothing_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """No output is small enough to stand in a report: each is PUT at its address."""
    monkeypatch.setattr("worker.deliver.INLINE_BYTES", -1)


@pytest.fixture
def worker_settings(tmp_path: Path, platform: ScriptedPlatform) -> Settings:
    model = tmp_path / "model" / "fixed_model"
    model.mkdir(parents=True)
    lock = {"format": 2, "recipes": {"quick": {"digest": DIGEST}}, "retired": {}}
    (model / "recipes.lock").write_text(json.dumps(lock))
    return read(
        {
            "FIXPOINT_BROKER_URL": "memory://",
            "FIXPOINT_PLATFORM_URL": platform.url,
            "FIXPOINT_WORKER_NAME": "tester",
            "FIXPOINT_WORKER_SCRATCH": str(tmp_path / "scratch"),
            "FIXPOINT_MODEL_PATH": str(model.parent),
            "FIXPOINT_CODECARBON": "no",
        }
    )


@pytest.fixture
def model(worker_settings: object, tmp_path: Path, hold: Path) -> Callable[[float], None]:
    """Writes a `fixed_model` of a few lines, each phase of which takes so many seconds."""

    def make(seconds: float) -> None:
        package = tmp_path / "model" / "fixed_model"
        (package / "__main__.py").write_text(
            textwrap.dedent(STUB.format(root=str(ROOT), seconds=seconds, hold=str(hold)))
        )
        (package / "__init__.py").touch()

    return make


@pytest.fixture
def hold(worker_settings: object, tmp_path: Path) -> Path:
    """A file: as long as it is there, no phase of `model` ends."""
    return tmp_path / "model" / "hold"


@pytest.fixture
def sandbox() -> FakeSandbox:
    return FakeSandbox(plan=program())


@pytest.fixture
def bench(worker_settings: Settings, sandbox: FakeSandbox) -> Iterator[Bench]:
    bench = benches.set_up(worker_settings, sandbox)
    yield bench
    bench.platform.close()
    attempts = worker_settings.scratch / "attempts"
    left = [path for path in attempts.iterdir() if path.is_dir()] if attempts.exists() else []
    assert left == [], "whatever happened, no attempt leaves a file behind"


@pytest.fixture
def evaluation(platform: ScriptedPlatform) -> Callable[..., Claim]:
    """Makes the platform answer with an evaluation; keywords change the claim."""

    def make(**changes: Any) -> Claim:
        train = Stage(
            phase=Phase.TRAIN,
            inputs=("pack.safetensors",),
            request={"recipe": "quick", "seeds": [0], "threads": 2, "classes": 10},
            outputs=(output("weights.safetensors"), output("dynamics.safetensors")),
            limits=LIMITS,
        )
        predict = Stage(
            phase=Phase.PREDICT,
            inputs=("hidden.safetensors", "weights.safetensors"),
            request={"recipe": "quick", "threads": 2},
            outputs=(output("logits.safetensors"),),
            limits=LIMITS,
        )
        inputs = (platform.hold("pack.safetensors", b"a pack"), platform.hold("hidden.safetensors", b"hidden images"))
        platform.claim = claim_of(EVALUATE, inputs=inputs, stages=(train, predict), **changes)
        return platform.claim

    return make


@pytest.fixture
def ingestion(platform: ScriptedPlatform) -> Callable[..., Claim]:
    """Makes the platform answer with an ingestion; keywords change the claim."""

    def make(**changes: Any) -> Claim:
        stage = Stage(
            phase=Phase.INGEST,
            inputs=("archive.zip",),
            request={"recipe": "quick", "layout": "splits", "classes": ["i", "ii"]},
            outputs=(output("pack.safetensors"), output("manifest.json"), output("sheet.png")),
            limits=LIMITS,
        )
        inputs = (platform.hold("archive.zip", b"PK and so on"),)
        platform.claim = claim_of(INGEST, inputs=inputs, stages=(stage,), **changes)
        return platform.claim

    return make


def output(name: str, max_bytes: int = 1_000_000) -> Output:
    return Output(name=name, max_bytes=max_bytes, url=f"/incoming/{name}?signature=secret")


def claim_of(job: Job, **parts: Any) -> Claim:
    facts: dict[str, Any] = {
        "recipe": "quick",
        "recipe_digest": DIGEST,
        "heartbeat_seconds": 0.1,
        "lease_seconds": 10.0,
    }
    return Claim(kind=job.kind, id=job.id, attempt=job.attempt, **facts | parts)
