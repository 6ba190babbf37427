"""The catalogue names every rule of the file formats, with the task's limits in its sentences."""

import re
from pathlib import Path

from django.utils import translation

from fixpoint.datasets.rules import MIB, ArchiveRules, catalogue

FORMATS = Path(__file__).parents[2] / "docs" / "formats.md"
RULES = ArchiveRules(
    classes=("i", "ii"),
    images=1234,
    archive_bytes=77 * MIB,
    unpacked_bytes=555 * MIB,
    image_bytes=9 * MIB,
    image_pixels=33_000_000,
)


def test_catalogue_and_documented_formats_have_the_same_codes() -> None:
    listed = re.search(r"^Rules \(a refusal.*?\. Findings", FORMATS.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert listed
    documented = set(re.findall(r"`([a-z-]+)`", listed.group()))
    assert {rule.code for rule in catalogue(RULES)} == documented


def test_rules_are_numbered_from_one_without_gaps_or_repeats() -> None:
    rules = catalogue(RULES)
    assert [rule.number for rule in rules] == list(range(1, len(rules) + 1))
    assert len({rule.title for rule in rules}) == len(rules)


def test_every_rule_says_what_to_do_in_whole_sentences() -> None:
    for rule in catalogue(RULES):
        assert rule.says.endswith(".")
        assert rule.remedy.endswith(".")
        assert "{" not in rule.says + rule.remedy


def test_the_limits_of_the_task_stand_in_the_sentences() -> None:
    sentences = " ".join(f"{rule.says} {rule.remedy}" for rule in catalogue(RULES)).replace("\N{NO-BREAK SPACE}", " ")
    for value in (
        "1,234 images",
        "77.0 MiB",
        "555 MiB",
        "9.0 MiB",
        "33 megapixels",
        "i, ii",
        f"{RULES.entries:,} entries",
    ):
        assert value in sentences


def test_figures_are_written_as_the_reader_writes_them() -> None:
    with translation.override("fr"):
        sentences = " ".join(f"{rule.says} {rule.remedy}" for rule in catalogue(RULES))

    assert "1,234" not in sentences
    assert sentences.count("1\N{NO-BREAK SPACE}234") == 2


def test_there_is_room_for_folders_and_clutter_beside_the_images() -> None:
    assert RULES.entries > 2 * RULES.images


def test_class_names_that_look_like_placeholders_are_only_text() -> None:
    says = " ".join(rule.says for rule in catalogue(ArchiveRules(classes=("{images}", "b"))))
    assert "{images}, b" in says
