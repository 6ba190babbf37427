"""An output that did not arrive as announced is handed in again, and not for ever."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.worker.conftest import EVALUATE
from tests.worker.programs import DYNAMICS, WEIGHTS
from tests.worker.scripted_platform import CONTINUE, Answer, ScriptedPlatform
from worker.bench import Bench
from worker.contract import Claim, Report
from worker.pipeline import carry_out

MakeClaim = Callable[..., Claim]


def not_arrived(times: int) -> Callable[[Report], Answer]:
    """Answers that the output of a training is not there, so many times."""
    asked: list[Report] = []

    def answer(report: Report) -> Answer:
        if report.fact == "trained":
            asked.append(report)
        return (412, {}) if report.fact == "trained" and len(asked) <= times else CONTINUE

    return answer


@pytest.mark.usefixtures("nothing_fits")
def test_what_did_not_arrive_is_handed_in_again(
    platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim
) -> None:
    puts: list[str] = []
    evaluation()
    platform.on_report = not_arrived(times=2)

    def note(path: str) -> int:
        puts.append(path)
        return 201

    platform.on_put = note

    carry_out(EVALUATE, bench)

    assert puts.count("/incoming/weights.safetensors") == 3
    assert platform.facts[-1] == "predicted:predict"


def test_what_never_arrives_is_an_error_in_the_end(
    platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()
    platform.on_report = not_arrived(times=99)

    carry_out(EVALUATE, bench)

    assert platform.facts == ["started:train", "error:train"]


@pytest.mark.usefixtures("nothing_fits")
def test_a_put_that_broke_off_is_repeated_whole(
    platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim
) -> None:
    answers = iter([503, 201, 201, 201])
    evaluation()
    platform.on_put = lambda path: next(answers)

    carry_out(EVALUATE, bench)

    assert platform.facts[-1] == "predicted:predict"


def test_small_outputs_stand_in_their_report_as_long_as_there_is_room(
    platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.deliver.INLINE_BYTES", len(WEIGHTS) + len(DYNAMICS) - 1)
    evaluation()

    carry_out(EVALUATE, bench)

    trained = next(report for report in platform.reports if report.fact == "trained")
    assert [each.content is None for each in trained.delivered] == [False, True]
    assert platform.puts == {"/incoming/dynamics.safetensors": DYNAMICS}
    assert platform.outputs["weights.safetensors"] == WEIGHTS
