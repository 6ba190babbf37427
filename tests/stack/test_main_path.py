"""The main job over HTTP, as a person does it, on the stack that `manage.py up` starts."""

import json
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from fixpoint.recipes import recipe_facts
from tests.support.bundles import entry_files, write_bundle, write_zip
from tests.support.embedded_stack import EmbeddedStack
from tests.support.platform import RECIPE
from tests.support.visitor import UnexpectedPageError, Visitor

pytestmark = [pytest.mark.stack, pytest.mark.timeout(1800)]
POLL_SECONDS = 1.0
"""How often the page asks for its live fragment (templates/parts/poller.html)."""


REPORT = (
    "import json; from fixpoint.organizing.entering import entry_report;"
    " from fixpoint.submissions.models import Submission;"
    " print(json.dumps(entry_report(Submission.objects.get(owner__username={name!r}))))"
)


@pytest.fixture(scope="module")
def stack(sandbox: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStack]:
    """One for all tests of this file, begun with an empty home; in each of them somebody else does something."""
    folder = tmp_path_factory.mktemp("main-path")
    with EmbeddedStack(folder / "home", sandbox, begins_empty=True) as stack:
        stack.import_task(write_bundle(folder / "bundle"))
        yield stack


class Watcher(threading.Thread):
    """Notes when each line of the training's progress file appeared."""

    def __init__(self, home: Path) -> None:
        super().__init__(daemon=True)
        self.home, self.seen, self.done = home, {}, threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.02):
            with suppress(FileNotFoundError):  # its folder goes with the training, between two looks or within one
                for path in self.home.glob("scratch/evaluate/attempts/*/out-*/progress.jsonl"):
                    for number in range(1, path.read_bytes().count(b"\n") + 1):
                        self.seen.setdefault(number, time.monotonic())


def test_a_zip_goes_in_at_the_browser_and_a_score_comes_out_on_the_board(stack, sandbox, small_entry):
    with Visitor(stack.url) as visitor:
        visitor.sign_up()
        dataset = visitor.upload(small_entry, task="numerals", name="my numerals")
        assert "48 images" in visitor.wait(dataset, "Accepted", seconds=180)
        visitor.read(dataset, "The pre-check found", seconds=60)
        assert "<strong>48</strong>" in visitor.look(f"{dataset}images/")
        assert "Smaller than what the model sees" in visitor.look(f"{dataset}images/?finding=tiny")
        entry = visitor.enter(dataset)
        visitor.wait(entry, "Scored", seconds=300)
        assert 0 <= visitor.accuracy(entry) <= 1
        assert visitor.digest(entry, "Recipe") == recipe_facts(RECIPE).digest
        assert visitor.digest(entry, "Dataset") == visitor.digest(dataset, "Dataset")
        board = visitor.look("/tasks/numerals/board/")
        assert "visitor" in board
        assert entry in board
    line = json.loads(stack.ask(REPORT.format(name="visitor")))
    assert (line["sandbox"], line["attempts"], line["images"]) == (sandbox, 1, 48)
    assert set(line["seconds"]) == {"ingest", "train", "predict"}
    assert line["grams_standardised"] > 0
    assert line["grams_measured"] > 0


def test_an_entry_of_two_seeds_is_scored_by_their_mean(stack, tmp_path, small_entry):
    stack.import_task(write_bundle(tmp_path / "bundle", slug="two-seeds", label_book=False, seed=3, seeds=2))
    with Visitor(stack.url, "patient") as visitor:
        visitor.sign_up()
        dataset = visitor.upload(small_entry, task="two-seeds")
        visitor.wait(dataset, "Accepted", seconds=180)
        entry = visitor.enter(dataset)
        page = visitor.wait(entry, "Scored", seconds=300)
    assert "10 of 10 epochs over 2 seeds" in page
    line = json.loads(stack.ask(REPORT.format(name="patient")))
    assert [each["seed"] for each in line["seeds"]] == [3, 4]
    assert line["accuracy"] == pytest.approx(statistics.fmean(each["accuracy"] for each in line["seeds"]))
    assert line["spread"] is not None
    assert line["device_class"]
    assert len({each["weights_digest"] for each in line["seeds"]} | {line["weights_digest"]}) == 3


def test_a_refused_zip_shows_every_reason_and_asks_no_worker(stack, tmp_path):
    bad = write_zip(tmp_path / "bad.zip", entry_files() | {"notes.txt": b"x", "train/stranger/1.png": b"x"})
    broken = {name: b"\x89PNG\r\n\x1a\n" if name.endswith("/0.png") else data for name, data in entry_files().items()}
    undecodable = write_zip(tmp_path / "undecodable.zip", broken)
    with Visitor(stack.url, "careless") as visitor:
        visitor.sign_up()
        page = visitor.look(visitor.upload(bad, task="numerals"))
        assert "notes.txt" in page
        assert "train/stranger" in page
        dataset = visitor.upload(undecodable, task="numerals")
        page = visitor.wait(dataset, "Refused", seconds=180)
        assert "train/klasse-eins/0.png" in page
        with pytest.raises(UnexpectedPageError):
            visitor.wait(dataset, "Accepted", seconds=5)


def test_an_epoch_is_on_the_page_within_two_seconds(stack, longer_entry):
    with Visitor(stack.url, "watcher") as visitor:
        visitor.sign_up()
        dataset = visitor.upload(longer_entry, task="numerals")
        visitor.wait(dataset, "Accepted", seconds=180)
        watcher = Watcher(stack.home)
        watcher.start()
        entry = visitor.enter(dataset)
        shown: dict[int, float] = {}
        deadline = time.monotonic() + 400
        while (seen := visitor.glance(entry))[0] in {"Queued", "Training"}:
            assert time.monotonic() < deadline
            if epoch := seen[1]:
                shown.setdefault(epoch, time.monotonic())
            time.sleep(0.05)  # or the site's only process would be busy with us alone, and the worker's reports wait
        watcher.done.set()
        watcher.join()
        visitor.wait(entry, "Scored", seconds=180)
    late = [shown[epoch] - watcher.seen[epoch] for epoch in shown if epoch in watcher.seen]
    assert len(late) >= 2
    assert statistics.median(late) + POLL_SECONDS < 2, late
