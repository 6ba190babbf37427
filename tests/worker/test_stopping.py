"""An attempt that is no longer ours stops at once and cleans up; one that still is survives a silent platform."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from tests.worker.conftest import EVALUATE
from tests.worker.programs import program, train, until_stopped
from tests.worker.scripted_platform import CANCEL, CONTINUE, Answer, ScriptedPlatform
from worker.bench import Bench
from worker.contract import Claim, Report
from worker.pipeline import carry_out
from worker.sandbox import Exit, FakeSandbox
from worker.sandbox.fake import Call

MakeClaim = Callable[..., Claim]


class Word:
    """Said to heartbeats from the moment on that `is_time`; `seconds_since` counts from when it was said first."""

    def __init__(self, answer: Answer, is_time: Callable[[], object]) -> None:
        self._answer, self._is_time = answer, is_time
        self._said: list[float] = []

    def __call__(self) -> Answer:
        if not self._is_time():
            return CONTINUE
        self._said.append(time.monotonic())
        return self._answer

    def seconds_since(self) -> float:
        return time.monotonic() - self._said[0]


def test_a_cancel_stops_a_running_phase_within_two_seconds(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()
    sandbox.plan = program(train=until_stopped)
    platform.on_heartbeat = cancel = Word(CANCEL, lambda: sandbox.calls and platform.heartbeats > 2)

    carry_out(EVALUATE, bench)

    assert cancel.seconds_since() < 2
    assert platform.facts == ["started:train"]


def test_a_cancel_that_answers_a_report_stops_before_the_sandbox_starts(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation(heartbeat_seconds=5.0)
    platform.on_report = lambda report: CANCEL

    carry_out(EVALUATE, bench)

    assert sandbox.calls == []
    assert platform.facts == ["started:train"]


@pytest.mark.parametrize("status", [401, 404, 409, 410])
def test_a_fenced_attempt_stops_at_once_and_says_no_more(
    status: int, platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()
    sandbox.plan = program(train=until_stopped)
    platform.on_heartbeat = fenced = Word((status, {}), lambda: sandbox.calls)

    carry_out(EVALUATE, bench)

    assert fenced.seconds_since() < 2
    assert platform.facts == ["started:train"]


def test_an_attempt_fenced_while_it_reports_does_not_go_on_to_predict(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()
    platform.on_report = lambda report: (409, {}) if report.fact == "trained" else CONTINUE

    carry_out(EVALUATE, bench)

    assert [call.command[3] for call in sandbox.calls] == ["train"]


def test_a_platform_that_was_away_gets_its_report_when_it_is_back(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    def go_away(call: Call) -> Exit:
        platform.is_down = True
        threading.Timer(1.0, lambda: setattr(platform, "is_down", False)).start()
        return train(call)

    evaluation(lease_seconds=20.0)
    sandbox.plan = program(train=go_away)

    carry_out(EVALUATE, bench)

    assert platform.facts == ["started:train", "trained:train", "predicted:predict"]


def test_a_platform_silent_for_the_whole_lease_ends_the_attempt(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    gone: list[float] = []

    def go_away(call: Call) -> Exit:
        platform.is_down = True
        gone.append(time.monotonic())
        return until_stopped(call)

    lease = 3.0  # which a busy machine must not outlive before
    evaluation(lease_seconds=lease)
    sandbox.plan = program(train=go_away)
    began = time.monotonic()

    carry_out(EVALUATE, bench)

    assert time.monotonic() - began > lease - 0.2
    assert time.monotonic() - gone[0] < lease + 2
    assert platform.facts == ["started:train"]


def test_a_report_whose_answer_got_lost_is_repeated_with_the_same_number(
    platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim
) -> None:
    seen: list[Report] = []

    def lose_the_first_answer(report: Report) -> tuple[int, dict[str, str]]:
        seen.append(report)
        return (502, {}) if seen.count(report) == 1 and report.fact == "trained" else CONTINUE

    evaluation()
    platform.on_report = lose_the_first_answer

    carry_out(EVALUATE, bench)

    first, second = (report for report in seen if report.fact == "trained")
    assert first == second


def test_heartbeats_go_on_while_a_phase_runs(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    heard: list[float] = []

    def hear() -> tuple[int, dict[str, str]]:
        heard.append(time.monotonic())
        return CONTINUE

    def are_six_in_a_second() -> bool:
        return any(last - first <= 1 for first, last in zip(heard, heard[5:], strict=False))

    def go_on_until_six_came_in_a_second(call: Call) -> Exit:
        heard.clear()
        deadline = time.monotonic() + 30  # a busy machine may have none at first
        while not are_six_in_a_second() and time.monotonic() < deadline:
            time.sleep(0.01)
        return train(call)

    platform.on_heartbeat = hear
    evaluation(heartbeat_seconds=0.1)
    sandbox.plan = program(train=go_on_until_six_came_in_a_second)

    carry_out(EVALUATE, bench)

    assert are_six_in_a_second()


def test_a_single_lost_heartbeat_ends_nothing(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    def take_a_moment(call: Call) -> Exit:
        time.sleep(0.5)
        return train(call)

    evaluation()
    sandbox.plan = program(train=take_a_moment)
    platform.on_heartbeat = lambda: (500, {}) if platform.heartbeats == 2 else CONTINUE

    carry_out(EVALUATE, bench)

    assert platform.facts[-1] == "predicted:predict"


def test_a_download_ends_when_the_attempt_does(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()
    platform.on_get = lambda path: 503
    platform.on_heartbeat = cancel = Word(CANCEL, lambda: platform.gets)

    carry_out(EVALUATE, bench)

    assert cancel.seconds_since() < 2
    assert (sandbox.calls, platform.reports) == ([], [])
