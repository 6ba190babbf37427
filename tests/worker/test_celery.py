"""The worker as it is started, `python -m worker`, on a real Redis, with a stub of the model."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from celery import Celery
from redis import Redis

from tests.support.embedded_stack import children
from tests.worker.conftest import EVALUATE
from tests.worker.redis_server import RedisServer
from tests.worker.scripted_platform import REST, WORK, ScriptedPlatform
from tests.worker.worker_process import ROOT, Worker, wait_for
from worker.contract import EVALUATE_TASK, Claim

IDLE_MIB = 150


@pytest.fixture
def broker() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


def send(broker: RedisServer) -> None:
    with Celery("platform", broker=broker.url) as app:
        app.send_task(EVALUATE_TASK, args=[asdict(EVALUATE)], queue="evaluate", ignore_result=True)


def test_a_job_from_the_broker_is_carried_out_and_an_idle_worker_is_small(
    platform: ScriptedPlatform,
    broker: RedisServer,
    model: Callable[[float], None],
    evaluation: Callable[..., Claim],
    tmp_path: Path,
) -> None:
    evaluation()
    model(0.0)
    with Worker(platform, broker, tmp_path) as worker:
        idle = worker.idle_mib()
        send(broker)
        wait_for(lambda: platform.facts[-1:] == ["predicted:predict"], f"a prediction; {worker.log}")

        assert idle < IDLE_MIB
        assert "signature" not in worker.log


def test_a_worker_asked_to_stop_finishes_its_job_first(
    platform: ScriptedPlatform,
    broker: RedisServer,
    model: Callable[[float], None],
    evaluation: Callable[..., Claim],
    hold: Path,
    tmp_path: Path,
) -> None:
    evaluation()
    model(0.0)
    hold.touch()
    with Worker(platform, broker, tmp_path) as worker:
        send(broker)
        wait_for(lambda: platform.facts == ["started:train"], "the start of training")

        worker.process.send_signal(signal.SIGTERM)
        heard = platform.heartbeats
        wait_for(lambda: platform.heartbeats > heard + 5, "heartbeats all the same")
        hold.unlink()

        assert worker.process.wait(120) == 0
        assert platform.facts[-1] == "predicted:predict"


def test_a_broker_that_goes_and_comes_back_finds_the_worker_there(
    platform: ScriptedPlatform,
    broker: RedisServer,
    model: Callable[[float], None],
    evaluation: Callable[..., Claim],
    hold: Path,
    tmp_path: Path,
) -> None:
    evaluation()
    model(0.0)
    hold.touch()
    with Worker(platform, broker, tmp_path):
        send(broker)
        wait_for(lambda: platform.facts == ["started:train"], "the start of training")

        broker.kill()
        hold.unlink()
        wait_for(lambda: platform.facts[-1] == "predicted:predict", "a prediction without a broker")
        time.sleep(1.0)
        broker.start()
        send(broker)

        wait_for(lambda: platform.facts.count("predicted:predict") == 2, "a second prediction")


def test_a_broker_that_went_while_nothing_ran_is_found_again(
    platform: ScriptedPlatform,
    broker: RedisServer,
    model: Callable[[float], None],
    evaluation: Callable[..., Claim],
    tmp_path: Path,
) -> None:
    evaluation()
    model(0.0)
    with Worker(platform, broker, tmp_path):
        broker.kill()
        time.sleep(3.0)
        broker.start()
        send(broker)

        wait_for(lambda: platform.facts[-1:] == ["predicted:predict"], "a prediction")


def test_what_a_killed_worker_left_is_cleared_by_its_successor(
    platform: ScriptedPlatform,
    broker: RedisServer,
    model: Callable[[float], None],
    evaluation: Callable[..., Claim],
    tmp_path: Path,
) -> None:
    evaluation()
    model(60.0)
    with Worker(platform, broker, tmp_path) as worker:
        send(broker)
        wait_for(lambda: platform.facts == ["started:train"], "the start of training")
        wait_for(lambda: children(worker.process.pid) != [], "the sandboxed program")
        worker.process.kill()
        worker.process.wait()
    attempts = tmp_path / "scratch" / "attempts"
    assert [path for path in attempts.iterdir() if path.is_dir()]

    with Worker(platform, broker, tmp_path) as successor:
        assert '"ended": 1' in successor.log or '"ended": 2' in successor.log
        assert [path for path in attempts.iterdir() if path.is_dir()] == []


def test_a_job_that_is_no_job_is_dropped_loudly_and_the_worker_lives(
    platform: ScriptedPlatform,
    broker: RedisServer,
    model: Callable[[float], None],
    evaluation: Callable[..., Claim],
    tmp_path: Path,
) -> None:
    evaluation()
    model(0.0)
    with Worker(platform, broker, tmp_path) as worker:
        with Celery("platform", broker=broker.url) as app:
            app.send_task(EVALUATE_TASK, args=[{"kind": "evaluate"}], queue="evaluate", ignore_result=True)
        send(broker)

        wait_for(lambda: platform.facts[-1:] == ["predicted:predict"], "the next job")
        assert "a message is no job" in worker.log


def test_a_worker_without_its_settings_does_not_start_and_names_what_is_missing() -> None:
    command = [sys.executable, "-m", "worker"]

    ended = subprocess.run(command, cwd=ROOT, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True)

    assert ended.returncode != 0
    assert "FIXPOINT_BROKER_URL is not set." in ended.stderr


def test_a_worker_without_a_sandbox_does_not_start_and_says_why(broker: RedisServer, tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "DOCKER_HOST": "tcp://127.0.0.1:1",
        "FIXPOINT_BROKER_URL": broker.url,
        "FIXPOINT_PLATFORM_URL": "http://127.0.0.1:1",
        "FIXPOINT_WORKER_SCRATCH": str(tmp_path),
        "FIXPOINT_SANDBOX": "docker",
    }
    command = [sys.executable, "-m", "worker"]

    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)

    assert ended.returncode != 0
    assert "The Docker Engine does not answer" in ended.stderr


def test_a_drained_worker_finishes_its_job_takes_no_other_and_loses_none(
    platform: ScriptedPlatform,
    broker: RedisServer,
    model: Callable[[float], None],
    evaluation: Callable[..., Claim],
    hold: Path,
    tmp_path: Path,
) -> None:
    evaluation()
    model(0.0)
    hold.touch()
    with Worker(platform, broker, tmp_path, FIXPOINT_WORKER_TOKEN="a token") as worker:
        send(broker)
        wait_for(lambda: platform.facts == ["started:train"], "the start of training")
        platform.on_hello = lambda: REST
        heard = len(platform.hellos)
        wait_for(lambda: len(platform.hellos) > heard + 1, "the order to rest")
        assert platform.facts == ["started:train"]
        for _ in range(3):
            send(broker)
        hold.unlink()
        wait_for(lambda: "drained: takes no more jobs" in worker.log, f"the drain; {worker.log}")

        assert platform.facts.count("predicted:predict") == 1
        with Redis.from_url(broker.url) as client:
            wait_for(lambda: client.llen("evaluate") == 3, "all three jobs in the queue again")
            assert len(platform.claims) == 1

            platform.on_hello = lambda: WORK
            wait_for(lambda: platform.facts.count("predicted:predict") == 4, f"the other three; {worker.log}")
            wait_for(lambda: client.hlen("unacked") == 0, "the last acknowledgement")


def test_a_worker_that_is_drained_from_its_start_takes_nothing_even_after_its_broker_came_back(
    platform: ScriptedPlatform,
    broker: RedisServer,
    model: Callable[[float], None],
    evaluation: Callable[..., Claim],
    tmp_path: Path,
) -> None:
    evaluation()
    model(0.0)
    platform.on_hello = lambda: REST
    with Worker(platform, broker, tmp_path, FIXPOINT_WORKER_TOKEN="a token") as worker:
        wait_for(lambda: "drained: takes no more jobs" in worker.log, f"the drain; {worker.log}")
        broker.kill()
        broker.start()
        send(broker)
        with Redis.from_url(broker.url) as client:
            heard = len(platform.hellos)
            wait_for(lambda: len(platform.hellos) > heard + 1, "two hellos more")
            assert client.llen("evaluate") == 1
        assert platform.claims == []

        platform.on_hello = lambda: WORK
        wait_for(lambda: platform.facts[-1:] == ["predicted:predict"], f"the job; {worker.log}")


def test_a_worker_beside_a_platform_takes_no_notice_of_a_django_that_its_surroundings_name(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
        "DJANGO_SETTINGS_MODULE": "fixpoint.settings",
        "FIXPOINT_BROKER_URL": "redis://127.0.0.1:1/0",
        "FIXPOINT_PLATFORM_URL": "http://127.0.0.1:1",
        "FIXPOINT_WORKER_SCRATCH": str(tmp_path),
    }
    asked = "import sys, worker.celery; worker.celery.app.finalize(); print('celery.fixups.django' in sys.modules)"

    ended = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, env=environment, capture_output=True, text=True)

    assert ended.stdout.strip() == "False", ended.stderr
