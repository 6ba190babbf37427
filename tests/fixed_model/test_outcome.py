"""What a stage writes: whole files, real JSON, and never more than a reader takes."""

import json
from pathlib import Path
from typing import Any

import pytest

from fixed_model.outcome import OUTCOME_BYTES, write_json, write_outcome
from fixed_model.progress import Progress
from fixed_model.refusals import PATH_SHOWN, SHOWN, Remarks
from fixed_model.train import Epoch


def test_an_outcome_carries_its_format_and_its_facts(tmp_path: Path) -> None:
    write_outcome(tmp_path, "done", images=3, name="ⅷ")
    content = json.loads((tmp_path / "outcome.json").read_text(encoding="utf-8"))
    assert content == {"format": 1, "outcome": "done", "images": 3, "name": "ⅷ"}


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_what_is_not_a_number_is_never_written(tmp_path: Path, number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        write_outcome(tmp_path, "done", loss=number)
    assert not (tmp_path / "outcome.json").exists()


def test_a_file_appears_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"a": 1})
    write_json(tmp_path / "a.json", {"a": 2})
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    assert json.loads((tmp_path / "a.json").read_bytes()) == {"a": 2}


def test_lists_are_shortened_until_the_outcome_fits(tmp_path: Path) -> None:
    write_outcome(tmp_path, "refused", refusals=["x" * 2000] * 1000, refusal_counts={"unsafe-name": 1000})
    content = json.loads((tmp_path / "outcome.json").read_bytes())
    assert (tmp_path / "outcome.json").stat().st_size <= OUTCOME_BYTES
    assert 0 < len(content["refusals"]) < 1000
    assert content["refusal_counts"] == {"unsafe-name": 1000}


def test_remarks_keep_the_first_and_count_the_rest() -> None:
    remarks = Remarks()
    assert not remarks
    for number in range(SHOWN + 5):
        remarks.add("unsafe-name", f"{number}", "why")
    assert remarks
    assert len(remarks.as_json()) == SHOWN
    assert remarks.as_json()[0] == {"rule": "unsafe-name", "path": "0", "detail": "why"}
    assert remarks.counts == {"unsafe-name": SHOWN + 5}


def test_a_list_that_is_shortened_keeps_some_of_every_rule(tmp_path: Path) -> None:
    remarks = Remarks()
    for number in range(SHOWN + 5):
        remarks.add("unsafe-name", f"{number}{'数' * PATH_SHOWN}", "why" * 50)
    remarks.add("damaged-entry", "last", "why")
    write_outcome(tmp_path, "refused", refusals=remarks.as_json(), refusal_counts=dict(remarks.counts))
    kept = json.loads((tmp_path / "outcome.json").read_bytes())["refusals"]
    assert len(kept) < SHOWN
    assert sum(each["rule"] == "unsafe-name" for each in kept) >= 10
    assert [each["path"] for each in kept if each["rule"] == "damaged-entry"] == ["last"]


def test_a_hostile_path_is_shown_short_and_printable() -> None:
    remarks = Remarks()
    remarks.add("unsafe-name", "a\x00\n\u202e" + "b" * 1000, "why")
    shown = remarks.first[0].path
    assert len(shown) == PATH_SHOWN
    assert shown.isprintable()


def test_progress_is_on_the_disk_when_an_epoch_ends(tmp_path: Path) -> None:
    path = tmp_path / "progress.jsonl"
    progress = Progress(path, 2, [7, 3])
    assert path.read_bytes() == b""
    progress(3, Epoch(1, 2.5, 0.25, 2.0, 0.5))
    first = {"seed": 3, "epoch": 1, "epochs": 2, "loss": 2.5, "accuracy": 0.25, "val_loss": 2.0, "val_accuracy": 0.5}
    assert lines(path) == [first]
    progress(7, Epoch(1, 2.0, 0.5, 1.5, 0.75))
    progress(7, Epoch(2, 1.0, 0.5, 1.5, 0.75))
    assert [(line["seed"], line["epoch"]) for line in lines(path)] == [(3, 1), (7, 1), (7, 2)]
    assert progress.history() == [*lines(path)[1:], first]  # seed by seed, in the order asked for


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text().splitlines()]
