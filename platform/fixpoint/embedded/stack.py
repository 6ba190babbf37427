"""A running stack: start one, wait until it answers, end it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from fixpoint.embedded.broker import broker_prepare
from fixpoint.embedded.programs import Place, environment, supervisor_file

_PATIENCE_SECONDS = 90
_FOLDERS = ("logs", "run", "redis", "scratch", "incoming", "blobs")


class StackError(RuntimeError):
    """The stack did not come up, or something else holds its port."""


def stack_place(*, root: Path, home: Path, host: str, port: int, sandbox: str) -> Place:
    """Make the folders and choose the broker's address; StackError if the port is taken."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StackError(f"{host}:{port} is taken: stop what listens there, or choose another --port.") from error
        port = probe.getsockname()[1]
    for name in _FOLDERS:
        (home / name).mkdir(parents=True, exist_ok=True)
    return Place(root=root, home=home, host=host, port=port, broker=broker_prepare(home), sandbox=sandbox)


@contextlib.contextmanager
def stack(place: Place) -> Iterator[subprocess.Popen[bytes]]:
    """A stack that answers, ended when the block ends, however it ends."""
    file = place.home / "run" / "supervisord.conf"
    file.touch(mode=0o600)
    file.write_text(supervisor_file(place))
    command = [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(file)]
    log = place.home / "logs" / "supervisor.out"
    with log.open("wb") as out:
        # A session of its own: Ctrl-C reaches this process, which then ends the stack in order.
        process = subprocess.Popen(
            command, env=environment(place), cwd=place.root, stdout=out, stderr=out, start_new_session=True
        )
    try:
        _wait_for_site(place, process)
        yield process
    finally:
        _end(process)


def _wait_for_site(place: Place, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with contextlib.suppress(httpx.TransportError):  # not listening yet
            if httpx.get(f"{place.url}/healthz", timeout=5).is_success:
                return
        time.sleep(0.2)
    raise StackError(f"The site did not answer at {place.url}: see {place.home / 'logs'}.")


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave half a stack behind
    try:
        process.terminate()
        process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    finally:
        signal.signal(signal.SIGINT, previous)
