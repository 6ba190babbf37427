"""What ran is told in the program's own words, whatever those are."""

from __future__ import annotations

from typing import Any

import pytest

from tests.worker.conftest import LIMITS
from worker.contract import Phase, Provenance, Stage
from worker.verdict import LONGEST_WORD, MOST_SEEDS, provenance

STAGE = Stage(phase=Phase.TRAIN, inputs=(), request={"threads": 3}, outputs=(), limits=LIMITS)


def told(**result: Any) -> Provenance:
    return provenance("fake", "image", STAGE, result)


def test_the_seeds_and_the_kind_of_device_are_those_that_the_program_tells() -> None:
    found = told(seeds=[{"seed": 4, "best_epoch": 1}, {"seed": 2}], device_class="cpu-x86_64-avx512")
    assert (found.seeds, found.device_class) == ((4, 2), "cpu-x86_64-avx512")


@pytest.mark.parametrize("seeds", [None, 7, "01", {"seed": 1}, [1, 2], [{"seed": "1"}], [{}]], ids=str)
def test_seeds_of_another_shape_are_left_out(seeds: object) -> None:
    assert told(seeds=seeds).seeds == ()


def test_a_program_that_says_nothing_has_said_nothing() -> None:
    found = told()
    assert (found.seeds, found.device_class, found.threads) == ((), "", 3)


def test_what_a_program_says_is_cut_to_a_bound() -> None:
    found = told(seeds=[{"seed": number} for number in range(1000)], device_class="x" * 1000)
    assert (len(found.seeds), len(found.device_class)) == (MOST_SEEDS, LONGEST_WORD)
