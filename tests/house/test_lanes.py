"""What runs side by side: the list that two processes eat from both ends."""

from pathlib import Path

import pytest

from tests.lanes import COMPUTING, TOGETHER, WAITING, eats_from_the_back, place_of, unit_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("named", [*TOGETHER, *WAITING, *COMPUTING])
def test_what_the_list_names_is_there(named: str) -> None:
    assert (ROOT / named).exists()


def test_a_file_is_run_by_one_process_and_a_folder_that_shares_something_too() -> None:
    assert unit_of("tests/pages/test_out.py::test_a[x::y]") == "tests/pages/test_out.py"
    assert unit_of("tests/uploads/test_part.py::test_a") == "tests/uploads"
    assert unit_of("tests/faults/containment/test_b.py::test_b") == "tests/faults/containment"
    assert unit_of("tests/faults/test_cancel.py::test_c") == "tests/faults"


def test_what_waits_lies_first_and_what_computes_last_each_with_the_longest_at_its_end() -> None:
    files = ("keras/test_a.py", "pages/test_b.py", "worker/test_c.py", "e2e/test_d.py", "faults/test_e.py")
    ordered = sorted((f"tests/{file}::test" for file in files), key=place_of)
    assert [path.split("/")[1] for path in ordered] == ["faults", "worker", "pages", "e2e", "keras"]


def test_the_order_within_a_unit_is_pytests_own() -> None:
    assert place_of("tests/pages/test_out.py::test_b") == place_of("tests/pages/test_out.py::test_a")
    assert place_of("tests/access/test_forged.py::test_b") == place_of("tests/access/test_coverage.py::test_a")


def test_every_second_process_begins_at_the_back() -> None:
    assert [eats_from_the_back(f"gw{number}") for number in range(4)] == [False, True, False, True]
