"""`python -m worker doctor` as a person starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.sockets import closed_port
from tests.worker.doctor.conftest import TERMS
from tests.worker.redis_server import PASSWORD
from tests.worker.worker_process import ROOT
from worker.contract import Terms
from worker.settings import Settings

NAMES = ["settings", "broker", "broker clock", "site", "sandbox", "model", "scratch"]
Doctor = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def doctor(tmp_path: Path) -> Doctor:
    """Runs it with these settings and no others."""

    def run(*arguments: str, **told: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "worker", "doctor", *arguments],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"]} | told,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run


def told(settings: Settings) -> dict[str, str]:
    return {
        "FIXPOINT_BROKER_URL": settings.broker_url,
        "FIXPOINT_PLATFORM_URL": settings.platform_url,
        "FIXPOINT_WORKER_SCRATCH": str(settings.scratch),
        "FIXPOINT_MODEL_PATH": str(settings.model_path),
        "FIXPOINT_SANDBOX": "process",
        "FIXPOINT_WORKER_CACHE_BYTES": "1",
    }


def test_a_host_on_which_a_worker_could_work(
    doctor: Doctor, on_broker: Settings, pins: Callable[[Terms], None]
) -> None:
    pins(TERMS)

    lines = doctor(**told(on_broker))
    answer = doctor("--json", **told(on_broker))

    assert lines.returncode == answer.returncode == 0, lines.stdout + lines.stderr
    assert [line[6:].split("  ")[0] for line in lines.stdout.splitlines()] == NAMES
    found = {each["check"]: each["level"] for each in json.loads(answer.stdout)["findings"]}
    assert found == dict.fromkeys(NAMES, "ok") | {"sandbox": "warn"}


def test_a_setting_that_is_missing_is_told_instead_of_a_traceback(doctor: Doctor) -> None:
    answer = doctor()

    assert (answer.returncode, answer.stderr) == (1, "")
    assert answer.stdout.startswith("FAIL  settings             FIXPOINT_BROKER_URL is not set. → ")


@pytest.mark.parametrize("password", ["ab3d/Zk9=", "[ab3d", "ab3d#Zk9"])
def test_an_address_that_is_none_is_told_without_its_password(doctor: Doctor, password: str) -> None:
    answer = doctor(FIXPOINT_BROKER_URL=f"redis://:{password}@redis:6379/0")

    assert (answer.returncode, answer.stderr) == (1, "")
    assert answer.stdout.startswith("FAIL  settings             FIXPOINT_")
    assert "ab3d" not in answer.stdout


def test_the_password_of_a_site_is_not_told(doctor: Doctor, worker_settings: Settings) -> None:
    site = f"http://someone:site-password@127.0.0.1:{closed_port()}"

    answer = doctor(**told(worker_settings) | {"FIXPOINT_PLATFORM_URL": site})

    assert "does not answer" in answer.stdout
    assert "site-password" not in answer.stdout + answer.stderr


def test_what_fails_hides_nothing_and_tells_no_secret(doctor: Doctor, worker_settings: Settings) -> None:
    broken = told(worker_settings) | {
        "FIXPOINT_BROKER_URL": f"redis://:{PASSWORD}@127.0.0.1:{closed_port()}/0",
        "FIXPOINT_PLATFORM_URL": f"http://127.0.0.1:{closed_port()}",
    }

    answer = doctor("--json", **broken)

    document = json.loads(answer.stdout)
    assert (answer.returncode, document["ok"]) == (1, False)
    assert [each["level"] for each in document["findings"]] == ["ok", "FAIL", "warn", "FAIL", "warn", "warn", "ok"]
    assert PASSWORD not in answer.stdout + answer.stderr
