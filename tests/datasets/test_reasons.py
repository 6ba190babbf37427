"""Reasons against an archive: all counted, some of every kind kept, each fit to be shown."""

from fixpoint.datasets import reasons as module
from fixpoint.datasets.reasons import MOST_KEPT, PATH_SHOWN, Reasons
from fixpoint.datasets.rules import SHOWN_PER_RULE, Refusal


def test_a_flood_of_one_kind_hides_no_other(monkeypatch) -> None:
    monkeypatch.setattr(module, "KEPT", 20)
    reasons = Reasons()
    reasons.note("encrypted", range(1000), str, lambda _: "The file is encrypted.")
    reasons.add(Refusal("damaged-entry", f"{n}", "Broken.") for n in range(1000))
    assert reasons.counts == {"encrypted": 1000, "damaged-entry": 1000}
    assert [each.rule for each in reasons.kept] == ["encrypted"] * 20 + ["damaged-entry"] * SHOWN_PER_RULE


def test_what_is_only_counted_is_not_put_into_words(monkeypatch) -> None:
    monkeypatch.setattr(module, "KEPT", 5)
    told: list[int] = []
    Reasons().note("encrypted", range(1000), lambda each: told.append(each) or "", lambda _: "")
    assert len(told) == SHOWN_PER_RULE


def test_a_rule_that_nothing_broke_is_not_counted() -> None:
    reasons = Reasons()
    reasons.note("encrypted", (), str, str)
    assert (reasons.counts, reasons.kept) == ({}, [])


def test_a_path_is_cut_and_what_does_not_print_is_escaped() -> None:
    reasons = Reasons()
    reasons.add([Refusal("unsafe-name", "\x1b[2J" + "a" * 60_000, "Bad\n.")])
    [shown] = reasons.kept
    assert shown.path.startswith("\\u001b[2J")
    assert len(shown.path) <= PATH_SHOWN + 6
    assert shown.detail == "Bad\\u000a."


def test_the_bound_leaves_room_for_ten_of_each_rule() -> None:
    assert MOST_KEPT > module.KEPT + SHOWN_PER_RULE * 18
