"""An Engine that leaves questions without an answer delays no kill: shown through a socket that stalls them."""

import secrets
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from docker.api import APIClient
from requests import PreparedRequest, Response

from tests.support.lifetimes import Lifetime, watches_begun
from tests.support.sandboxes import Runner
from tests.support.stalling_engine import EVERYTHING, StallingEngine, stalling_engine
from worker.sandbox import Exit, SandboxError, container, docker

pytestmark = [
    pytest.mark.docker,
    # A question that was given up leaves its connection to the SDK's pool, which the end of a test may find open.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

SECONDS = 1.0
SHORT, LONG = 3, 60
"""Seconds for an answer: to a question that is stalled, and to any other."""
KILL_SECONDS = 2.0
SILENT = "import time\nmark = {mark!r}\nwhile True: time.sleep(60)"
STALLS = {
    "no log": {"logs"},
    "no figures": {"stats"},
    "no end told": {"wait"},
    "no state": {"json"},
    "no answer to the kill": {"kill"},
    "nothing told": {"logs", "stats", "wait", "json"},
}


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[StallingEngine]:
    """Between the sandbox and this machine's Engine; what stays without an answer is given up sooner than usual.

    What is answered may take as long as it does on a busy machine.
    """
    monkeypatch.setattr(docker, "PATIENCE", LONG)
    monkeypatch.setattr(container, "LOG_PATIENCE", 1.0)
    with stalling_engine() as engine:
        send = APIClient.send

        def send_or_give_up_soon(client: APIClient, question: PreparedRequest, **options: Any) -> Response:
            path = str(question.path_url).partition("?")[0]
            name = "delete" if question.method == "DELETE" else path.rpartition("/")[2]
            is_stalled = engine.has_started.is_set() and {name, EVERYTHING} & (engine.silent | engine.dripping)
            if is_stalled and options.get("timeout") == LONG:
                options["timeout"] = SHORT
            return send(client, question, **options)

        monkeypatch.setattr(APIClient, "send", send_or_give_up_soon)
        monkeypatch.setenv("DOCKER_HOST", engine.address)
        yield engine


@pytest.fixture
def run(engine: StallingEngine, runner_in: Callable[[str], Runner]) -> Iterator[Runner]:
    yield runner_in("docker")
    engine.answers_again()


@pytest.fixture
def unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the worker sees no process of the Engine's: in a container of its own, or beside a virtual machine."""
    monkeypatch.setattr(container, "cgroup_holding", lambda name: None)


def ended(run: Runner, **limits: float) -> tuple[Exit, float]:
    """The Exit of a program that would never end, and how long it was there while it was watched."""
    mark = secrets.token_hex(8)
    with watches_begun() as begun, Lifetime(mark) as life:
        end = run(SILENT.format(mark=mark), **limits)
    assert life.most, "it was never there"
    return end, life.last_seen - begun[0]


@pytest.mark.parametrize("stalled", STALLS.values(), ids=STALLS.keys())
def test_a_deadline_is_kept_and_named_whatever_is_not_answered(
    stalled: set[str], engine: StallingEngine, run: Runner
) -> None:
    engine.silent |= stalled

    end, seconds = ended(run, wall_seconds=SECONDS)

    assert (end.outcome, end.limit, end.allowed) == ("timeout", "wall_seconds", SECONDS)
    assert SECONDS < end.wall_seconds < SECONDS + KILL_SECONDS
    assert seconds < SECONDS + KILL_SECONDS


@pytest.mark.parametrize("stalled", [{"logs"}, {"stats"}, {"wait"}, {"json"}], ids=str)
def test_so_it_is_where_only_the_engine_sees_the_program(
    stalled: set[str], engine: StallingEngine, run: Runner, unseen: None
) -> None:
    engine.silent |= stalled

    end, seconds = ended(run, wall_seconds=SECONDS)

    assert (end.outcome, end.limit) == ("timeout", "wall_seconds")
    assert seconds < SECONDS + KILL_SECONDS
    assert "stats" in engine.asked


def test_a_log_that_drips_without_an_end_is_left_alone(engine: StallingEngine, run: Runner) -> None:
    engine.dripping |= {"logs"}

    end, seconds = ended(run, wall_seconds=SECONDS)

    assert (end.outcome, end.log) == ("timeout", "")
    assert seconds < SECONDS + KILL_SECONDS


def test_a_cancel_ends_the_program_though_nothing_else_is_answered(engine: StallingEngine, run: Runner) -> None:
    engine.silent |= {"logs", "stats", "wait", "json", "kill"}
    run.stop.set()

    end, seconds = ended(run)

    assert end.outcome == "cancelled"
    assert seconds < KILL_SECONDS


def test_output_that_grows_past_its_limit_ends_though_nothing_is_told(engine: StallingEngine, run: Runner) -> None:
    engine.silent |= {"logs", "stats", "wait", "json"}
    began = time.monotonic()

    end = run("with open('/out/big', 'wb') as file:\n  while True: file.write(bytes(1024 ** 2))")

    assert (end.outcome, end.limit) == ("disk", "output_bytes")
    assert time.monotonic() - began < 60


def test_an_engine_that_hangs_for_good_is_left_a_dead_container_that_goes_when_it_answers(
    engine: StallingEngine, run: Runner, until: Callable[[Callable[[], object]], None]
) -> None:
    engine.silent |= {EVERYTHING}

    end, seconds = ended(run, wall_seconds=SECONDS)
    engine.answers_again()

    assert (end.outcome, end.limit) == ("timeout", "wall_seconds")
    assert seconds < SECONDS + KILL_SECONDS
    until(lambda: run.sandbox.reap() == 0)


def test_a_program_that_ended_is_noticed_though_its_end_is_never_told(
    engine: StallingEngine, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(container, "WAIT_SECONDS", 1)
    monkeypatch.setattr(container, "LOG_PATIENCE", 60.0)
    engine.silent |= {"wait"}

    end = run("print('done')")

    assert (end.outcome, end.status, end.log) == ("ok", 0, "done\n")


def test_a_state_that_is_never_told_is_an_error_of_ours(engine: StallingEngine, run: Runner) -> None:
    engine.silent |= {"json"}

    with pytest.raises(SandboxError, match="lost a container"):
        run("pass")
