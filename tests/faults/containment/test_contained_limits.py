"""Every limit ends a program that breaks it, and is named in the Exit."""

import secrets
import threading
import time
from pathlib import Path
from typing import Any

from tests.support.lifetimes import Lifetime, living
from worker.sandbox import LOG_BYTES
from worker.sandbox.docker import PATIENCE

MEBIBYTE = 1024**2
KILL_SECONDS = 2.0


def test_a_program_that_ends_well(run_anywhere: Any) -> None:
    end = run_anywhere("print('hello')")

    assert (end.outcome, end.status, end.log, end.limit) == ("ok", 0, "hello\n", "")


def test_a_program_that_fails_keeps_its_status_and_its_last_words(run_anywhere: Any) -> None:
    end = run_anywhere("import sys\nprint('out')\nsys.stderr.write('no such class')\nraise SystemExit(3)")

    assert (end.outcome, end.status) == ("crashed", 3)
    assert end.log == "out\nno such class"


def test_a_program_killed_by_a_signal(run_anywhere: Any) -> None:
    end = run_anywhere("import ctypes\nctypes.string_at(0)")

    assert (end.outcome, end.status) == ("crashed", 139)


def test_a_silent_program_that_ignores_sigterm_ends_at_its_deadline(run_anywhere: Any) -> None:
    end = run_anywhere(
        "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: time.sleep(60)", wall_seconds=1
    )

    assert (end.outcome, end.status, end.limit, end.allowed) == ("timeout", None, "wall_seconds", 1)
    assert 1 < end.used <= end.wall_seconds < 1 + KILL_SECONDS


def test_a_program_that_floods_stdout_ends_at_its_deadline(run_anywhere: Any) -> None:
    end = run_anywhere("import os\nwhile True: os.write(1, b'x' * 65536)", wall_seconds=3)

    assert end.outcome == "timeout"
    assert end.wall_seconds < 3 + KILL_SECONDS
    assert 0 < len(end.log.encode()) <= LOG_BYTES


def test_a_flood_keeps_its_end_only(run_anywhere: Any) -> None:
    end = run_anywhere("for n in range(100_000): print(n, 'line')\nprint('last')")

    assert end.outcome == "ok"
    assert end.log.endswith("99999 line\nlast\n")
    assert len(end.log.encode()) <= LOG_BYTES


def test_a_stop_ends_a_program_within_two_seconds(run_anywhere: Any, until: Any) -> None:
    begun, mark = run_anywhere.output / "begun", secrets.token_hex(8)

    stopped_at: list[float] = []

    def stop_once_begun() -> None:
        until(begun.exists)
        stopped_at.append(time.monotonic())
        run_anywhere.stop.set()

    threading.Thread(target=stop_once_begun, daemon=True).start()
    # The sandbox process has no /out of its own, so this one is told where to write.
    place = begun if run_anywhere.sandbox.name == "process" else "/out/begun"
    with Lifetime(mark) as life:
        end = run_anywhere(f"mark = {mark!r}\nopen({str(place)!r}, 'w').close()\nwhile True: pass")

    assert (end.outcome, end.status, end.limit) == ("cancelled", None, "")
    returned = time.monotonic()
    # Of the program itself: an Engine may then take its time to remove the container, but no longer than we ask it.
    assert life.last_seen - stopped_at[0] < KILL_SECONDS
    assert returned - stopped_at[0] < (PATIENCE if run_anywhere.sandbox.name == "docker" else KILL_SECONDS)
    assert living(mark.encode()) == []


def test_a_stop_that_came_before_the_start(run_anywhere: Any) -> None:
    run_anywhere.stop.set()

    assert run_anywhere("while True: pass").outcome == "cancelled"


def test_a_memory_hog(run_anywhere: Any) -> None:
    end = run_anywhere("hog = []\nwhile True: hog.append(bytearray(1024 ** 2))", memory_bytes=64 * MEBIBYTE)

    assert (end.outcome, end.status, end.limit) == ("memory", None, "memory_bytes")
    assert end.used >= end.allowed == 64 * MEBIBYTE


def test_a_memory_hog_among_its_children(run: Any) -> None:
    end = run(
        """
        import os
        if os.fork() == 0:
            hog = []
            while True: hog.append(bytearray(1024 ** 2))
        _, status = os.wait()
        raise SystemExit(1 if status else 0)
        """,
        memory_bytes=64 * MEBIBYTE,
    )

    assert (end.outcome, end.limit) == ("memory", "memory_bytes")


