"""A worker on a machine of its own, as far as namespaces make one: network, processes, and what it sees of the disk."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.stack.apart import model
from tests.stack.apart.network import Network
from tests.stack.apart.platform_apart import ROOT, SITE
from tests.support.embedded_stack import children
from tests.worker.worker_process import wait_for

DISK = Path("/mnt")
"""In the worker's own view: a disk of its own, with the worker's code, a model and the authority's certificate."""

# What the test and the platform have on the disk is hidden before the worker starts: only its own disk is left of it.
START = """
set -eu
disk=$1 luggage=$2; shift 2
mount -t tmpfs -o size=64m tmpfs "$disk"
cp -r "$luggage"/. "$disk"
mkdir "$disk/home" "$disk/tmp"
while [ "$1" != -- ]; do mount -t tmpfs -o size=1m,mode=755 tmpfs "$1"; shift; done
shift
cd "$disk/code"
exec "$@"
"""


@dataclass
class WorkerApart:
    """Use it in a `with` block: with it end all processes and mounts that it has."""

    name: str
    net: Network
    folder: Path
    hidden: Sequence[Path]
    told: dict[str, str]

    def __enter__(self) -> Self:
        luggage = self.folder / f"luggage-{self.name}"
        _pack(luggage, Path(self.told["SSL_CERT_FILE"]))
        environment = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(DISK / "home"),
            "TMPDIR": str(DISK / "tmp"),
            "FIXPOINT_PLATFORM_URL": SITE,
            "FIXPOINT_WORKER_NAME": self.name,
            "FIXPOINT_WORKER_SCRATCH": str(DISK / "scratch" / "one"),
            "FIXPOINT_MODEL_PATH": str(DISK / "model"),
            "FIXPOINT_CODECARBON": "no",
            "FIXPOINT_QUEUES": "evaluate",
            **self.told,
            "SSL_CERT_FILE": str(DISK / "authority.pem"),
        }
        apart = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
        view = ("sh", "-c", START, "start", str(DISK), str(luggage), *map(str, self.hidden), "--")
        program = (sys.executable, "-m", "worker", "-l", "info")
        self._log = self.folder / f"{self.name}.log"
        with self._log.open("wb") as out:
            command = self.net.inside(self.net.of(self.name), *apart, *view, *program)
            self.process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
        try:
            wait_for(lambda: "ready" in self.log or self.process.poll() is not None, "the worker's start", 120)
            assert self.process.poll() is None, self.log
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    @property
    def log(self) -> str:
        """What it said."""
        return self._log.read_text()

    def seen(self, path: Path) -> Path:
        """This path as the worker sees it, for us to look through its eyes."""
        [worker] = children(self.process.pid)
        return Path(f"/proc/{worker}/root") / path.relative_to("/")

    def cached(self) -> dict[str, int]:
        """Sizes of the blobs that it keeps, by digest."""
        folder = self.seen(DISK / "scratch" / "one" / "cache")
        return {each.name: each.stat().st_size for each in folder.iterdir() if not each.name.startswith(".")}


def _pack(luggage: Path, authority: Path) -> None:
    """What somebody would carry to the machine: the worker, a model, and whom to trust."""
    shutil.copytree(ROOT / "worker", luggage / "code" / "worker", ignore=shutil.ignore_patterns("__pycache__"))
    package = luggage / "model" / "fixed_model"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    shutil.copy(model.__file__, package / "__main__.py")
    shutil.copy(ROOT / "fixed_model" / "recipes.lock", package)
    shutil.copy(authority, luggage / "authority.pem")
