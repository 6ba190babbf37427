"""The table of docs/sandboxes.md names for every limit the tests that show it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAD = "| | docker | bubblewrap | process | shown by |"
CONTAINMENT = ROOT / "tests" / "faults" / "containment"


def rows() -> dict[str, str]:
    """What shows each limit, by the limit's name."""
    lines = (ROOT / "docs" / "sandboxes.md").read_text().partition(HEAD)[2].splitlines()[2:]
    table = [line.strip("|").split("|") for line in lines[: lines.index("")]]
    return {cells[0].strip(): cells[-1].strip() for cells in table}


def test_the_table_is_there() -> None:
    assert len(rows()) > 20


@pytest.mark.parametrize(("limit", "shown"), rows().items(), ids=rows().keys())
def test_every_limit_is_shown_by_tests_that_are_there(limit: str, shown: str) -> None:
    files = [
        ROOT / name.strip("`") if name.startswith("`") else CONTAINMENT / f"test_contained_{name}.py"
        for name in shown.split(", ")
    ]

    assert [file for file in files if not file.is_file()] == []


def test_every_file_of_hostile_programs_is_named() -> None:
    named = set(", ".join(rows().values()).split(", "))
    text = (ROOT / "docs" / "sandboxes.md").read_text()

    for file in CONTAINMENT.glob("test_*.py"):
        name = re.sub(r"^test_contained_", "", file.stem)
        assert name in named or str(file.relative_to(ROOT)) in text
