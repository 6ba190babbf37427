"""Every kind of archive goes its real way: refused by its rule in two seconds and 256 MiB, or accepted."""

from pathlib import Path

import pytest

from fixed_model.ingest import ingest
from fixed_model.limits import Limits
from fixed_model.packing import Request
from fixpoint.datasets.rules import catalogue
from tests.archives.accept.table import ACCEPT
from tests.archives.classes import CLASSES
from tests.archives.judge import REQUEST, RULES, judged
from tests.archives.reject.table import REJECT

MOST_SECONDS, MOST_MIB = 2, 256


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("kind", REJECT)
def test_it_is_refused_by_its_rule_in_time_and_memory(kind: str, tmp_path: Path) -> None:
    rule, make = REJECT[kind]
    make(tmp_path / "hostile.zip")
    found = judged(tmp_path / "hostile.zip", tmp_path)
    assert rule in found.rules
    assert found.rules <= {known.code for known in catalogue(RULES)}
    assert found.mib <= MOST_MIB
    tries = [found.seconds]
    while min(tries) > MOST_SECONDS and len(tries) < 3:  # neighbours only ever add to it
        tries.append(judged(tmp_path / "hostile.zip", tmp_path).seconds)
    assert min(tries) <= MOST_SECONDS


@pytest.mark.parametrize("kind", ACCEPT)
def test_what_honest_programs_write_is_accepted(kind: str, tmp_path: Path) -> None:
    ACCEPT[kind](tmp_path / "honest.zip")
    found = judged(tmp_path / "honest.zip", tmp_path)
    assert (found.stage, found.rules) == ("outcome", frozenset())
    assert (tmp_path / "pack.safetensors").stat().st_size > 8 * 32 * 32


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", REJECT)
def test_ingestion_ends_with_an_outcome_even_where_no_inspection_came_before(kind: str, tmp_path: Path) -> None:
    REJECT[kind][1](tmp_path / "hostile.zip")
    request = Request("splits", list(CLASSES), Limits(**REQUEST["limits"]), sheet_per_class=1, input_size=32)
    ingest(request, tmp_path / "hostile.zip", tmp_path)
    assert (tmp_path / "outcome.json").stat().st_size <= 2**20


def test_every_rule_has_a_kind_but_the_size_of_the_archive() -> None:
    assert {rule for rule, _ in REJECT.values()} == {known.code for known in catalogue(RULES)} - {"archive-too-big"}
