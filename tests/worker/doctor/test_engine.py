"""The sandbox that a worker would take, and the recipes of what would run in it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.support.model_image import ensure_model_image
from tests.worker.doctor.conftest import TERMS
from tests.worker.programs import DIGEST, ended
from worker.contract import CONTRACT, Level, Terms
from worker.doctor.engine import Engine
from worker.sandbox import Exit, FakeSandbox
from worker.sandbox.docker import DockerSandbox
from worker.sandbox.fake import Call
from worker.settings import REPOSITORY, Settings

OTHERS = Terms(CONTRACT, {"quick": "e" * 64})


class EmptyEngine(BaseHTTPRequestHandler):
    """An Engine that answers, and holds no image."""

    def do_GET(self) -> None:
        is_version = self.path.endswith("/version")
        body = {"ApiVersion": "1.41", "Version": "20.10"} if is_version else {"message": "No such image"}
        content = json.dumps(body).encode()
        self.send_response(200 if is_version else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def empty_engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[DockerSandbox]:
    with ThreadingHTTPServer(("127.0.0.1", 0), EmptyEngine) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{server.server_port}")
        sandbox = DockerSandbox(worker="tester")
        yield sandbox
        sandbox.close()
        server.shutdown()


def image_with(digest: str) -> FakeSandbox:
    """An image whose own lock has this digest."""

    def tell(call: Call) -> Exit:
        lock = {"format": 2, "recipes": {"quick": {"digest": digest}}, "retired": {}}
        (call.output / "recipes.lock").write_text(json.dumps(lock))
        return ended()

    return FakeSandbox(plan=tell, name="docker")


def test_no_sandbox_at_all_fails_with_what_to_install(
    worker_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    monkeypatch.setenv("PATH", "/nowhere")
    engine = Engine(worker_settings)

    finding = engine.sandbox_finding()

    assert (finding.level, "install bubblewrap" in finding.advice) == (Level.FAIL, True)
    assert engine.model_finding(TERMS).level is Level.WARN, "which is not asked without a sandbox"


def test_the_sandbox_that_is_named_is_the_one_that_is_tried(
    worker_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")

    finding = Engine(replace(worker_settings, sandbox="docker")).sandbox_finding()

    assert finding.level is Level.FAIL
    assert "Docker Engine does not answer" in finding.found
    assert "bwrap" not in finding.found


def test_process_is_a_warning_whenever_it_is_used(worker_settings: Settings) -> None:
    finding = Engine(replace(worker_settings, sandbox="process")).sandbox_finding()

    assert (finding.level, finding.found) == (Level.WARN, "process isolates nothing")


@pytest.mark.bubblewrap
def test_bubblewrap_is_tried_with_a_real_program(worker_settings: Settings) -> None:
    finding = Engine(replace(worker_settings, sandbox="bubblewrap")).sandbox_finding()

    assert (finding.level, finding.found) == (Level.OK, "bubblewrap works")


def test_an_image_of_the_sites_recipes_is_well(worker_settings: Settings) -> None:
    finding = Engine(worker_settings, image_with(DIGEST)).model_finding(TERMS)

    assert finding.level is Level.OK
    assert finding.found == "fixpoint-model (fake:fixpoint-model) holds 1 recipes, all as the site pins them"


def test_a_scratch_folder_that_was_not_there_is_gone_again(worker_settings: Settings, tmp_path: Path) -> None:
    settings = replace(worker_settings, scratch=tmp_path / "new" / "scratch")

    assert Engine(settings, image_with(DIGEST)).model_finding(TERMS).level is Level.OK
    assert not settings.scratch.parent.exists()


def test_a_scratch_folder_that_was_there_keeps_what_it_held(worker_settings: Settings, tmp_path: Path) -> None:
    settings = replace(worker_settings, scratch=tmp_path / "old")
    (settings.scratch / "attempts" / "another").mkdir(parents=True)

    assert Engine(settings, image_with(DIGEST)).model_finding(TERMS).level is Level.OK
    assert sorted(each.name for each in settings.scratch.rglob("*")) == ["another", "attempts"]


def test_an_image_of_other_digests_fails_by_recipe_with_what_to_build(worker_settings: Settings) -> None:
    finding = Engine(worker_settings, image_with(DIGEST)).model_finding(OTHERS)

    assert finding.level is Level.FAIL
    assert "not those of the site: quick (dddddddddddd)" in finding.found
    assert "docker-compose build model" in finding.advice


def test_an_image_that_lacks_a_recipe_fails(worker_settings: Settings) -> None:
    finding = Engine(worker_settings, image_with(DIGEST)).model_finding(Terms(CONTRACT, {"full": "f" * 64}))

    assert (finding.level, "full (none)" in finding.found) == (Level.FAIL, True)


def test_without_the_sites_terms_nothing_is_compared(worker_settings: Settings) -> None:
    finding = Engine(worker_settings, image_with(DIGEST)).model_finding(None)

    assert (finding.level, finding.advice) == (Level.WARN, "see site first")


def test_without_images_the_lock_beside_the_model_is_compared(worker_settings: Settings) -> None:
    settings = replace(worker_settings, sandbox="process")
    for terms, level in ((TERMS, Level.OK), (OTHERS, Level.FAIL)):
        engine = Engine(settings)
        engine.sandbox_finding()
        assert engine.model_finding(terms).level is level


def test_a_missing_image_fails_by_its_name(worker_settings: Settings, empty_engine: DockerSandbox) -> None:
    engine = Engine(worker_settings, empty_engine)

    assert engine.sandbox_finding().level is Level.OK
    finding = engine.model_finding(TERMS)

    assert finding.level is Level.FAIL
    assert "has no image fixpoint-model" in finding.found
    assert "make image" in finding.advice


@pytest.mark.docker
def test_a_real_image_tells_its_own_lock(worker_settings: Settings) -> None:
    ensure_model_image()
    lock = json.loads((REPOSITORY / "fixed_model" / "recipes.lock").read_text())
    terms = Terms(CONTRACT, {name: facts["digest"] for name, facts in lock["recipes"].items()})
    engine = Engine(replace(worker_settings, sandbox="docker"))

    assert engine.sandbox_finding().level is Level.OK
    finding = engine.model_finding(terms)
    assert finding.level is Level.OK, finding
    assert "fixpoint-model (sha256:" in finding.found
    assert engine.model_finding(OTHERS).level is Level.FAIL
