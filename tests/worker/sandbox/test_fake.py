"""The sandbox that runs nothing."""

import threading
from dataclasses import replace
from pathlib import Path

from worker.contract import Limits
from worker.sandbox import Exit, FakeSandbox, Mount, Outcome, Sandbox
from worker.sandbox.fake import DONE, Call

LIMITS = Limits(wall_seconds=1, memory_bytes=1, output_bytes=1, output_files=1, cpus=1, pids=1)


def run(sandbox: Sandbox, output: Path) -> Exit:
    return sandbox.run(
        "image",
        ["python"],
        mounts=[Mount(output, "/in/x")],
        output=output,
        limits=LIMITS,
        stop=threading.Event(),
        label="job",
    )


def test_a_call_is_remembered(tmp_path: Path) -> None:
    sandbox = FakeSandbox()

    assert run(sandbox, tmp_path).outcome == "ok"
    (call,) = sandbox.calls
    assert (call.image, call.command, call.label, call.limits) == ("image", ("python",), "job", LIMITS)


def test_a_plan_writes_the_output_and_says_how_it_ended(tmp_path: Path) -> None:
    def plan(call: Call) -> Exit:
        (call.output / "outcome.json").write_text("{}")
        return replace(DONE, outcome=Outcome.CRASHED, status=3)

    end = run(FakeSandbox(plan), tmp_path)

    assert (end.outcome, end.status) == ("crashed", 3)
    assert (tmp_path / "outcome.json").exists()


def test_leftovers_are_reaped_once() -> None:
    sandbox = FakeSandbox(leftovers=2)

    assert [sandbox.reap(), sandbox.reap()] == [2, 0]
    assert sandbox.image_id("image") == "fake:image"
