"""Who gets an attempt, and what happens to a job that is not to be had."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.worker.conftest import EVALUATE
from tests.worker.programs import program, train
from tests.worker.scripted_platform import ScriptedPlatform
from tests.worker.worker_process import wait_for
from worker.bench import Bench, set_up
from worker.claim import claim
from worker.contract import Claim
from worker.pipeline import carry_out
from worker.sandbox import Exit, FakeSandbox, SandboxError
from worker.sandbox.fake import Call

MakeClaim = Callable[..., Claim]


@pytest.mark.parametrize("status", [409, 426, 403, 422])
def test_a_job_that_is_not_to_be_had_is_dropped_and_nothing_runs(
    status: int, platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench
) -> None:
    platform.claim_status = status

    carry_out(EVALUATE, bench)

    assert len(platform.claims) == 1
    assert (sandbox.calls, platform.reports) == ([], [])


def test_a_claim_carries_the_workers_token_and_none_where_it_has_none(
    platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()
    trusted = set_up(replace(bench.settings, token="a token"), bench.sandbox)
    try:
        claim(EVALUATE, "key", trusted)
        claim(EVALUATE, "key", bench)
    finally:
        trusted.platform.close()

    assert platform.claims_signed == ["Bearer a token", ""]
    assert "a token" not in repr(trusted)


def test_a_worker_that_is_not_believed_its_name_says_so_loudly(
    platform: ScriptedPlatform, bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.claim_status = 403

    assert claim(EVALUATE, "key", bench) is None

    said = "".join(capsys.readouterr())
    assert "critical" in said
    assert "FIXPOINT_WORKER_TOKEN" in said


def test_a_claim_that_was_not_answered_is_repeated_with_the_same_key(
    platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()
    platform.claim_status = 500

    def come_back_at_the_second() -> None:
        wait_for(lambda: len(platform.claims) > 1, "a second claim")
        platform.claim_status = 200

    coming_back = threading.Thread(target=come_back_at_the_second)
    coming_back.start()

    carry_out(EVALUATE, bench)

    coming_back.join()
    assert len(platform.claims) > 1
    assert len({request.key for request in platform.claims}) == 1
    assert platform.facts[-1] == "predicted:predict"


def test_a_platform_that_stays_silent_costs_a_bounded_wait(platform: ScriptedPlatform, bench: Bench) -> None:
    platform.is_down = True

    assert claim(EVALUATE, "key", bench, patience=0.5) is None


def test_every_attempt_draws_a_key_of_its_own(platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim) -> None:
    evaluation()

    carry_out(EVALUATE, bench)
    carry_out(EVALUATE, bench)

    assert len({request.key for request in platform.claims}) == 2


def test_an_answer_that_is_no_claim_is_dropped(platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench) -> None:
    platform.claim = None  # answered 200 with an empty object

    carry_out(EVALUATE, bench)

    assert sandbox.calls == []


def test_a_recipe_that_the_worker_does_not_hold_is_an_error_of_ours(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation(recipe_digest="e" * 64)

    carry_out(EVALUATE, bench)

    assert platform.facts == ["error:train"]
    assert platform.last.fault is not None
    assert platform.last.fault.code == "recipe-mismatch"
    assert sandbox.calls == []


def test_a_sandbox_that_cannot_say_what_it_runs_is_reported_and_not_hidden(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    def broken(image: str) -> str:
        raise SandboxError("The Docker Engine does not answer.")

    evaluation()
    sandbox.image_id = broken  # type: ignore[method-assign]

    carry_out(EVALUATE, bench)

    assert platform.claims[0].recipe_digests == {}
    assert platform.facts == ["error:train"]


def test_an_address_past_its_time_is_renewed_by_claiming_again_with_the_same_key(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    first = evaluation()
    fresh = replace(first, inputs=(first.inputs[0], replace(first.inputs[1], url="/blobs/fresh?signature=new")))
    platform.blobs["/blobs/fresh"] = platform.blobs["/blobs/hidden.safetensors"]
    platform.on_get = lambda path: 403 if path == "/blobs/hidden.safetensors" else 200

    def an_hour_passes(call: Call) -> Exit:
        platform.claim = fresh
        return train(call)

    sandbox.plan = program(train=an_hour_passes)

    carry_out(EVALUATE, bench)

    assert platform.facts[-1] == "predicted:predict"
    assert len({request.key for request in platform.claims}) == 1


@pytest.mark.usefixtures("nothing_fits")
def test_an_address_for_an_output_past_its_time_is_renewed_too(
    platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim
) -> None:
    first = evaluation()
    train_stage, predict_stage = first.stages
    moved = replace(predict_stage, outputs=(replace(predict_stage.outputs[0], url="/incoming/fresh"),))

    def expire(path: str) -> int:
        platform.claim = replace(first, stages=(train_stage, moved))
        return 403 if path == "/incoming/logits.safetensors" else 201

    platform.on_put = expire

    carry_out(EVALUATE, bench)

    assert platform.facts[-1] == "predicted:predict"
    assert "/incoming/fresh" in platform.puts


@pytest.mark.usefixtures("nothing_fits")
def test_an_address_refused_because_the_attempt_is_over_ends_it_quietly(
    platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim
) -> None:
    def gone(path: str) -> int:
        platform.claim_status = 409
        return 410

    evaluation()
    platform.on_put = gone

    carry_out(EVALUATE, bench)

    assert platform.facts == ["started:train"]
