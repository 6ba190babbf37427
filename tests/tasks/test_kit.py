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
        assert archive.namelist() == [f"numerals/{name}" for name in names]
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


def test_the_program_trains_on_the_sample_as_the_readme_says(client, task, tmp_path):
    with kit(client, task) as archive:
        (tmp_path / "sample.zip").write_bytes(archive.read("numerals/sample.zip"))
        readme = archive.read("numerals/README.md").decode()
    (command,) = re.findall(r"venv/bin/fixed-model (train .*)", readme)
    command = command.replace(task.recipe, "resnet50-dcai2021-quick")

    done = subprocess.run(
        [sys.executable, "-m", "fixed_model", *command.split()], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert "weights" in done.stdout
    assert kit_module._sample(tuple(CLASSES)) == (tmp_path / "sample.zip").read_bytes()
