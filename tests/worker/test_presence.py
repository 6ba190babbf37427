"""A worker's hellos: what they tell, what their answer means, and what happens where there is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.worker.programs import DIGEST, ended
from tests.worker.scripted_platform import REST, ScriptedPlatform
from tests.worker.worker_process import wait_for
from worker.bench import Bench
from worker.claim import held
from worker.contract import CONTRACT
from worker.presence import Presence, processor
from worker.recipes import Recipes
from worker.sandbox import Exit, FakeSandbox, Outcome, SandboxError
from worker.sandbox.fake import Call


@pytest.fixture
def told(bench: Bench) -> Bench:
    """A bench whose worker has a token."""
    return replace(bench, settings=replace(bench.settings, token="a token"))


def test_it_tells_who_it_is_what_it_takes_and_what_it_holds(told: Bench, platform: ScriptedPlatform) -> None:
    Presence(told).tell()

    [(authorization, hello)] = platform.hellos
    assert authorization == "Bearer a token"
    assert (hello.worker, hello.queues, hello.contract) == ("tester", ("ingest", "evaluate", "evaluate.cpu"), CONTRACT)
    assert hello.recipe_digests == {"quick": DIGEST}
    assert hello.device == f"cpu of {processor()}"
    assert not hello.gpu
    assert {"python", "celery"} <= hello.versions.keys()


def test_it_tells_again_and_again_as_the_same_process(told: Bench, platform: ScriptedPlatform) -> None:
    presence = Presence(told)
    presence.start()
    try:
        wait_for(lambda: len(platform.hellos) > 3, "several hellos")
    finally:
        presence.stop()
    assert len({hello.instance for _, hello in platform.hellos}) == 1
    heard = len(platform.hellos)
    Presence(told).tell()
    assert platform.hellos[heard][1].instance != platform.hellos[0][1].instance


def test_before_the_first_job_can_come_it_knows_whether_it_may_work(told: Bench, platform: ScriptedPlatform) -> None:
    platform.on_hello = lambda: REST
    presence = Presence(told)
    presence.start()
    presence.stop()
    assert not presence.may_work


def test_the_last_answer_holds_while_the_platform_is_away(told: Bench, platform: ScriptedPlatform) -> None:
    presence = Presence(told)
    platform.is_down = True
    presence.tell()
    assert presence.may_work

    platform.is_down = False
    platform.on_hello = lambda: REST
    presence.tell()
    platform.is_down = True
    presence.tell()
    assert not presence.may_work


def test_a_refusal_and_a_strange_answer_stop_nothing(told: Bench, platform: ScriptedPlatform) -> None:
    presence = Presence(told)
    for answer in ((403, {"detail": "a stranger"}), (200, {"duty": "dance", "hello_seconds": 0.1}), (200, {})):
        platform.on_hello = lambda answer=answer: answer  # type: ignore[misc]
        presence.tell()
        assert presence.may_work


def test_without_a_token_it_says_so_and_tells_nothing(
    bench: Bench, platform: ScriptedPlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    presence = Presence(bench)
    presence.start()
    presence.stop()
    assert platform.hellos == []
    assert presence.may_work
    assert "FIXPOINT_WORKER_TOKEN" in "".join(capsys.readouterr())


def test_where_the_sandbox_says_nothing_it_is_told_as_a_worker_without_recipes(
    told: Bench, platform: ScriptedPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(name: str) -> str:
        raise SandboxError("The Engine does not answer.")

    monkeypatch.setattr(told.sandbox, "image_id", away)
    Presence(told).tell()
    [(_, hello)] = platform.hellos
    assert (hello.image, hello.recipe_digests) == ("", {})


def with_image(bench: Bench, plan: Callable[[Call], Exit]) -> tuple[Bench, FakeSandbox]:
    """The bench of a worker whose model comes in an image."""
    sandbox = FakeSandbox(plan=plan, name="docker")
    return replace(bench, sandbox=sandbox, recipes=Recipes(bench.settings, sandbox)), sandbox


def test_an_image_that_does_not_tell_its_recipes_starts_no_container_with_the_hellos(
    told: Bench, platform: ScriptedPlatform
) -> None:
    bench, sandbox = with_image(told, lambda call: ended(Outcome.CRASHED))
    assert held(bench) == ("", {})
    presence = Presence(bench)
    for _ in range(3):
        presence.tell()

    assert len(sandbox.calls) == 1, "the question before the first job alone"
    assert [(hello.image, hello.recipe_digests) for _, hello in platform.hellos] == [("fake:fixpoint-model", {})] * 3


def test_an_image_that_was_asked_before_the_first_job_is_told_and_not_asked_again(
    told: Bench, platform: ScriptedPlatform
) -> None:
    def tell(call: Call) -> Exit:
        lock = {"format": 2, "recipes": {"quick": {"digest": DIGEST}}, "retired": {}}
        (call.output / "recipes.lock").write_text(json.dumps(lock))
        return ended()

    bench, sandbox = with_image(told, tell)
    presence = Presence(bench)
    presence.tell()
    assert sandbox.calls == []
    held(bench)
    presence.tell()

    assert len(sandbox.calls) == 1
    assert [hello.recipe_digests for _, hello in platform.hellos] == [{}, {"quick": DIGEST}]
