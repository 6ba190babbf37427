"""A running stack: start one, wait until it answers, end it."""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from fixpoint.celery import broker_use
from fixpoint.embedded.broker import broker_prepare
from fixpoint.embedded.family import family_kill
from fixpoint.embedded.ports import HOST, port_held
from fixpoint.embedded.programs import Place, environment, redis_file, supervisor_file
from fixpoint.embedded.running import is_running

_PATIENCE_SECONDS = 90
_END_SECONDS = 180.0
"""For an ending in order, one program after the other, each with its own patience; then all of them are killed."""
_ENDINGS = (signal.SIGTERM, signal.SIGHUP)
_FOLDERS = ("logs", "run", "redis", "scratch", "incoming", "blobs")


class StackError(RuntimeError):
    """The stack did not come up, or something else holds its port."""


def stack_place(*, root: Path, home: Path, port: int, sandbox: str) -> Place:
    """Make the folders and choose the broker's address; StackError if the port is taken, or this home in use."""
    if is_running(home):
        raise StackError(f"A stack runs from {home} already: use it, or set another FIXPOINT_HOME.")
    try:
        port = port_held(port)
    except OSError as error:
        raise StackError(f"{HOST}:{port} is taken: stop what listens there, or choose another --port.") from error
    for name in _FOLDERS:
        (home / name).mkdir(parents=True, exist_ok=True)
    return Place(root=root, home=home, host=HOST, port=port, broker=broker_prepare(home), sandbox=sandbox)


@contextlib.contextmanager
def stack(place: Place) -> Iterator[subprocess.Popen[bytes]]:
    """A stack that answers, ended when the block ends, however it ends: by SIGTERM or a closed terminal too."""
    with _unwinding():
        try:
            process = _start(place)
        except FileNotFoundError as error:
            raise StackError(str(error)) from error
        try:
            _wait_for_site(place, process)
            broker_use(place.broker)
            yield process
        finally:
            _end(process)


def stack_wait(place: Place, process: subprocess.Popen[bytes]) -> None:
    """Until Ctrl-C. StackError when it ends by itself."""
    process.wait()
    raise StackError(f"The stack ended by itself: see {place.home / 'logs'}.")


@contextlib.contextmanager
def _unwinding() -> Iterator[None]:
    """These signals end this process at once by default, and would leave all programs behind."""
    previous = {ending: signal.getsignal(ending) for ending in _ENDINGS}
    for ending, handler in previous.items():
        if handler == signal.SIG_DFL:  # nohup ignores SIGHUP on purpose
            signal.signal(ending, _leave)
    try:
        yield
    finally:
        for ending, handler in previous.items():
            signal.signal(ending, handler)


def _leave(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def _start(place: Place) -> subprocess.Popen[bytes]:
    run = place.home / "run"
    file = run / "supervisord.conf"
    for path, text in ((file, supervisor_file(place)), (run / "redis.conf", redis_file(place))):
        path.touch(mode=0o600)
        path.write_text(text)
    command = [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(file)]
    log = place.home / "logs" / "supervisor.out"
    with log.open("wb") as out:
        # A session of its own: Ctrl-C reaches this process, which then ends the stack in order.
        return subprocess.Popen(
            command, env=environment(place), cwd=place.root, stdout=out, stderr=out, start_new_session=True
        )


def _wait_for_site(place: Place, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with contextlib.suppress(httpx.TransportError):  # not listening yet
            if httpx.get(f"{place.url}/healthz", timeout=5, trust_env=False).is_success:
                return
        time.sleep(0.2)
    raise StackError(f"The site did not answer at {place.url}: see {place.home / 'logs'}.")


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    # A second Ctrl-C must not leave half a stack behind.
    previous = {ending: signal.signal(ending, signal.SIG_IGN) for ending in (signal.SIGINT, *_ENDINGS)}
    try:
        process.terminate()
        process.wait(timeout=_END_SECONDS)
    except subprocess.TimeoutExpired:
        family_kill(process.pid)  # not by its group: the supervisor gives each program one of its own
        process.wait()
    finally:
        for ending, handler in previous.items():
            signal.signal(ending, handler)
