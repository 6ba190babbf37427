"""The real model in a sandbox: a zip goes in as an archive, and logits come out."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests.worker.conftest import EVALUATE, INGEST, LIMITS, claim_of, output
from tests.worker.scripted_platform import ScriptedPlatform
from worker import bench as benches
from worker.bench import Bench
from worker.contract import Phase, Stage
from worker.pipeline import carry_out
from worker.sandbox import SandboxError
from worker.settings import REPOSITORY, Settings

RECIPE = "resnet50-dcai2021-quick"
CLASSES = ["i", "ii"]
LIMIT = {"images": 100, "image_bytes": 10**6, "image_pixels": 10**6, "archive_bytes": 10**7, "unpacked_bytes": 10**7}
INGEST_LIMITS = {"recipe": RECIPE, "limits": LIMIT, "sheet_per_class": 2}


@pytest.fixture(
    params=[
        "process",
        pytest.param("docker", marks=pytest.mark.docker),
        pytest.param("bubblewrap", marks=pytest.mark.bubblewrap),
    ]
)
def real_bench(worker_settings: Settings, request: pytest.FixtureRequest) -> Iterator[Bench]:
    bench = benches.set_up(replace(worker_settings, sandbox=request.param, model_path=REPOSITORY))
    try:
        bench.sandbox.image_id(bench.settings.model_image)
    except SandboxError as error:
        pytest.skip(str(error))
    yield bench
    bench.platform.close()


def archive(*names: str) -> bytes:
    noise, buffer = random.Random(7), io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            picture = io.BytesIO()
            Image.frombytes("L", (8, 8), noise.randbytes(64)).save(picture, "PNG")
            file.writestr(name, picture.getvalue())
    return buffer.getvalue()


def ingested(platform: ScriptedPlatform, bench: Bench, content: bytes, layout: str, classes: list[str]) -> bytes:
    stage = Stage(
        phase=Phase.INGEST,
        inputs=("archive.zip",),
        request={**INGEST_LIMITS, "layout": layout, "classes": classes},
        outputs=(output("pack.safetensors"), output("manifest.json"), output("sheet.png")),
        limits=LIMITS,
    )
    own = {"recipe": RECIPE, "recipe_digest": own_digest(bench)}
    platform.claim = claim_of(INGEST, inputs=(platform.hold("archive.zip", content),), stages=(stage,), **own)
    carry_out(INGEST, bench)
    assert platform.last.fact == "ingested", platform.last.fault
    return platform.outputs["pack.safetensors"]


def own_digest(bench: Bench) -> str:
    lock = json.loads((Path(REPOSITORY) / "fixed_model" / "recipes.lock").read_text())
    digest: str = lock["recipes"][RECIPE]["digest"]
    image = bench.sandbox.image_id(bench.settings.model_image)
    assert bench.recipes.digests(image)[RECIPE] == digest
    return digest


def test_an_archive_is_ingested_trained_on_and_used_for_prediction(
    platform: ScriptedPlatform, real_bench: Bench
) -> None:
    entry = archive(*(f"{split}/{name}/{n}.png" for split in ("train", "val") for name in CLASSES for n in range(4)))
    pack = ingested(platform, real_bench, entry, "splits", CLASSES)
    hidden = ingested(platform, real_bench, archive("0.png", "1.png", "2.png"), "flat", [])
    inputs = (platform.hold("pack.safetensors", pack), platform.hold("hidden.safetensors", hidden))
    train = Stage(
        phase=Phase.TRAIN,
        inputs=("pack.safetensors",),
        request={"recipe": RECIPE, "seeds": [0, 1], "threads": 1, "classes": 2},
        outputs=(output("weights.safetensors", 10**8), output("dynamics.safetensors", 10**7)),
        limits=replace(LIMITS, wall_seconds=500, output_bytes=10**8),
    )
    predict = Stage(
        phase=Phase.PREDICT,
        inputs=("hidden.safetensors", "weights.safetensors"),
        request={"recipe": RECIPE, "threads": 1},
        outputs=(output("logits.safetensors"),),
        limits=LIMITS,
    )
    own = {"recipe": RECIPE, "recipe_digest": own_digest(real_bench)}
    platform.claim = claim_of(EVALUATE, inputs=inputs, stages=(train, predict), **own)
    platform.reports.clear()

    carry_out(EVALUATE, real_bench)

    assert platform.facts == ["started:train", "trained:train", "predicted:predict"], platform.last
    assert platform.last.result["images"] == 3
    assert platform.outputs["logits.safetensors"]
    trained = next(report for report in platform.reports if report.fact == "trained")
    epochs = [(epoch.seed, epoch.epoch) for epoch in trained.progress]
    assert epochs == [(seed, number) for seed in (0, 1) for number in (1, 2, 3, 4, 5)]
    assert trained.energy is not None
    assert (trained.energy.cpu_seconds or 0) > 0.5
    assert trained.provenance is not None
    assert trained.provenance.seeds == (0, 1)
    assert trained.provenance.device_class
    assert {"python", "torch"} <= set(trained.provenance.versions)