def test_files_in_tmp_count_as_memory_or_are_refused(run: Any) -> None:
    end = run(
        "with open('/tmp/big', 'wb') as file:\n  while True: file.write(bytes(1024 ** 2))",
        memory_bytes=64 * MEBIBYTE,
        output_bytes=999 * MEBIBYTE,
    )

    assert end.outcome == "memory"


def test_open_files_and_core_dumps_are_capped(run: Any) -> None:
    said = run.said(
        """
        import errno, os, resource
        kinds = (resource.RLIMIT_CORE, resource.RLIMIT_NOFILE)
        said = [*map(resource.getrlimit, kinds)]
        for kind in kinds:
            try:
                resource.setrlimit(kind, (4096, 4096))
                said.append("raised")
            except (OSError, ValueError):
                said.append("refused")
        held = []
        try:
            while True: held.append(os.dup(0))
        except OSError as error:
            code = errno.errorcode[error.errno]
        for fd in held: os.close(fd)
        said += [code, len(held) < 1024]
        """
    )

    assert said == [[0, 0], [1024, 1024], "refused", "refused", "EMFILE", True]


def test_a_full_disk_by_one_file(run: Any) -> None:
    end = run("with open('/out/big', 'wb') as file:\n  while True: file.write(bytes(1024 ** 2))")

    assert (end.outcome, end.limit, end.allowed) == ("disk", "output_bytes", 16 * MEBIBYTE)
    assert 16 * MEBIBYTE < end.used < 24 * MEBIBYTE


def test_a_full_disk_by_many_files(run: Any) -> None:
    end = run(
        """
        import itertools
        for n in itertools.count():
            with open(f"/out/{n % 60}", "ab") as file: file.write(bytes(1024 ** 2))
        """
    )

    assert (end.outcome, end.limit) == ("disk", "output_bytes")


def test_a_sparse_file_cannot_pretend_to_be_huge(run: Any) -> None:
    end = run("import os\nos.truncate(os.open('/out/sparse', os.O_CREAT | os.O_WRONLY), 1 << 40)")

    assert end.outcome == "crashed"
    assert (run.output / "sparse").stat().st_size == 0


def test_a_million_files(run: Any) -> None:
    end = run("for n in range(1_000_000): open(f'/out/{n}', 'w').close()")

    assert (end.outcome, end.limit, end.allowed, end.used) == ("disk", "output_files", 64, 65)


def test_folders_without_end(run: Any) -> None:
    end = run("import os\nos.chdir('/out')\nwhile True:\n  os.mkdir('d')\n  os.chdir('d')")

    assert (end.outcome, end.limit) == ("disk", "output_files")
    assert list(run.output.iterdir()) == []


def test_a_fork_bomb_is_capped_and_leaves_nobody(run: Any) -> None:
    said = run.said(
        """
        import os, time
        said = 0
        try:
            while said < 1000:
                if os.fork() == 0:
                    while True: time.sleep(60)
                said += 1
        except OSError as error:
            pass
        """,
        pids=32,
    )

    assert 8 < said < 32


def test_children_die_with_the_program(run_anywhere: Any) -> None:
    nap = f"36{secrets.randbelow(10**8):08}"
    end = run_anywhere(
        f"""
        import os, subprocess
        subprocess.Popen(["/bin/sleep", "{nap}"], start_new_session=True)
        os._exit(0)
        """
    )

    assert end.outcome == "ok"
    # The host sees every process, those in containers too.
    words = [folder / "cmdline" for folder in Path("/proc").iterdir() if folder.name.isdigit()]
    assert not [file for file in words if nap.encode() in read_if_there(file)]


def read_if_there(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def test_cpu_seconds_are_counted_with_those_of_children(run_anywhere: Any) -> None:
    end = run_anywhere(
        """
        import os, time
        for _ in range(2):
            if os.fork() == 0:
                while time.process_time() < 0.5: pass
                os._exit(0)
        for _ in range(2): os.wait()
        while time.process_time() < 0.5: pass
        """,
        cpus=2,
    )

    # Counters of a container are read while it lives: the last fifth of a second may be missing.
    assert 1.0 < end.cpu_seconds < 3.0


def test_memory_that_a_program_shares_with_its_forks_is_counted_once(run_anywhere: Any) -> None:
    end = run_anywhere(
        """
        import os, time
        held = bytearray(b"x") * (120 * 2**20)
        for _ in range(3):
            if os.fork() == 0:
                time.sleep(1.5)
                os._exit(0)
        for _ in range(3):
            os.wait()
        """
    )
    assert (end.outcome, end.status) == ("ok", 0)
    assert end.peak_memory_bytes is None or 100 * MEBIBYTE < end.peak_memory_bytes < 256 * MEBIBYTE
