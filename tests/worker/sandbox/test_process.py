"""What the sandbox without isolation does otherwise than the others."""

import platform
import shutil
from pathlib import Path
from typing import Any

import pytest

from worker.sandbox import Mount, SandboxError


def test_arguments_at_a_target_become_paths_of_this_host(runner_in: Any, tmp_path: Path) -> None:
    runner = runner_in("process")
    (tmp_path / "pack").write_text("images")
    words = ["/in/pack", "/out", "/out/x/y", "/outside", "/in/package", "--out=/out"]

    end = runner.sandbox.run(
        "",
        ["python", "-c", "import sys; print(sys.argv[1:])", *words],
        mounts=[Mount(tmp_path / "pack", "/in/pack")],
        output=runner.output,
        limits=runner.limits(),
        stop=runner.stop,
        label="test",
    )

    real = [str(tmp_path / "pack"), str(runner.output), f"{runner.output}/x/y", "/outside", "/in/package", "--out=/out"]
    assert end.log.strip() == str(real)


def test_the_model_is_found(runner_in: Any) -> None:
    assert runner_in("process")("import fixed_model; print(fixed_model.ANSWER)").log == "42\n"


def test_the_image_is_the_interpreter(runner_in: Any) -> None:
    assert runner_in("process").sandbox.image_id("any") == f"host:{platform.python_version()}"


LEAVES = """
import os, subprocess, sys, time
stays = "import time; held = bytearray(b'x') * (100 * 2**20); open({held!r}, 'w').close(); time.sleep(60)"
child = subprocess.Popen(
    [sys.executable, "-c", stays], start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
)
while not os.path.exists({held!r}):
    time.sleep(0.01)
open({told!r}, "w").write(str(child.pid))
os._exit(0)
"""


def test_whoever_left_the_family_has_ended_when_the_run_is_over(runner_in: Any, tmp_path: Path) -> None:
    runner, told = runner_in("process"), tmp_path / "pid"

    end = runner(LEAVES.format(held=str(tmp_path / "held"), told=str(told)))

    assert end.outcome == "ok"
    assert is_dead(int(told.read_text()))


def is_dead(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in {"Z", "X"}
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_a_program_that_does_not_exist(runner_in: Any) -> None:
    runner = runner_in("process")

    end = runner.sandbox.run(
        "",
        ["/missing"],
        mounts=[],
        output=runner.output,
        limits=runner.limits(),
        stop=runner.stop,
        label="test",
    )

    assert (end.outcome, end.status) == ("crashed", 127)


def test_a_host_without_prlimit_is_told(runner_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)

    with pytest.raises(SandboxError, match="util-linux"):
        runner_in("process")("pass")
