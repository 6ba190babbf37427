"""A Docker Engine of the campaign's own, so that its death is nobody else's."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.faults.campaign.program import Program
from tests.faults.campaign.sweeping import mounts_under

IMAGE = "fixpoint-standin-model"
BASE = "python:3.11-slim-bookworm"
PATIENCE = 60.0
CONFIGURATION = """\
version = 2
root = "{folder}/containerd"
state = "{folder}/containerd-run"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "{folder}/containerd.sock"
"""


class Engine:
    """Two programs, containerd and dockerd, in a folder; `host` is what DOCKER_HOST is set to."""

    def __init__(self, folder: Path, environment: dict[str, str], logs: Path) -> None:
        self.folder = folder
        self.host = f"unix://{folder}/docker.sock"
        (folder / "containerd.toml").write_text(CONFIGURATION.format(folder=folder))
        carrier = ["containerd", "--config", str(folder / "containerd.toml"), "--log-level", "warn"]
        engine = [
            # Without a bridge of its own dockerd takes docker0 away: in a network of its own there is none to take.
            *("unshare", "--net", "dockerd", "--data-root", str(folder / "data"), "--exec-root", str(folder / "run")),
            *("--host", self.host, "--pidfile", str(folder / "docker.pid"), "--config-file", str(folder / "none")),
            *("--containerd", str(folder / "containerd.sock"), "--cgroup-parent", f"/{folder.parent.name}"),
            *("--iptables=false", "--ip6tables=false", "--bridge=none", "--ip-forward=false", "--ip-masq=false"),
            *("--shutdown-timeout", "2", "--log-level", "warn"),
        ]
        (folder / "none").write_text("{}")
        self.carrier = Program("containerd", carrier, environment, logs / "containerd.log", folder)
        self.program = Program("dockerd", engine, environment, logs / "dockerd.log", folder)

    def docker(self, *arguments: str, seconds: float = 30.0) -> str:
        """What the command line says. Raises CalledProcessError, TimeoutExpired."""
        command = ["docker", "--host", self.host, *arguments]
        answer = subprocess.run(
            command, check=True, capture_output=True, text=True, timeout=seconds, start_new_session=True
        )
        return answer.stdout

    def wait(self) -> None:
        """Until it answers."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.docker("version", seconds=5)
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return

    def containers(self, worker: str = "") -> list[str]:
        """All that bear the label of our workers, or of one, running or not. Raises as `docker` does."""
        label = "fixpoint.worker" + (f"={worker}" if worker else "")
        return self.docker("ps", "--all", "--quiet", "--no-trunc", "--filter", f"label={label}").split()

    def remove_all(self) -> None:
        """Every container, whoever started it. Raises as `docker` does."""
        if self.program.is_alive and (containers := self.docker("ps", "--all", "--quiet").split()):
            self.docker("rm", "--force", *containers)

    def prepare(self, model: Path) -> None:
        """Bring the base image from the machine's Engine, and lay the stand-in on top of it."""
        with subprocess.Popen(["docker", "save", BASE], stdout=subprocess.PIPE, start_new_session=True) as saved:
            command = ["docker", "--host", self.host, "load", "--quiet"]
            subprocess.run(
                command, stdin=saved.stdout, check=True, capture_output=True, timeout=300, start_new_session=True
            )
        (model / "Dockerfile").write_text(f"FROM {BASE}\nCOPY fixed_model /model/fixed_model\nENV PYTHONPATH=/model\n")
        command = ["docker", "--host", self.host, "build", "--quiet", "--tag", IMAGE, str(model)]
        subprocess.run(
            command, check=True, capture_output=True, timeout=120, env=self._without_buildkit(), start_new_session=True
        )

    def _without_buildkit(self) -> dict[str, str]:
        return dict(self.program.environment) | {"DOCKER_BUILDKIT": "0"}


@contextmanager
def engine(folder: Path, environment: dict[str, str], logs: Path) -> Iterator[Engine]:
    """An Engine that answers; whatever still runs in it ends with it, and its mounts go."""
    folder.mkdir()
    one = Engine(folder, environment, logs)
    try:
        one.carrier.start()
        one.program.start()
        one.wait()
        yield one
    finally:
        # Whatever a test or a fault did to it: what cannot be removed in order is swept away with the stack.
        with suppress(subprocess.SubprocessError):
            one.remove_all()
        one.program.stop(20)
        one.carrier.stop()
        for mount in reversed(mounts_under(folder)):
            subprocess.run(["umount", "--lazy", mount], check=False)
