"""Inputs arrive whole or not at all, and what one attempt fetched the next need not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.worker.conftest import EVALUATE
from tests.worker.programs import program, train
from tests.worker.scripted_platform import ScriptedPlatform
from worker.bench import Bench
from worker.contract import Claim
from worker.pipeline import carry_out
from worker.sandbox import Exit, FakeSandbox
from worker.sandbox.fake import Call

MakeClaim = Callable[..., Claim]


def test_a_second_attempt_takes_its_inputs_from_the_cache(
    platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()
    carry_out(EVALUATE, bench)
    platform.gets.clear()

    carry_out(EVALUATE, bench)

    assert platform.gets == []
    assert platform.facts[-1] == "predicted:predict"


def test_an_input_that_is_not_what_its_digest_says_is_tried_again_and_then_an_error(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()
    platform.blobs["/blobs/pack.safetensors"] = b"A pack"

    carry_out(EVALUATE, bench)

    assert platform.gets == ["/blobs/pack.safetensors"] * 3
    assert platform.facts == ["error:train"]
    assert platform.last.fault is not None
    assert platform.last.fault.code == "input-damaged"
    assert sandbox.calls == []


@pytest.mark.parametrize("content", [b"a pac", b"a pack and more"], ids=["short", "long"])
def test_an_input_of_another_size_is_an_error(
    content: bytes, platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()
    platform.blobs["/blobs/pack.safetensors"] = content

    carry_out(EVALUATE, bench)

    assert platform.facts == ["error:train"]


def test_an_input_that_is_gone_is_an_error_that_names_it_and_not_its_address(
    platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()
    platform.on_get = lambda path: 404

    carry_out(EVALUATE, bench)

    assert platform.last.fault is not None
    assert "pack.safetensors" in platform.last.fault.detail
    assert "signature" not in platform.last.fault.detail


def test_a_store_that_stumbles_is_asked_again(platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim) -> None:
    evaluation()
    platform.on_get = lambda path: 503 if len(platform.gets) < 3 else 200

    carry_out(EVALUATE, bench)

    assert platform.facts[-1] == "predicted:predict"


def test_an_address_that_stays_past_its_time_is_an_error_in_the_end(
    platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()
    platform.on_get = lambda path: 403

    carry_out(EVALUATE, bench)

    assert platform.facts == ["error:train"]


@pytest.mark.parametrize("name", ["../escape", "/etc/passwd", "a/b", ".hidden", "", "UPPER"])
def test_a_name_that_is_no_plain_file_name_is_refused(
    name: str, platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim
) -> None:
    claim = evaluation()
    stage = replace(claim.stages[0], inputs=(name,))
    platform.claim = replace(claim, inputs=(replace(claim.inputs[0], name=name),), stages=(stage,))

    carry_out(EVALUATE, bench)

    assert platform.last.fault is not None
    assert platform.last.fault.code == "bad-claim"


def test_an_input_that_the_claim_gives_no_address_for_is_an_error(
    platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim
) -> None:
    platform.claim = replace(evaluation(), inputs=())

    carry_out(EVALUATE, bench)

    assert platform.last.fault is not None
    assert platform.last.fault.code == "missing-input"


def test_what_a_sandbox_may_read_it_may_not_write(sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim) -> None:
    modes: list[int] = []

    def look(call: Call) -> Exit:
        modes.extend(mount.source.stat().st_mode & 0o222 for mount in call.mounts if mount.target != "/in/request.json")
        return train(call)

    evaluation()
    sandbox.plan = program(train=look)

    carry_out(EVALUATE, bench)

    assert modes == [0]
