"""From a name to a sandbox that works here."""

from pathlib import Path

import pytest

from worker.sandbox import SandboxError, choose
from worker.sandbox.bubblewrap import BubblewrapSandbox
from worker.sandbox.docker import DockerSandbox


def refuse(reason: str) -> object:
    def ping(self: object) -> None:
        raise SandboxError(reason)

    return ping


def accept(self: object) -> None:
    return None


@pytest.mark.parametrize("name", ["process", "fake"])
def test_the_simple_ones_always_work(name: str) -> None:
    assert choose(name, worker="w").name == name


def test_auto_is_docker_where_the_engine_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DockerSandbox, "ping", accept)

    assert choose("auto", worker="w").name == "docker"


def test_auto_is_bubblewrap_without_an_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DockerSandbox, "ping", refuse("no engine"))
    monkeypatch.setattr(BubblewrapSandbox, "ping", accept)

    assert choose("auto", worker="w").name == "bubblewrap"


def test_auto_is_never_less_and_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DockerSandbox, "ping", refuse("no engine."))
    monkeypatch.setattr(BubblewrapSandbox, "ping", refuse("no namespaces."))

    with pytest.raises(SandboxError, match=r"docker: no engine\. bubblewrap: no namespaces\. Start the Docker Engine"):
        choose("auto", worker="w")


def test_one_that_is_named_but_does_not_work_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(SandboxError, match="Docker Engine does not answer"):
        choose("docker", worker="w")
    with pytest.raises(SandboxError, match="bwrap"):
        choose("bubblewrap", worker="w")


def test_a_name_that_nobody_has() -> None:
    with pytest.raises(SandboxError, match="'podman'; there are auto, docker"):
        choose("podman", worker="w")


@pytest.mark.bubblewrap
def test_bubblewrap_is_tried_with_a_real_program(model: Path) -> None:
    assert choose("bubblewrap", worker="w", model=model).name == "bubblewrap"


@pytest.mark.docker
def test_docker_is_asked() -> None:
    sandbox = choose("docker", worker="w")

    assert isinstance(sandbox, DockerSandbox)

    sandbox.close()
