"""Runs cases in a forked worker under limits, and watches it from outside: what ends or stops it is a defect."""

import json
import mmap
import os
import resource
import signal
import struct
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.archives.fuzz.cases import KINDS
from tests.archives.fuzz.seeds import Seeds

HANG_SECONDS = 10.0
"""Of the processor's time on one case: neighbours and a machine that rests do not count."""
STILL_SECONDS = 300.0
"""Of standing on one case without using the processor."""
MORE_MEMORY = 512 * 2**20
"""Addresses that a worker may take beyond what it begins with: two decoders at two megapixels, their stacks."""
BOARD = struct.Struct("<QdQ")
"""What a worker shows: the case that it is at, the longest CPU time of one so far, and that case."""


@dataclass
class Tally:
    """What became of the cases of one kind."""

    cases: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    defects: list[dict[str, object]] = field(default_factory=list)
    slowest_seconds: float = 0.0
    slowest_case: int = 0
    peak_mib: float = 0.0


def fuzz(kind: str, seeds: Seeds, seed: int, cases: range) -> Tally:
    """Every case of the range, past those that end the worker."""
    tally, start = Tally(cases=len(cases)), cases.start
    with tempfile.TemporaryDirectory(dir=_memory_folder()) as folder, mmap.mmap(-1, BOARD.size) as board:
        while start < cases.stop:
            board[:] = BOARD.pack(start, 0.0, 0)
            worker = os.fork()
            if not worker:
                _work(kind, seeds, seed, range(start, cases.stop), Path(folder), board)
            start = _watched(worker, board, tally, Path(folder), cases.stop)
    return tally


def _memory_folder() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def _work(kind: str, seeds: Seeds, seed: int, cases: range, folder: Path, board: mmap.mmap) -> None:
    """In the worker; never returns."""
    make, run = KINDS[kind]
    limit = _addresses() + MORE_MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # libtiff comments on every damage
    ends: Counter[str] = Counter()
    slowest, slowest_case = 0.0, 0
    with (folder / "defects.jsonl").open("a") as defects:
        for number in cases:
            board[:] = BOARD.pack(number, slowest, slowest_case)
            data, began = make(seeds, seed, number), time.process_time()
            try:
                ends[run(data, folder)] += 1
            except BaseException as error:  # noqa: BLE001  whatever it is, it was not declared
                where = traceback.extract_tb(error.__traceback__)[-1]
                told = f"{type(error).__name__}: {str(error)[:200]} ({Path(where.filename).name}:{where.lineno})"
                defects.write(json.dumps({"case": number, "what": told}) + "\n")
                defects.flush()
            if (took := time.process_time() - began) > slowest:
                slowest, slowest_case = took, number
            if number % 1000 == 999:
                (folder / "ends.json").write_text(json.dumps(ends))
    (folder / "ends.json").write_text(json.dumps(ends))
    board[:] = BOARD.pack(cases.stop, slowest, slowest_case)
    os._exit(0)


def _watched(worker: int, board: mmap.mmap, tally: Tally, folder: Path, stop: int) -> int:
    """Waits for the worker's end, or ends it where it hangs. Returns the case to go on with."""
    seen, spent, since, hung = -1, 0.0, 0.0, False
    while True:
        ended, status, took = os.wait4(worker, os.WNOHANG)
        if ended:
            break
        number = BOARD.unpack(board[:])[0]
        if number != seen:
            seen, spent, since = number, _processor_seconds(worker), time.monotonic()
        hung = _processor_seconds(worker) - spent > HANG_SECONDS or time.monotonic() - since > STILL_SECONDS
        if hung:
            os.kill(worker, signal.SIGKILL)
            _, status, took = os.wait4(worker, 0)
            break
        time.sleep(0.05)
    number, slowest, slowest_case = BOARD.unpack(board[:])
    if slowest > tally.slowest_seconds:
        tally.slowest_seconds, tally.slowest_case = slowest, slowest_case
    tally.peak_mib = max(tally.peak_mib, took.ru_maxrss / 1024)
    _gather(folder, tally)
    if status == 0 and number >= stop:
        return stop
    what = "hang" if hung else f"the process ended with {os.waitstatus_to_exitcode(status)}"
    tally.defects.append({"case": number, "what": what})
    return int(number) + 1


def _processor_seconds(worker: int) -> float:
    fields = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _gather(folder: Path, tally: Tally) -> None:
    """What the worker wrote down."""
    ends, defects = folder / "ends.json", folder / "defects.jsonl"
    if ends.exists():
        tally.ends.update(json.loads(ends.read_text()))
        ends.unlink()
    if defects.exists():
        tally.defects += [json.loads(line) for line in defects.read_text().splitlines()]
        defects.unlink()


def _addresses() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
