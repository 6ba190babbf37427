"""From a name in the settings to a sandbox that works on this host."""

import sys
from pathlib import Path

from worker.sandbox.bubblewrap import BubblewrapSandbox
from worker.sandbox.docker import DockerSandbox
from worker.sandbox.fake import FakeSandbox
from worker.sandbox.process import ProcessSandbox
from worker.sandbox.protocol import Sandbox, SandboxError

CHECKOUT = Path(__file__).resolve().parents[2]
"""Where `fixed_model` lies beside `worker`."""

NAMES = ("auto", "docker", "bubblewrap", "process", "fake")


def choose(
    name: str,
    *,
    worker: str,
    python: Path = Path(sys.executable),
    model: Path = CHECKOUT,
    gpu: str = "",
    runtime: str | None = None,
) -> Sandbox:
    """The sandbox called `name`, tried before it is returned; `auto` is docker, else bubblewrap, and never less.

    `python` and `model` (the folder that holds `fixed_model`) serve those without images, `gpu` and `runtime` docker.
    Raises SandboxError saying what to do.
    """
    docker = DockerSandbox(worker=worker, gpu=gpu, runtime=runtime)
    bubblewrap = BubblewrapSandbox(worker=worker, model=model, python=python)
    match name:
        case "auto":
            return _first_that_works(docker, bubblewrap)
        case "docker":
            docker.ping()
            return docker
        case "bubblewrap":
            bubblewrap.ping()
            return bubblewrap
        case "process":
            return ProcessSandbox(worker=worker, model=model, python=python)
        case "fake":
            return FakeSandbox()
        case _:
            raise SandboxError(f"There is no sandbox called {name!r}; there are {', '.join(NAMES)}.")


def _first_that_works(docker: DockerSandbox, bubblewrap: BubblewrapSandbox) -> Sandbox:
    reasons = []
    for sandbox in (docker, bubblewrap):
        try:
            sandbox.ping()
        except SandboxError as error:
            reasons.append(f"{sandbox.name}: {error}")
        else:
            return sandbox
    raise SandboxError(
        f"No sandbox works here. {' '.join(reasons)} Start the Docker Engine and let this user reach its socket, or "
        "install bubblewrap and allow user namespaces. The sandbox process isolates nothing: name it yourself, and "
        "only for a demo on loopback."
    )
