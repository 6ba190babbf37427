"""Containers of a real Engine, and an Engine that is not there."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import docker
import pytest
from docker.api import APIClient
from requests import PreparedRequest, Response
from requests.exceptions import ConnectionError as NoConnection

from tests.support.forwarding import Forwarder
from worker.sandbox import SandboxError
from worker.sandbox.container import Container, usage_in
from worker.sandbox.docker import CREATE_PATIENCE, PATIENCE, DockerSandbox
from worker.sandbox.watch import Usage

IMAGE = "python:3.11-slim-bookworm"


@pytest.mark.docker
def test_an_image_is_known_by_its_id(worker: str) -> None:
    sandbox = DockerSandbox(worker=worker)

    assert sandbox.image_id(IMAGE).startswith("sha256:")

    sandbox.close()


@pytest.mark.docker
def test_an_image_that_is_missing_is_named(worker: str) -> None:
    sandbox = DockerSandbox(worker=worker)

    with pytest.raises(SandboxError, match="no image fixpoint-no-such-image"):
        sandbox.image_id("fixpoint-no-such-image")

    sandbox.close()


@pytest.mark.docker
def test_no_container_is_left_behind(runner_in: Any, worker: str) -> None:
    runner_in("docker")("pass")

    assert containers_of(worker) == []


@pytest.mark.docker
def test_an_engine_whose_disk_is_busy_is_given_longer_to_make_a_container(
    runner_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, set[Any]] = {}
    send = APIClient.send

    def note(client: APIClient, question: PreparedRequest, **options: Any) -> Response:
        path = str(question.path_url).partition("?")[0]
        asked.setdefault(path.rpartition("/")[2], set()).add(options["timeout"])
        return send(client, question, **options)

    monkeypatch.setattr(APIClient, "send", note)

    runner_in("docker")("pass")

    assert asked["create"] == {CREATE_PATIENCE}
    assert asked["start"] == asked["logs"] == {PATIENCE}
    assert CREATE_PATIENCE >= 6 * PATIENCE


@pytest.mark.docker
def test_a_container_killed_by_somebody_else_crashed(runner_in: Any, worker: str, until: Any) -> None:
    runner = runner_in("docker")
    begun = runner.output / "begun"

    end = run_and(runner, lambda: [until(begun.exists), *[one.kill() for one in containers_of(worker)]])

    assert (end.outcome, end.status) == ("crashed", 137)


@pytest.mark.docker
def test_a_container_that_cannot_be_removed_now_is_removed_when_its_engine_is_back(
    runner_in: Any, worker: str, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Forwarder(Path("/var/run/docker.sock")) as line:
        runner = runner_in("docker")
        begun = runner.output / "begun"
        monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{line.port}")
        runner.sandbox.ping()
        monkeypatch.delenv("DOCKER_HOST")

        end = run_and(runner, lambda: [until(begun.exists), line.cut(), runner.stop.set()])
        assert end.outcome == "cancelled"
        assert len(containers_of(worker)) == 1
        line.mend()

        until(lambda: containers_of(worker) == [])
        runner.sandbox.close()  # the next question goes to the Engine itself


@pytest.mark.docker
def test_a_container_that_runs_now_is_not_reaped(runner_in: Any, until: Any) -> None:
    runner = runner_in("docker")
    begun = runner.output / "begun"
    reaped: list[int] = []

    end = run_and(runner, lambda: [until(begun.exists), reaped.append(runner.sandbox.reap()), runner.stop.set()])

    assert (end.outcome, reaped) == ("cancelled", [0])


def test_an_engine_that_does_not_answer_is_an_error_of_ours(worker: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    sandbox = DockerSandbox(worker=worker)

    for question in (sandbox.ping, sandbox.reap, lambda: sandbox.image_id("x")):
        with pytest.raises(SandboxError, match="does not answer"):
            question()


def test_usage_in_the_engines_own_figures() -> None:
    cpu = {"cpu_usage": {"total_usage": 1_500_000_000}}

    assert usage_in({"cpu_stats": cpu, "memory_stats": {"max_usage": 7, "usage": 3}}) == Usage(1.5, 7)
    assert usage_in({"cpu_stats": cpu, "memory_stats": {"usage": 3}}) == Usage(1.5, 3)
    assert usage_in({"cpu_stats": cpu}) == Usage(1.5, None)


class Handle:
    """A container as the SDK gives it: its Engine fails the first questions, and its counters come by the API."""

    id = "of no container, and not to be found in the name of one"
    attrs = {"State": {"Pid": 0, "ExitCode": 137, "OOMKilled": False, "Running": True}}

    def __init__(self, failures: int) -> None:
        self.failures = failures

    def reload(self) -> None:
        return None

    def wait(self, timeout: float) -> None:
        self.failures -= 1
        if self.failures >= 0:
            raise NoConnection("the Engine restarts")

    def stats(self, *, stream: bool, one_shot: bool) -> dict[str, Any]:
        return {"cpu_stats": {"cpu_usage": {"total_usage": 10**9}}, "memory_stats": {"max_usage": 990}}

    def kill(self) -> None:
        raise NoConnection("the Engine restarts")

    def logs(self, **options: Any) -> bytes:
        raise NoConnection("the Engine restarts")


def test_an_engine_that_restarts_is_asked_again(until: Any) -> None:
    container = Container(Handle(failures=1))  # type: ignore[arg-type]

    container.kill()
    until(lambda: container.ended.is_set() and container.usage().cpu_seconds is not None)

    assert container.log() == ""
    assert container.usage() == Usage(1.0, 990)


def test_a_kill_at_the_limit_of_memory_was_for_memory_even_if_the_engine_forgot(until: Any) -> None:
    container = Container(Handle(failures=0))  # type: ignore[arg-type]
    until(lambda: container.ended.is_set() and container.usage().peak_memory_bytes)

    assert container.is_out_of_memory(1000)
    assert not container.is_out_of_memory(2000)


def containers_of(worker: str) -> list[Any]:
    client = docker.from_env()
    try:
        return client.containers.list(all=True, filters={"label": f"fixpoint.worker={worker}"}, ignore_removed=True)
    finally:
        client.close()


def run_and(runner: Any, do: Any) -> Any:
    """Run a program without an end, and do something else meanwhile."""
    with ThreadPoolExecutor() as pool:
        doing = pool.submit(do)
        end = runner("open('/out/begun', 'w').close()\nwhile True: pass")
        doing.result()
    return end
