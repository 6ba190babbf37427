"""A Docker Engine of the campaign's own, so that its death is nobody else's."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.campaign.program import Program

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
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds).stdout

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

    def prepare(self, model: Path) -> None:
        """Bring the base image from the machine's Engine, and lay the stand-in on top of it."""
        with subprocess.Popen(["docker", "save", BASE], stdout=subprocess.PIPE) as saved:
            command = ["docker", "--host", self.host, "load", "--quiet"]
            subprocess.run(command, stdin=saved.stdout, check=True, capture_output=True, timeout=300)
        (model / "Dockerfile").write_text(f"FROM {BASE}\nCOPY fixed_model /model/fixed_model\nENV PYTHONPATH=/model\n")
        command = ["docker", "--host", self.host, "build", "--quiet", "--tag", IMAGE, str(model)]
        subprocess.run(command, check=True, capture_output=True, timeout=120, env=self._without_buildkit())

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
        if one.program.is_alive:
            for container in one.docker("ps", "--all", "--quiet").split():
                one.docker("rm", "--force", container)
        one.program.send(signal.SIGTERM)
        one.program.stop(20)
        one.carrier.stop()
        for mount in reversed(mounts_under(folder)):
            subprocess.run(["umount", "--lazy", mount], check=False)


def mounts_under(folder: Path) -> list[str]:
    """Where something is mounted below a folder, in the order in which it was."""
    lines = Path("/proc/self/mounts").read_text().splitlines()
    return [line.split()[1] for line in lines if line.split()[1].startswith(f"{folder}/")]
