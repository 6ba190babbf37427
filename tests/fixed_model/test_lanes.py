"""Work over processes: results in order, ends told as they are, nobody left behind."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixed_model.ingest import PIECE
from fixed_model.lanes import MOST, LostError, Work
from tests.fixed_model.archives import outcome_of, reasons, request, small_dataset, zipped
from tests.fixed_model.left import children

LANES = [1, 2, 5]


@pytest.fixture(autouse=True)
def _no_process_is_left() -> Iterator[None]:
    before = children()
    yield
    assert children() <= before


def nothing() -> None: ...


def slower_first(number: int) -> tuple[int, int]:
    time.sleep(0.02 if number % 3 == 0 else 0)
    return number, os.getpid()


@pytest.mark.parametrize("lanes", LANES)
def test_results_come_in_order_whoever_is_done_first(lanes: int) -> None:
    found = list(Work(30, slower_first, nothing).results(lanes))
    assert [number for number, _ in found] == list(range(30))
    assert (os.getpid() in {pid for _, pid in found}) == (lanes == 1)


def test_each_process_prepares_itself_once() -> None:
    seen: list[int] = []
    found = list(Work(20, lambda _: (os.getpid(), len(seen)), lambda: seen.append(1)).results(2))
    assert {times for _, times in found} == {1}
    assert not seen


@pytest.mark.parametrize("lanes", LANES)
def test_want_of_memory_arrives_as_such(lanes: int) -> None:
    def hungry(number: int) -> int:
        if number == 7:
            raise MemoryError
        return number

    with pytest.raises(MemoryError):
        list(Work(30, hungry, nothing).results(lanes))


def test_a_process_that_is_killed_is_told_with_its_signal() -> None:
    def killed(number: int) -> int:
        if number == 7:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    with pytest.raises(LostError) as raised:
        list(Work(30, killed, nothing).results(2))
    assert raised.value.status == -signal.SIGKILL


def test_an_error_of_ours_is_printed_and_ends_the_work(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(LostError) as raised:
        list(Work(4, lambda number: 1 // (number - 2), nothing).results(2))
    assert raised.value.status == 1
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_who_stops_listening_ends_them_all() -> None:
    results = Work(MOST, lambda number: bytes(10**5) + bytes([number % 256]), nothing).results(2)
    next(results)
    results.close()  # type: ignore[attr-defined]


def test_more_pieces_than_a_pipe_holds_are_no_work() -> None:
    with pytest.raises(ValueError, match="more than"):
        Work(MOST + 1, slower_first, nothing)


@pytest.mark.parametrize("lanes", LANES[1:])
def test_an_archive_becomes_the_same_files_however_many_read_it(lanes: int, tmp_path: Path) -> None:
    archive = zipped(tmp_path / "archive.zip", small_dataset(each=PIECE))
    for name, threads in (("alone", 1), ("beside", lanes)):
        assert outcome_of(archive, tmp_path / name, request(threads=threads))["outcome"] == "done"
    alone, beside = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("alone", "beside")
    )
    assert alone == beside


def test_refusals_are_the_same_and_in_the_same_order(tmp_path: Path) -> None:
    files = small_dataset(each=PIECE) | {f"train/i/broken-{number}.png": b"no image" for number in range(2 * PIECE)}
    archive = zipped(tmp_path / "archive.zip", files)
    alone, beside = (outcome_of(archive, tmp_path / f"{n}", request(threads=n, images=1000)) for n in (1, 2))
    assert alone == beside
    assert ("not-an-image", "train/i/broken-0.png") in reasons(alone)
