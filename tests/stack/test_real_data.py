"""The first task on its real data: counts, limits, and one digest of the weights whatever the sandbox."""

import json
import re
import time
from pathlib import Path

import pytest

from tests.support.embedded_stack import EmbeddedStack
from tests.support.model_image import ensure_model_image
from tests.support.roman import FULL, QUICK, with_more_images, write_task
from tests.support.visitor import Visitor

pytestmark = [pytest.mark.stack, pytest.mark.data, pytest.mark.timeout(3600)]
MINUTE = 60
REPORT = (
    "import json; from fixpoint.organizing.entering import entry_report;"
    " from fixpoint.submissions.models import Submission;"
    " print(json.dumps(entry_report(Submission.objects.get(pk='{}'))))"
)


@pytest.fixture
def model_image() -> None:
    ensure_model_image()


def scored(stack: EmbeddedStack, visitor: Visitor, archive: Path, task: str, *, minutes: float) -> dict[str, object]:
    """One entry from its upload to its score; the line of JSON that `manage.py enter` would end with."""
    before = time.monotonic()
    dataset = visitor.upload(archive, task=task)
    visitor.wait(dataset, "Accepted", seconds=10 * MINUTE)
    entry = visitor.enter(dataset)
    visitor.wait(entry, "Scored", seconds=minutes * MINUTE)
    line = json.loads(stack.ask(REPORT.format(entry.strip("/").rpartition("/")[2])))
    assert line["accuracy"] == pytest.approx(visitor.accuracy(entry), abs=1e-4)
    assert line["weights_digest"] == visitor.digest(entry, "Weights")
    return line | {"task": task, "overall_seconds": round(time.monotonic() - before, 1)}


@pytest.mark.bubblewrap
def test_real_uploads_are_accepted_with_the_right_counts_and_one_image_too_many_is_refused(start, real_data, tmp_path):
    stack = start("bubblewrap")
    roman = real_data / "roman"
    stack.import_task(write_task(tmp_path, real_data, slug="roman"))
    with Visitor(stack.url) as visitor:
        visitor.sign_up()
        counts = {"entry-as-uploaded": "2,401", "entry-mixed-modes": "7,681", "entry-10k": "9,994"}
        sent = {name: visitor.upload(roman / f"{name}.zip", task="roman") for name in counts}
        for name, images in counts.items():
            page = visitor.wait(sent[name], "Accepted", seconds=15 * MINUTE)
            assert f"Accepted: {images} images" in page
        assert re.search(r"\d+ files? of the operating system", visitor.look(sent["entry-as-uploaded"]))
        too_many = with_more_images(roman / "entry-10k.zip", tmp_path / "too-many.zip", more=7)
        page = visitor.look(visitor.upload(too_many, task="roman"))
        assert "10,001 images" in page
        assert "Refused by 1 rule" in page


@pytest.mark.bubblewrap
@pytest.mark.docker
@pytest.mark.usefixtures("model_image")
def test_the_same_upload_has_the_same_weights_in_docker_and_in_bubblewrap(start, real_data, tmp_path):
    lines = []
    for sandbox in ("docker", "bubblewrap"):
        stack = start(sandbox)
        with Visitor(stack.url) as visitor:
            stack.import_task(write_task(tmp_path, real_data, slug="roman", recipe=QUICK, seeds=2))
            visitor.sign_up()
            line = scored(stack, visitor, real_data / "roman" / "original.zip", "roman", minutes=30)
        stack.end()
        assert line["sandbox"] == sandbox
        lines.append(line)
    for name in ("weights_digest", "dataset_digest", "accuracy"):
        assert lines[0][name] == lines[1][name]


@pytest.mark.real
@pytest.mark.docker
@pytest.mark.timeout(4 * 3600)
@pytest.mark.usefixtures("model_image")
def test_the_full_recipe_scores_as_published_for_two_seeds_and_is_the_same_again_bit_for_bit(
    start, real_data, tmp_path
):
    stack = start("docker")
    lines = []
    with Visitor(stack.url) as visitor:
        visitor.sign_up()
        for seed in (0, 1):
            stack.import_task(write_task(tmp_path, real_data, slug=f"roman-{seed}", recipe=FULL, seed=seed))
        for task in ("roman-0", "roman-1", "roman-0"):
            lines.append(scored(stack, visitor, real_data / "roman" / "original.zip", task, minutes=70))
            print(json.dumps(lines[-1]), flush=True)
    first, second, again = lines
    assert [[each["seed"] for each in line["seeds"]] for line in lines] == [[0], [1], [0]]
    for line in lines:
        assert 0.61 <= line["accuracy"] <= 0.69
        assert line["attempts"] == 1
    assert first["weights_digest"] != second["weights_digest"]
    for name in ("weights_digest", "dataset_digest", "accuracy"):
        assert again[name] == first[name]
