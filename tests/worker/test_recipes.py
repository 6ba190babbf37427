"""The worker tells the digests that its model really has, and asks an image only once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.worker.programs import DIGEST, ended
from worker.recipes import Recipes
from worker.sandbox import Exit, FakeSandbox, Outcome, SandboxError
from worker.sandbox.fake import Call
from worker.scratch import sweep
from worker.settings import Settings


def an_image_with(lock: str) -> FakeSandbox:
    def play(call: Call) -> Exit:
        (call.output / "recipes.lock").write_text(lock)
        return ended()

    return FakeSandbox(plan=play, name="docker")


LOCK = json.dumps({"format": 2, "recipes": {"full": {"digest": "f" * 64, "epochs": 100}}, "retired": {}})


def test_on_the_host_the_lock_beside_the_model_is_read(worker_settings: Settings, sandbox: FakeSandbox) -> None:
    assert Recipes(worker_settings, sandbox).digests("host:3.11") == {"quick": DIGEST}
    assert sandbox.calls == []


def test_an_image_is_asked_for_its_own_lock_and_only_once(worker_settings: Settings) -> None:
    sandbox = an_image_with(LOCK)
    recipes = Recipes(worker_settings, sandbox)

    assert [recipes.digests("sha256:1") for _ in range(3)] == [{"full": "f" * 64}] * 3
    assert len(sandbox.calls) == 1


def test_another_image_is_asked_anew(worker_settings: Settings) -> None:
    sandbox = an_image_with(LOCK)
    recipes = Recipes(worker_settings, sandbox)

    recipes.digests("sha256:1")
    recipes.digests("sha256:2")

    assert [call.image for call in sandbox.calls] == ["sha256:1", "sha256:2"]


def test_asking_leaves_nothing_in_scratch(worker_settings: Settings) -> None:
    Recipes(worker_settings, an_image_with(LOCK)).digests("sha256:1")

    assert list((worker_settings.scratch / "attempts").glob("[!.]*")) == []


def test_what_a_worker_killed_while_it_asks_leaves_is_swept_like_an_attempt(worker_settings: Settings) -> None:
    swept: list[int] = []

    def play(call: Call) -> Exit:
        assert call.output.parent.parent == worker_settings.scratch / "attempts"
        swept.append(sweep(worker_settings.scratch))
        return ended(Outcome.CRASHED)

    with pytest.raises(SandboxError):
        Recipes(worker_settings, FakeSandbox(plan=play, name="docker")).digests("sha256:1")

    assert swept == [0], "it is ours while we live"


@pytest.mark.parametrize(
    "lock", ["", "[]", '{"format": 2}', '{"format": 2, "recipes": {"a": 1}}', '{"format": 1, "recipes": {}}']
)
def test_a_lock_that_cannot_be_read_is_the_sandboxs_failure(worker_settings: Settings, lock: str) -> None:
    with pytest.raises(SandboxError):
        Recipes(worker_settings, an_image_with(lock)).digests("sha256:1")


def test_an_image_that_does_not_answer_is_the_sandboxs_failure(worker_settings: Settings) -> None:
    sandbox = FakeSandbox(plan=lambda call: ended(Outcome.CRASHED, log="no python here"), name="docker")

    with pytest.raises(SandboxError, match="no python here"):
        Recipes(worker_settings, sandbox).digests("sha256:1")


def an_image_that_recovers(settings: Settings) -> tuple[FakeSandbox, list[float], Recipes]:
    """Its first answer is none; the second item is the time, to be set."""
    good, now = an_image_with(LOCK), [1000.0]
    sandbox = FakeSandbox(name="docker")
    sandbox.plan = lambda call: ended(Outcome.CRASHED) if len(sandbox.calls) == 1 else good.plan(call)
    return sandbox, now, Recipes(settings, sandbox, clock=lambda: now[0])


def test_an_image_that_does_not_tell_is_asked_again_only_after_a_minute(worker_settings: Settings) -> None:
    sandbox, now, recipes = an_image_that_recovers(worker_settings)
    for moment in (1000.0, 1005.0, 1059.0):
        now[0] = moment
        with pytest.raises(SandboxError, match="does not tell its recipes"):
            recipes.digests("sha256:1")
    assert len(sandbox.calls) == 1

    now[0] = 1061.0

    assert recipes.digests("sha256:1") == {"full": "f" * 64}


def test_one_image_that_does_not_tell_keeps_no_other_from_being_asked(worker_settings: Settings) -> None:
    sandbox, _, recipes = an_image_that_recovers(worker_settings)
    with pytest.raises(SandboxError):
        recipes.digests("sha256:1")

    assert recipes.digests("sha256:2") == {"full": "f" * 64}
    assert len(sandbox.calls) == 2


def test_what_is_known_of_an_image_costs_no_container(worker_settings: Settings) -> None:
    sandbox = an_image_with(LOCK)
    recipes = Recipes(worker_settings, sandbox)

    assert recipes.known("sha256:1") == {}
    assert sandbox.calls == []
    recipes.digests("sha256:1")
    assert recipes.known("sha256:1") == {"full": "f" * 64}
    assert len(sandbox.calls) == 1


def test_a_model_folder_without_a_lock_is_said_so(worker_settings: Settings, sandbox: FakeSandbox) -> None:
    Path(worker_settings.model_path / "fixed_model" / "recipes.lock").unlink()

    with pytest.raises(SandboxError, match=r"recipes\.lock"):
        Recipes(worker_settings, sandbox).digests("host:3.11")
