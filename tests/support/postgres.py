"""A throwaway PostgreSQL: made as an unprivileged user in a temporary folder, gone at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.sockets import port_for

_PATIENCE_SECONDS = 60
# Nothing of it outlives the test, so it need not survive a power cut.
_HASTE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresCluster:
    """Use it in a `with` block; `url` is its address, of an empty database and a superuser.

    Where a `folder` is given it lives there, and the folder stays; `settings` are further ones such as "port=1".
    `durable` leaves PostgreSQL's own settings as they are: what is committed is on the disk.
    """

    def __init__(self, folder: Path | None = None, settings: tuple[str, ...] = (), *, durable: bool = False) -> None:
        self._given = folder
        self._settings = (*(() if durable else _HASTE), *settings)
        self.port = port_for(self)
        self.url = f"postgres://fixpoint@127.0.0.1:{self.port}/postgres"

    def __enter__(self) -> Self:
        self._folder = self._given or Path(tempfile.mkdtemp(prefix="fixpoint-postgres-"))
        self._user = _unprivileged()
        if self._user is not None:
            os.chown(self._folder, self._user.pw_uid, self._user.pw_gid)
        # Only this machine's loopback reaches it, for as long as a test takes.
        self._run(
            *("initdb", "-D", str(self._folder / "data"), "-U", "fixpoint", "-A", "trust"),
            *("-E", "UTF8", "--no-locale", "-N", *(["--wal-segsize=1"] if self._given else [])),
        )
        try:
            self.start()
        except BaseException:
            self.stop(signal.SIGQUIT)
            raise
        return self

    def database(self, name: str) -> str:
        """The address of a new and empty one."""
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "fixpoint", name)
        return self.url.removesuffix("postgres") + name

    @property
    def pid(self) -> int:
        """The server's."""
        return self._server.pid

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if self._given is None:
            shutil.rmtree(self._folder)

    @property
    def is_running(self) -> bool:
        """Whether the server's first process lives."""
        return self._server.poll() is None

    def start(self) -> None:
        """Start the server, unless it runs, and wait until it takes connections."""
        if hasattr(self, "_server") and self.is_running:
            return
        log = self._folder / "log"
        options = [word for setting in self._settings for word in ("-c", setting)]
        options += ["-c", "listen_addresses=127.0.0.1", "-c", f"port={self.port}", "-k", str(self._folder)]
        with log.open("ab") as out:
            self._server = subprocess.Popen(
                [_program("postgres"), "-D", str(self._folder / "data"), *options],
                stdout=out,
                stderr=out,
                start_new_session=True,
                **self._as_user(),
            )
        self._wait(log)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT is the server's word for a fast shutdown, SIGQUIT for an immediate one."""
        if self.is_running:
            self._server.send_signal(how)
        try:
            self._server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()

    def _wait(self, log: Path) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if self._server.poll() is not None:
                break
            ready = [_program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
            if subprocess.run(ready, check=False).returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError(f"PostgreSQL did not start: {log.read_text()}")

    def _run(self, program: str, *arguments: str) -> None:
        answer = subprocess.run(
            [_program(program), *arguments], capture_output=True, text=True, check=False, **self._as_user()
        )
        if answer.returncode:
            raise RuntimeError(f"{program}: {answer.stdout}{answer.stderr}")

    def _as_user(self) -> dict[str, object]:
        if self._user is None:
            return {"cwd": self._folder}
        return {"cwd": self._folder, "user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}


def dump(url: str) -> bytes:
    """All that is in the database at this address, as statements of SQL."""
    return subprocess.run([_program("pg_dump"), "--no-owner", url], stdout=subprocess.PIPE, check=True).stdout


def restore(url: str, statements: Path) -> None:
    """Fill the empty database at this address with what `dump` gave."""
    options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set", "ON_ERROR_STOP=1"]
    command = [_program("psql"), *options, "--file", str(statements), url]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


def _unprivileged() -> pwd.struct_passwd | None:
    """Who runs the server where we are root, whom it refuses; None where we are not."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _program(name: str) -> str:
    """Debian keeps the server's programs off PATH, in a folder a version."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parent.parent.name))
    if kept:
        return str(kept[-1])
    found = shutil.which(name)
    if found is None:
        raise RuntimeError(f"PostgreSQL's {name} is not installed.")
    return found
