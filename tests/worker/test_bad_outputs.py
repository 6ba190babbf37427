"""Whatever a sandbox leaves in place of an output, it is an error of that attempt and goes no further."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.worker.conftest import EVALUATE
from tests.worker.programs import after, epoch, program, train, write
from tests.worker.scripted_platform import ScriptedPlatform
from worker.bench import Bench
from worker.contract import Claim
from worker.pipeline import carry_out
from worker.sandbox import FakeSandbox

MakeClaim = Callable[..., Claim]


def link_weights(output: Path) -> None:
    (output / "weights.safetensors").unlink()
    (output / "weights.safetensors").symlink_to("/etc/passwd")


def pipe_outcome(output: Path) -> None:
    (output / "outcome.json").unlink()
    os.mkfifo(output / "outcome.json")


def grow_sparse(output: Path) -> None:
    os.truncate(output / "weights.safetensors", 1 << 40)


def nan_history(output: Path) -> None:
    write(output, "history.json", {"epochs": [epoch(1) | {"loss": float("nan")}]})


def overflowing_outcome(output: Path) -> None:
    (output / "outcome.json").write_text('{"format": 1, "outcome": "done", "seconds": 1e999}')


HOSTILE = {
    "weights that are a link": link_weights,
    "weights of a terabyte without a byte": grow_sparse,
    "weights that are a folder": lambda out: (
        (out / "weights.safetensors").rename(out / "x") or (out / "weights.safetensors").mkdir()
    ),
    "weights that are no tensors": lambda out: (out / "weights.safetensors").write_bytes(b"\x80\x04pickle."),
    "no weights at all": lambda out: (out / "weights.safetensors").unlink(),
    "an outcome that is a pipe": pipe_outcome,
    "an outcome of two megabytes": lambda out: (out / "outcome.json").write_text(" " * 2_000_000),
    "an outcome that is no JSON": lambda out: (out / "outcome.json").write_text("{"),
    "an outcome nested a million deep": lambda out: (out / "outcome.json").write_text("[" * 1_000_000),
    "an outcome of a format to come": lambda out: write(out, "outcome.json", {"format": 2, "outcome": "done"}),
    "an outcome that is no word of ours": lambda out: write(out, "outcome.json", {"outcome": "won"}),
    "an outcome that overflows to Infinity": overflowing_outcome,
    "a refusal where nothing can be refused": lambda out: write(out, "outcome.json", {"outcome": "refused"}),
    "a history with NaN": nan_history,
    "a history of impossible accuracy": lambda out: write(
        out, "history.json", {"epochs": [epoch(1) | {"accuracy": 2}]}
    ),
    "a history that is missing": lambda out: (out / "history.json").unlink(),
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE.keys())
def test_an_output_that_is_not_what_it_should_be_is_an_error_and_is_never_handed_in(
    change: Callable[[Path], object],
    platform: ScriptedPlatform,
    sandbox: FakeSandbox,
    bench: Bench,
    evaluation: MakeClaim,
) -> None:
    evaluation()
    sandbox.plan = program(train=after(change, train))

    carry_out(EVALUATE, bench)

    assert platform.facts == ["started:train", "error:train"]
    assert platform.last.fault is not None
    assert platform.last.fault.code in {"bad-output", "missing-output"}
    assert platform.puts == {}


def test_weights_other_than_the_outcome_tells_of_are_not_predicted_with(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    def forge(output: Path) -> None:
        weights = output / "weights.safetensors"
        weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")

    evaluation()
    sandbox.plan = program(train=after(forge, train))

    carry_out(EVALUATE, bench)

    assert platform.facts == ["started:train", "error:train"]


@pytest.mark.parametrize(
    "change", [Path.unlink, lambda path: path.write_bytes(b"\x80\x04pickle.")], ids=["none", "other"]
)
def test_a_training_without_its_dynamics_is_not_predicted_with(
    change: Callable[[Path], object],
    platform: ScriptedPlatform,
    sandbox: FakeSandbox,
    bench: Bench,
    evaluation: MakeClaim,
) -> None:
    evaluation()
    sandbox.plan = program(train=after(lambda output: change(output / "dynamics.safetensors"), train))

    carry_out(EVALUATE, bench)

    assert platform.facts == ["started:train", "error:train"]
    assert "/incoming/dynamics.safetensors" not in platform.puts
