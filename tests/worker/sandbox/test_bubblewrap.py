"""Bubblewrap on this host: what it shows, and what happens where it may do less."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.sandboxes import groups_of
from worker.contract import Limits
from worker.sandbox import SandboxError
from worker.sandbox.bubblewrap import BubblewrapSandbox
from worker.sandbox.bubblewrap_options import Host, bubblewrap_options
from worker.sandbox.interpreter import Interpreter

pytestmark = pytest.mark.bubblewrap

LIMITS = Limits(wall_seconds=20, memory_bytes=2**28, output_bytes=2**24, output_files=64, cpus=1, pids=16)


def test_the_model_is_there_and_none_of_its_neighbours(runner_in: Any, model: Path) -> None:
    (model / "secret").touch()

    said = runner_in("bubblewrap").said(
        "import fixed_model, os\nsaid = [fixed_model.ANSWER, fixed_model.__file__, os.listdir('/model')]"
    )

    assert said == [42, "/model/fixed_model/__init__.py", ["fixed_model"]]


def test_the_root_holds_only_what_was_put_there(runner_in: Any) -> None:
    said = runner_in("bubblewrap").said("import os\nsaid = [sorted(os.listdir('/')), sorted(os.listdir('/etc'))]")

    assert {"out", "tmp", "usr", "proc", "dev"} <= set(said[0])
    assert not {"var", "run", "srv", "sys", "boot"} & set(said[0])
    assert set(said[1]) <= {"alternatives", "ld.so.cache"}


def test_without_cgroups_memory_is_watched_from_outside(runner_in: Any) -> None:
    end = runner_in("bubblewrap-without-cgroups")(
        """
        import time
        hog = []
        while True:
            hog.append(bytearray(4 * 1024 ** 2))
            time.sleep(0.01)
        """,
        memory_bytes=64 * 1024**2,
    )

    assert (end.outcome, end.limit) == ("memory", "memory_bytes")


@pytest.mark.skipif(os.geteuid() != 0, reason="a user of our own is there for root only")
def test_without_cgroups_a_fork_bomb_is_capped_by_the_user(runner_in: Any) -> None:
    said = runner_in("bubblewrap-without-cgroups").said(
        """
        import os, time
        said = 0
        try:
            while said < 1000:
                if os.fork() == 0:
                    while True: time.sleep(60)
                said += 1
        except OSError:
            pass
        """,
        pids=16,
    )

    assert 0 < said < 16


@pytest.fixture
def anybodys() -> Iterator[Path]:
    """A folder that every user may enter, as pytest's own are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_worker_that_is_not_root_contains_as_well(model: Path, anybodys: Path) -> None:
    if not Path("/usr/bin/python3").exists():
        pytest.skip("needs a python that anybody may run")
    model = Path(shutil.copytree(model, anybodys / "model"))
    output = anybodys / "output"
    output.mkdir()
    os.chown(output, 12345, 12345)
    host = Host(
        Interpreter("3", Path("/usr/bin/python3"), (Path("/usr"),)),
        model,
        {str(place): str(place.readlink()) for place in Path("/").iterdir() if place.is_symlink()},
        is_root=False,
    )
    program = (
        "import os, socket\nopen('/out/x', 'w')\nprint(os.getuid())\n"
        "print(open('/proc/self/status').read().split('CapEff:')[1].split()[0])\n"
        "for path in ('/x', '/usr/x', '/dev/x'):\n  try: open(path, 'w')\n  except OSError: print('refused')\n"
        "try: socket.create_connection(('192.0.2.1', 9), 3)\nexcept OSError as error: print(error.strerror)\n"
    )
    words = bubblewrap_options(host, ["python", "-c", program], [], output, LIMITS)

    end = subprocess.run(
        ["bwrap", *words], user=12345, group=12345, extra_groups=[], cwd="/", capture_output=True, text=True
    )

    assert end.stdout.split("\n") == ["65532", "0" * 16, *["refused"] * 3, "Network is unreachable", ""], end.stderr


def test_a_bubblewrap_that_does_not_start_is_an_error_of_ours(
    model: Path, output: Path, monkeypatch: pytest.MonkeyPatch, runner_in: Any
) -> None:
    shutil.rmtree(model / "fixed_model")

    with pytest.raises(SandboxError, match="did not start the program"):
        runner_in("bubblewrap")("pass")


def test_a_host_without_bubblewrap_is_told(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)

    with pytest.raises(SandboxError, match="not installed"):
        BubblewrapSandbox(worker="w", model=model).ping()


def test_no_cgroup_is_left_behind(runner_in: Any, worker: str) -> None:
    runner_in("bubblewrap")("pass")

    assert groups_of(worker) == []
