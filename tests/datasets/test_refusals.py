"""Refusals are read by rule: the first ten, and the count of the rest."""

from fixpoint.datasets.refusals import grouped
from fixpoint.datasets.rules import ArchiveRules, Refusal

RULES = ArchiveRules(classes=("i", "ii"))


def _many(rule: str, count: int) -> list[Refusal]:
    return [Refusal(rule, f"train/i/{index}.png", "") for index in range(count)]


def test_groups_come_in_the_order_of_the_catalogue() -> None:
    groups = grouped([*_many("damaged-entry", 1), *_many("encrypted", 1), *_many("not-a-zip", 1)], RULES)
    assert [group.rule.code for group in groups] == ["not-a-zip", "encrypted", "damaged-entry"]


def test_ten_of_a_rule_are_shown_and_the_rest_is_counted() -> None:
    (group,) = grouped(_many("encrypted", 25), RULES)
    assert len(group.shown) == 10
    assert (group.total, group.more) == (25, 15)
    assert group.shown[0].path == "train/i/0.png"


def test_a_few_are_all_shown() -> None:
    (group,) = grouped(_many("encrypted", 3), RULES)
    assert (len(group.shown), group.more) == (3, 0)


def test_a_list_that_its_sender_cut_is_counted_by_the_sender() -> None:
    (group,) = grouped(_many("unreadable-image", 12), RULES, totals={"unreadable-image": 4_000})
    assert (group.total, group.more) == (4_000, 3_990)


def test_a_rule_of_a_newer_worker_is_shown_last_and_never_dropped() -> None:
    groups = grouped([*_many("quantum-flux", 1), *_many("encrypted", 1)], RULES)
    assert [group.rule.code for group in groups] == ["encrypted", "quantum-flux"]


def test_nothing_refused_is_no_group() -> None:
    assert grouped([], RULES) == []
