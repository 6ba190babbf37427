"""The starter kit: what is in it, who gets it, and that what it says works."""

import io
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from django.urls import reverse

from fixpoint.blobs.store import blob_take
from fixpoint.tasks import kit as kit_module
from tests.support.names import CLASSES
from tests.support.platform import open_task

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def task(db, tmp_path):
    (tmp_path / "data.zip").write_bytes(b"PK the training data" * 1000)
    return open_task(training_data_sha256=blob_take(tmp_path / "data.zip").sha256)


def kit(client, task) -> zipfile.ZipFile:
    answer = client.get(reverse("kit", args=[task.slug]))
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def test_it_holds_all_that_one_needs_to_begin(client, task):
    with kit(client, task) as archive:
        assert archive.testzip() is None
        names = ["README.md", "requirements.txt", "sample.zip", "training-data.zip"]
        program = [name for name in archive.namelist() if name.startswith("numerals/fixed-model/")]
        assert [name for name in archive.namelist() if name not in program] == [f"numerals/{name}" for name in names]
        assert archive.read("numerals/training-data.zip") == b"PK the training data" * 1000
        readme = archive.read("numerals/README.md").decode()
    assert task.recipe_digest in readme
    assert f"fixed-model train sample.zip --recipe {task.recipe}" in readme


def test_its_readme_is_in_the_readers_language_and_says_names_as_they_are(client, task):
    task.title, task.summary = "Ones & <sevens>", "It's {{ 1 }}."
    task.save()
    client.cookies["django_language"] = "fr"

    with kit(client, task) as archive:
        readme = archive.read("numerals/README.md").decode()

    assert readme.startswith("# Ones & <sevens>\n\nIt's {{ 1 }}.\n\n| fichier |")
    assert "`train/<class>/…`" in readme
    assert "## S’entraîner chez soi comme le fait la plateforme" in readme
    assert f"* Empreinte : `{task.recipe_digest}`" in readme


def test_an_unchanged_kit_is_not_sent_again_and_a_changed_one_is(client, task):
    first = client.get(reverse("kit", args=[task.slug]))
    first.close()
    again = client.get(reverse("kit", args=[task.slug]), headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304

    task.summary = "Something new."
    task.save()
    changed = client.get(reverse("kit", args=[task.slug]), headers={"If-None-Match": first.headers["ETag"]})

    assert changed.status_code == 200
    changed.close()


def test_the_pinned_versions_are_those_of_the_model():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = (ROOT / "platform/fixpoint/tasks/model_requirements.txt").read_text(encoding="utf-8").split()
    assert lines == project["project"]["optional-dependencies"]["model"]


def test_the_program_is_the_one_that_is_installed_here_whole(client, task):
    with kit(client, task) as archive:
        inside = "numerals/fixed-model/fixed_model/"
        sent = {name.removeprefix(inside): archive.read(name) for name in archive.namelist() if name.startswith(inside)}
        project = tomllib.loads(archive.read("numerals/fixed-model/pyproject.toml").decode())["project"]
    package = ROOT / "fixed_model"

    here = [package / "recipes.lock", *package.rglob("*.py")]
    assert sent == {path.relative_to(package).as_posix(): path.read_bytes() for path in here}
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (project["version"], project["scripts"]) == (ours["version"], ours["scripts"])
    assert project["dependencies"] == ours["optional-dependencies"]["model"]


def test_another_program_is_another_kit(client, task, monkeypatch):
    first = kit_module.Kit(task).digest
    changed = tuple((name, data + b"\n") for name, data in kit_module.program_files())
    monkeypatch.setattr(kit_module, "program_files", lambda: changed)

    assert kit_module.Kit(task).digest != first


def test_what_its_readme_says_installs_the_program_and_trains_on_the_sample(client, task, tmp_path):
    with kit(client, task) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / task.slug
    readme = (folder / "README.md").read_text(encoding="utf-8")
    (installing,) = re.findall(r"venv/bin/(pip install --no-deps .*)", readme)
    (command,) = re.findall(r"venv/bin/fixed-model (train .*)", readme)
    command = command.replace(task.recipe, "resnet50-dcai2021-quick")
    without_network = ["--quiet", "--no-index", "--no-build-isolation", "--target", "installed"]

    installed = subprocess.run(
        [sys.executable, "-m", *installing.split(), *without_network], cwd=folder, capture_output=True, text=True
    )
    assert installed.returncode == 0, installed.stderr
    done = subprocess.run(
        [sys.executable, "installed/bin/fixed-model", *command.split()], cwd=folder,
        env={"PYTHONPATH": str(folder / "installed")}, capture_output=True, text=True,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert "weights" in done.stdout
    assert kit_module._sample(tuple(CLASSES)) == (folder / "sample.zip").read_bytes()
