"""What is reported when a phase does not end well: to the participant what is theirs, everything else as ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.worker.conftest import EVALUATE, INGEST
from tests.worker.programs import ended, predict, program, write
from tests.worker.scripted_platform import CONTINUE, ScriptedPlatform
from worker.bench import Bench
from worker.contract import Claim, Fault, Phase
from worker.fault import WeAreAtFault, of_exit
from worker.pipeline import carry_out
from worker.sandbox import Exit, FakeSandbox, Outcome, SandboxError
from worker.sandbox.fake import Call, Plan

MakeClaim = Callable[..., Claim]
TIMEOUT = ended(Outcome.TIMEOUT, limit="wall_seconds", allowed=20.0, used=20.4, log="epoch 7")
MEMORY = ended(Outcome.MEMORY, limit="memory_bytes", allowed=4e9, used=4.1e9)
DISK = ended(Outcome.DISK, limit="output_files", allowed=100, used=101)
CRASHED = Exit(Outcome.CRASHED, 1, 1.0, 1.0, 1, "Traceback: it broke")


def always(end: Exit) -> Plan:
    return lambda call: end


def says(outcome: str, **facts: Any) -> Plan:
    def play(call: Call) -> Exit:
        write(call.output, "outcome.json", {"outcome": outcome, **facts})
        return ended()

    return play


def fault_of(platform: ScriptedPlatform) -> Fault:
    assert platform.last.fault is not None
    return platform.last.fault


@pytest.mark.parametrize("end", [TIMEOUT, MEMORY, DISK], ids=lambda end: end.outcome)
def test_a_limit_that_ends_training_is_the_participants_and_says_which_and_how_much(
    end: Exit, platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()
    sandbox.plan = program(train=always(end))

    carry_out(EVALUATE, bench)

    assert platform.facts == ["started:train", "failed:train"]
    fault = fault_of(platform)
    assert (fault.code, fault.limit, fault.allowed, fault.used) == (end.outcome, end.limit, end.allowed, end.used)
    assert fault.detail.endswith(".")


ALLOWS = "that this task allows"


def test_a_disk_that_ran_full_under_a_run_is_ours(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()
    sandbox.plan = program(train=always(ended(Outcome.DISK, limit="free_bytes", allowed=2**30, used=5)))

    carry_out(EVALUATE, bench)

    assert platform.facts == ["started:train", "error:train"]
    assert fault_of(platform).code == "disk-full"


@pytest.mark.parametrize(
    ("outcome", "limit", "allowed", "used", "words"),
    [
        (
            "timeout",
            "wall_seconds",
            10_800,
            10_800.31,
            f"the 3 hours {ALLOWS} (ended after 3 hours 0.3 seconds). Fewer",
        ),
        ("timeout", "wall_seconds", 90, 91, f"the 1 minute 30 seconds {ALLOWS} (ended after 1 minute 31 seconds)."),
        ("timeout", "wall_seconds", 1, 2.04, f"longer than the 1 second {ALLOWS} (ended after 2 seconds)."),
        ("memory", "memory_bytes", 2**32, 2**32, f"the 4 GiB of memory {ALLOWS} (ended at 4 GiB). Fewer"),
        ("disk", "output_bytes", 300 * 2**20, 310.25 * 2**20, f"the 300 MiB {ALLOWS} (ended at 310.2 MiB)."),
        ("disk", "output_files", 1_000, 1_001, f"wrote more than the 1,000 files {ALLOWS} (ended at 1,001 files)."),
    ],
)
def test_a_limit_is_told_in_units_for_people_with_what_was_used_and_what_to_do(
    outcome: str, limit: str, allowed: float, used: float, words: str
) -> None:
    blame = of_exit(Phase.TRAIN, ended(Outcome(outcome), limit=limit, allowed=allowed, used=used))

    assert words in blame.fault.detail
    assert limit not in blame.fault.detail


@pytest.mark.parametrize("limit", ["free_bytes", "free_files"])
@pytest.mark.parametrize("phase", Phase)
def test_a_disk_of_the_workers_that_runs_full_is_ours_whoever_filled_it(phase: Phase, limit: str) -> None:
    blame = of_exit(phase, ended(Outcome.DISK, limit=limit, allowed=2**30, used=2**29))

    assert isinstance(blame, WeAreAtFault)
    assert blame.fault.code == "disk-full"


def test_every_limit_of_ingestion_comes_with_advice() -> None:
    for end in (TIMEOUT, MEMORY, DISK):
        assert of_exit(Phase.INGEST, end).fault.detail.count(". ") == 1


@pytest.mark.parametrize("end", [TIMEOUT, MEMORY, DISK], ids=lambda end: end.outcome)
def test_a_limit_that_ends_ingestion_is_the_participants(
    end: Exit, platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, ingestion: MakeClaim
) -> None:
    ingestion()
    sandbox.plan = program(ingest=always(end))

    carry_out(INGEST, bench)

    assert platform.facts == ["started:ingest", "failed:ingest"]


@pytest.mark.parametrize("end", [TIMEOUT, MEMORY, DISK, CRASHED], ids=lambda end: end.outcome)
def test_nothing_that_happens_in_prediction_is_the_participants(
    end: Exit, platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()
    sandbox.plan = program(predict=always(end))

    carry_out(EVALUATE, bench)

    assert platform.facts == ["started:train", "trained:train", "error:predict"]


def test_a_crash_is_ours_and_brings_the_end_of_its_log(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()
    sandbox.plan = program(train=always(CRASHED))

    carry_out(EVALUATE, bench)

    assert platform.facts[-1] == "error:train"
    assert fault_of(platform).code == "crashed"
    assert fault_of(platform).log == "Traceback: it broke"
    assert "Traceback" not in fault_of(platform).detail


def test_what_a_failed_phase_used_is_told_all_the_same(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()
    sandbox.plan = program(train=always(TIMEOUT))

    carry_out(EVALUATE, bench)

    assert platform.last.energy is not None
    assert (platform.last.energy.kwh or 0) > 0


def test_a_training_that_diverged_is_the_participants(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()
    sandbox.plan = program(train=says("failed", code="diverged", detail="The loss was no longer a number."))

    carry_out(EVALUATE, bench)

    assert platform.facts[-1] == "failed:train"
    assert fault_of(platform) == Fault(code="diverged", detail="The loss was no longer a number.")


@pytest.mark.parametrize("code", ["bad-pack", "bad-weights"])
def test_a_file_of_ours_that_cannot_be_used_is_ours(
    code: str, platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()
    sandbox.plan = program(train=says("failed", code=code, detail="The packed dataset cannot be used."))

    carry_out(EVALUATE, bench)

    assert platform.facts[-1] == "error:train"


@pytest.mark.parametrize("code", ["out-of-memory", "out-of-disk"])
def test_a_machine_that_ran_out_is_ours_and_costs_nobody_an_entry(
    code: str, platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()
    sandbox.plan = program(train=says("failed", code=code, detail="The machine ran out; the data did nothing wrong."))

    carry_out(EVALUATE, bench)

    assert (platform.facts[-1], fault_of(platform).code) == ("error:train", code)


def test_a_program_that_computed_another_recipe_is_ours(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()
    sandbox.plan = program(predict=says("done", recipe_digest="e" * 64))

    carry_out(EVALUATE, bench)

    assert (platform.facts[-1], fault_of(platform).code) == ("error:predict", "recipe-mismatch")


def test_a_sandbox_that_cannot_run_is_ours_and_its_reason_is_for_the_operator(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    def broken(call: Call) -> Exit:
        raise SandboxError("The Docker Engine does not answer: /var/run/docker.sock")

    evaluation()
    sandbox.plan = broken

    carry_out(EVALUATE, bench)

    assert (platform.facts[-1], fault_of(platform).code) == ("error:train", "sandbox")
    assert "docker.sock" not in fault_of(platform).detail


@pytest.mark.parametrize(
    ("error", "code"), [(OSError(28, "No space left"), "disk-full"), (ZeroDivisionError(), "internal")]
)
def test_an_error_of_the_worker_itself_is_reported_by_kind_and_not_by_text(
    error: Exception,
    code: str,
    platform: ScriptedPlatform,
    sandbox: FakeSandbox,
    bench: Bench,
    evaluation: MakeClaim,
) -> None:
    def broken(call: Call) -> Exit:
        raise error

    evaluation()
    sandbox.plan = broken

    carry_out(EVALUATE, bench)

    assert (platform.facts[-1], fault_of(platform).code) == ("error:train", code)
    assert str(call_path := bench.settings.scratch) not in fault_of(platform).detail, call_path


def test_a_platform_that_refuses_a_report_hears_why_the_attempt_ended(
    platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()
    platform.on_report = lambda report: (422, {}) if report.fact == "trained" else CONTINUE

    carry_out(EVALUATE, bench)

    assert (platform.facts[-1], fault_of(platform).code) == ("error:train", "refused")


@pytest.mark.usefixtures("nothing_fits")
def test_a_store_that_refuses_an_output_is_ours(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()
    sandbox.plan = program(predict=predict)
    platform.on_put = lambda path: 413 if "logits" in path else 201

    carry_out(EVALUATE, bench)

    assert (platform.facts[-1], fault_of(platform).code) == ("error:predict", "output-refused")
