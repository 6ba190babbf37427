"""Every kind of hostile archive is refused by its rule, quickly and in little memory; honest oddities pass."""

import time
import tracemalloc
from pathlib import Path

import pytest

from fixpoint.datasets.archive import ArchiveRules, inspect
from fixpoint.datasets.rules import catalogue
from tests.datasets.hostile import ACCEPT, CLASSES, REJECT

RULES = ArchiveRules(classes=CLASSES, unpacked_bytes=4 * 2**30 - 1)
MOST_SECONDS = 2
MOST_BYTES = 128 * 2**20


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("kind", REJECT)
def test_it_is_refused_by_its_rule_in_time_and_memory(kind: str, tmp_path: Path) -> None:
    rule, make = REJECT[kind]
    path = tmp_path / "hostile.zip"
    make(path)
    began = time.process_time()
    found = inspect(path, RULES)
    assert time.process_time() - began < MOST_SECONDS
    assert rule in {refusal.rule for refusal in found.refusals}
    assert {refusal.rule for refusal in found.refusals} <= {known.code for known in catalogue(RULES)}


@pytest.mark.parametrize("kind", ["60,000 entries", "60,000 entries concealed", "a directory of four gigabytes"])
def test_a_flood_is_refused_in_little_memory(kind: str, tmp_path: Path) -> None:
    _, make = REJECT[kind]
    path = tmp_path / "flood.zip"
    make(path)
    tracemalloc.start()
    inspect(path, RULES)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < MOST_BYTES


@pytest.mark.parametrize("kind", ACCEPT)
def test_what_honest_programs_write_is_clean(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "honest.zip"
    ACCEPT[kind](path)
    found = inspect(path, RULES)
    assert found.refusals == ()
    assert found.images >= 8


def test_every_rule_that_a_directory_can_show_has_a_kind_here() -> None:
    decoded = {"not-an-image", "unreadable-image", "image-too-many-pixels"}
    counted = {"archive-too-big", "too-many-images"}
    known = {rule.code for rule in catalogue(RULES)}
    assert {rule for rule, _ in REJECT.values()} == known - decoded - counted
