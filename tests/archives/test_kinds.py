"""Every kind of archive goes its real way: refused by its rule in two seconds and 256 MiB, or accepted."""

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fixed_model.ingest import ingest
from fixed_model.limits import Limits
from fixed_model.packing import Request
from fixpoint.datasets.archive import inspect
from fixpoint.datasets.rules import catalogue
from tests.archives.accept.table import ACCEPT
from tests.archives.classes import CLASSES
from tests.archives.judge import REQUEST, RULES, judged
from tests.archives.reject.table import REJECT

MOST_SECONDS, MOST_MIB = 2, 256


@pytest.fixture(scope="module", params=REJECT)
def hostile(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The rule that should name it, and the archive: forged once for all tests of its kind."""
    rule, make = REJECT[request.param]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Duplicate name")
        make(path := tmp_path_factory.mktemp("forged") / "hostile.zip")
    yield rule, path
    path.unlink()


def test_it_is_refused_by_its_rule_in_time_and_memory(hostile: tuple[str, Path], tmp_path: Path) -> None:
    rule, archive = hostile
    found = judged(archive, tmp_path)
    assert rule in found.rules
    assert found.rules <= {known.code for known in catalogue(RULES)}
    assert found.mib <= MOST_MIB
    tries = [found.seconds]
    while min(tries) > MOST_SECONDS and len(tries) < 3:  # neighbours only ever add to it
        tries.append(judged(archive, tmp_path).seconds)
    assert min(tries) <= MOST_SECONDS


@pytest.mark.filterwarnings("ignore")
def test_ingestion_ends_with_an_outcome_even_where_no_inspection_came_before(
    hostile: tuple[str, Path], tmp_path: Path
) -> None:
    ingested(hostile[1], tmp_path, sheet_per_class=1)
    assert (tmp_path / "outcome.json").stat().st_size <= 2**20


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ACCEPT)
def test_what_honest_programs_write_is_accepted(kind: str, tmp_path: Path) -> None:
    archive = tmp_path / "honest.zip"
    ACCEPT[kind](archive)
    assert inspect(archive, RULES).refusal_counts == {}
    assert ingested(archive, tmp_path, sheet_per_class=12).get("refusal_counts", {}) == {}
    assert (tmp_path / "pack.safetensors").stat().st_size > 8 * 32 * 32


def ingested(archive: Path, folder: Path, *, sheet_per_class: int) -> dict[str, Any]:
    """The outcome. In this process: what ingestion takes is judged above, where archives mean harm."""
    request = Request("splits", list(CLASSES), Limits(**REQUEST["limits"]), sheet_per_class, input_size=32)
    ingest(request, archive, folder)
    return json.loads((folder / "outcome.json").read_bytes())


def test_every_rule_has_a_kind_but_the_size_of_the_archive() -> None:
    assert {rule for rule, _ in REJECT.values()} == {known.code for known in catalogue(RULES)} - {"archive-too-big"}
