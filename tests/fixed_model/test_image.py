"""The image fixpoint-model: it holds the model and nothing else, and works where it may touch nothing."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from fixed_model.lock import LOCK
from tests.fixed_model.archives import CLASSES, ROOMY, small_dataset, zipped

pytestmark = pytest.mark.docker

ROOT = Path(__file__).parents[2]
LOCKED_DOWN = ("--rm", "--network=none", "--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--user=65532:65532")


@pytest.fixture(scope="module")
def image() -> str:
    """The image, built from this checkout (its torch comes from the builder's cache)."""
    command = ["docker", "build", "-q", "-f", "fixed_model/Dockerfile", "-t", "fixpoint-model", "."]
    built = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"DOCKER_BUILDKIT": "0"}, capture_output=True, text=True, timeout=580
    )
    assert built.returncode == 0, built.stderr
    return "fixpoint-model"


def inside(image: str, *command: str, mounts: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    volumes = [part for mount in mounts for part in ("-v", mount)]
    return subprocess.run(
        ["docker", "run", *LOCKED_DOWN, *volumes, image, *command], capture_output=True, text=True, timeout=120
    )


def test_it_carries_the_recipes_of_this_checkout(image: str) -> None:
    said = inside(image, "cat", "/opt/fixpoint/fixed_model/recipes.lock")
    assert said.stdout == LOCK.read_text(encoding="utf-8")
    assert inside(image, "python", "-m", "fixed_model", "lock", "--check").returncode == 0


def test_it_runs_as_nobody_and_has_no_entrypoint(image: str) -> None:
    said = subprocess.run(["docker", "inspect", "--format", "{{json .Config}}", image], capture_output=True, text=True)
    config = json.loads(said.stdout)
    assert config["User"] == "65532:65532"
    assert config["WorkingDir"] == "/"
    assert not config.get("Entrypoint")


def test_it_ingests_without_network_on_a_read_only_root(image: str, tmp_path: Path) -> None:
    given, out = tmp_path / "in", tmp_path / "out"
    given.mkdir()
    out.mkdir(mode=0o777)
    out.chmod(0o777)
    zipped(given / "archive.zip", small_dataset())
    asked = {"layout": "splits", "classes": list(CLASSES), "limits": ROOMY, "sheet_per_class": 3}
    (given / "request.json").write_text(json.dumps({"recipe": "resnet50-dcai2021", **asked}))
    options = ["--request", "/in/request.json", "--archive", "/in/archive.zip", "--out", "/out"]
    mounts = (f"{given}:/in:ro", f"{out}:/out")
    done = inside(image, "python", "-m", "fixed_model", "ingest", *options, mounts=mounts)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads((out / "outcome.json").read_bytes())["outcome"] == "done"


def test_its_torch_is_the_pinned_one(image: str) -> None:
    said = inside(image, "python", "-c", "import torch; print(torch.__version__)")
    assert said.stdout.startswith("2.14.1")
