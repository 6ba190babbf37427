"""Epochs reach the platform while training runs, once each, and never cost a run."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable

import pytest

from tests.worker.conftest import EVALUATE
from tests.worker.programs import ended, epoch, program, train, trained
from tests.worker.scripted_platform import CONTINUE, ScriptedPlatform
from tests.worker.worker_process import wait_for
from worker.bench import Bench
from worker.contract import Claim, Report
from worker.outputs import BadOutputError
from worker.pipeline import carry_out
from worker.progress import ProgressTail, epoch_of, history_of
from worker.sandbox import Exit, FakeSandbox, Outcome
from worker.sandbox.fake import Call, Plan

MakeClaim = Callable[..., Claim]
STARTED = 1
"""Reports before the first epoch."""


class Looks:
    """Of the thread that follows a program's lines: how many are over."""

    def __init__(self) -> None:
        self.over: list[ProgressTail] = []

    def wait(self) -> None:
        """Until whatever is written now was looked at, or is no longer followed."""
        before = len(self.over)  # one more may have begun
        wait_for(lambda: len(self.over) > before + 1 or any(tail._is_given_up for tail in self.over), "two more looks")


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Looks:
    looks, look = Looks(), ProgressTail._look_and_send

    def look_and_tell(tail: ProgressTail) -> None:
        look(tail)
        looks.over.append(tail)

    monkeypatch.setattr(ProgressTail, "_look_and_send", look_and_tell)
    return looks


def telling(looks: Looks, *lines: str) -> Plan:
    """Training that writes these lines one by one, and then what training leaves."""

    def play(call: Call) -> Exit:
        for line in lines:
            with (call.output / "progress.jsonl").open("a") as file:
                file.write(line)
            looks.wait()
        return trained(call)

    return play


def line(number: int, epochs: int = 3) -> str:
    return json.dumps(epoch(number, epochs)) + "\n"


def live(platform: ScriptedPlatform) -> list[int]:
    return [one.epoch for report in platform.reports if report.fact == "progress" for one in report.progress]


def test_an_epoch_is_on_the_platform_within_a_second_of_its_end(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    took: list[float] = []

    def tell_until_one_was_in_time(call: Call) -> Exit:
        # Each is written when the one before has come, and so waits for a whole pause between two looks. A busy
        # machine may hold one up, or some.
        for number in range(1, 11):
            written = time.monotonic()
            with (call.output / "progress.jsonl").open("a") as file:
                file.write(line(number, epochs=10))
            wait_for(lambda: len(platform.report_times) == 1 + len(took) + STARTED, "the epoch")
            took.append(platform.report_times[-1] - written)
            if took[-1] < 1.0:
                break
        return trained(call)

    evaluation()
    sandbox.plan = program(train=tell_until_one_was_in_time)

    carry_out(EVALUATE, bench)

    assert min(took) < 1.0


def test_every_epoch_is_told_once(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim, looks: Looks
) -> None:
    evaluation()
    sandbox.plan = program(train=telling(looks, line(1), line(2), line(3)))

    carry_out(EVALUATE, bench)

    assert live(platform) == [1, 2, 3]


def test_epochs_that_end_together_travel_together(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim, looks: Looks
) -> None:
    evaluation()
    sandbox.plan = program(train=telling(looks, line(1) + line(2) + line(3)))

    carry_out(EVALUATE, bench)

    assert [len(report.progress) for report in platform.reports if report.fact == "progress"] == [3]


def test_half_a_line_waits_for_its_other_half(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim, looks: Looks
) -> None:
    evaluation()
    sandbox.plan = program(train=telling(looks, line(1)[:20], line(1)[20:]))

    carry_out(EVALUATE, bench)

    assert live(platform) == [1]


@pytest.mark.parametrize(
    "bad", ["not json\n", '{"epoch": NaN}\n', json.dumps(epoch(1) | {"val_accuracy": 7}) + "\n", "x" * 100_000]
)
def test_progress_that_is_nonsense_is_no_longer_followed_and_costs_nothing(
    bad: str, platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim, looks: Looks
) -> None:
    evaluation()
    sandbox.plan = program(train=telling(looks, bad))

    carry_out(EVALUATE, bench)

    assert live(platform) == []
    assert platform.facts[-1] == "predicted:predict"


def test_progress_that_is_a_link_is_not_followed(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim, looks: Looks
) -> None:
    def link(call: Call) -> Exit:
        (call.output / "elsewhere").write_text(line(1))
        (call.output / "progress.jsonl").symlink_to(call.output / "elsewhere")
        looks.wait()
        (call.output / "progress.jsonl").unlink()
        return train(call)

    evaluation()
    sandbox.plan = program(train=link)

    carry_out(EVALUATE, bench)

    assert live(platform) == []


def test_progress_that_was_not_taken_is_sent_again_as_the_same_report(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim, looks: Looks
) -> None:
    seen: list[Report] = []

    def lose_the_first(report: Report) -> tuple[int, dict[str, str]]:
        if report.fact == "progress":
            seen.append(report)
        return (503, {}) if len(seen) == 1 and report.fact == "progress" else CONTINUE

    evaluation()
    sandbox.plan = program(train=telling(looks, line(1), line(2)))
    platform.on_report = lose_the_first

    carry_out(EVALUATE, bench)

    assert seen[0] == seen[1]
    assert live(platform) == [1, 2]


def test_what_a_program_wrote_last_before_it_failed_is_told(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    def fail(call: Call) -> Exit:
        (call.output / "progress.jsonl").write_text(line(1))
        return ended(Outcome.CRASHED)

    evaluation()
    sandbox.plan = program(train=fail)

    carry_out(EVALUATE, bench)

    assert live(platform) == [1]
    assert [report.fact for report in platform.reports] == ["started", "progress", "error"]


def test_what_a_program_wrote_last_before_a_good_end_is_told_by_its_history_alone(
    platform: ScriptedPlatform,
    sandbox: FakeSandbox,
    bench: Bench,
    evaluation: MakeClaim,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("worker.progress.INTERVAL", 3600)  # last is what no look has seen
    evaluation()
    sandbox.plan = program(train=train)

    carry_out(EVALUATE, bench)

    assert live(platform) == []
    [trained] = [report for report in platform.reports if report.fact == "trained"]
    assert [one.epoch for one in trained.progress] == [1, 2, 3]


def test_an_answer_to_progress_can_cancel(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    stopped = threading.Event()

    def run(call: Call) -> Exit:
        (call.output / "progress.jsonl").write_text(line(1))
        if call.stop.wait(60):
            stopped.set()
        return train(call)

    evaluation(heartbeat_seconds=5.0)
    sandbox.plan = program(train=run)
    platform.on_report = lambda report: (200, {"answer": "cancel" if report.fact == "progress" else "continue"})

    carry_out(EVALUATE, bench)

    assert stopped.is_set()
    assert platform.facts == ["started:train"]


@pytest.mark.parametrize(
    "change",
    [
        {"seed": -1},
        {"seed": None},
        {"epoch": 0},
        {"epoch": 4},
        {"accuracy": -0.1},
        {"val_accuracy": 1.1},
        {"loss": float("inf")},
        {"epoch": "1"},
    ],
    ids=str,
)
def test_an_epoch_outside_its_ranges_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(BadOutputError):
        epoch_of("history.json", epoch(1) | change)


def test_a_history_without_its_list_is_refused() -> None:
    with pytest.raises(BadOutputError):
        history_of("history.json", {"epochs": "three"})
