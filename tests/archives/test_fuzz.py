"""A short run of the fuzzer finds nothing; and it would find what there is to find."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.archives.fuzz import cases, watch
from tests.archives.fuzz.cases import archive_case, image_case
from tests.archives.fuzz.seeds import Seeds, seeds


@pytest.fixture(scope="module")
def material() -> Seeds:
    return seeds()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("kind", "count"), [("images", 3_000), ("archives", 2_000)])
def test_thousands_of_mutations_end_in_a_verdict(material: Seeds, kind: str, count: int) -> None:
    tally = watch.fuzz(kind, material, 7, range(count))
    assert tally.defects == []
    assert sum(tally.ends.values()) == count
    assert tally.ends["accepted"] > count // 100


def test_a_case_is_known_by_its_number(material: Seeds) -> None:
    for case in (archive_case, image_case):
        assert case(material, 1, 5) == case(material, 1, 5)
        assert len({case(material, 1, number) for number in range(50)}) > 40


def _fails(data: bytes, folder: Path) -> str:
    raise OverflowError("too large")


def _stands_still(data: bytes, folder: Path) -> str:
    time.sleep(3600)
    return ""


def _runs_forever(data: bytes, folder: Path) -> str:
    while True:
        pass


def _dies(data: bytes, folder: Path) -> str:
    os.abort()


def _grows(data: bytes, folder: Path) -> str:
    return str(len(bytearray(2**30)))


@pytest.mark.parametrize(
    ("run", "told"),
    [
        (_fails, "OverflowError"),
        (_stands_still, "hang"),
        (_runs_forever, "hang"),
        (_dies, "ended with -6"),
        (_grows, "MemoryError"),
    ],
)
def test_a_defect_is_told_with_its_case_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, material: Seeds, run: Callable[[bytes, Path], str], told: str
) -> None:
    bad = image_case(material, 7, 2)
    monkeypatch.setattr(watch, "HANG_SECONDS", 1)
    monkeypatch.setattr(watch, "STILL_SECONDS", 2)
    monkeypatch.setitem(
        cases.KINDS, "images", (image_case, lambda data, folder: run(data, folder) if data == bad else "fine")
    )
    tally = watch.fuzz("images", material, 7, range(5))
    assert [defect["case"] for defect in tally.defects] == [2]
    assert told in str(tally.defects[0]["what"])
    assert tally.ends["fine"] >= 2  # those behind it; the counts of those before end with a worker that is killed
