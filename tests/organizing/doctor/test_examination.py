"""Checks run one after the other, each for its time, and none hides another."""

import threading
import time

from fixpoint.organizing.doctor.check import Check, examination
from worker.contract import Finding, Level


def well() -> Finding:
    return Finding(Level.OK, "fine")


def ill() -> Finding:
    return Finding(Level.FAIL, "broken", "mend it")


def broken() -> Finding:
    raise ValueError("a part that nobody thought of")


def test_findings_come_in_order_with_the_names_of_their_checks():
    found = list(examination([Check("one", well, ""), Check("two", ill, "")]))
    assert [(each.check, each.level) for each in found] == [("one", "ok"), ("two", "FAIL")]


def test_a_check_that_breaks_is_a_finding_and_the_next_is_made_all_the_same():
    first, second = examination([Check("one", broken, "look there"), Check("two", well, "")])
    assert (first.level, first.advice) == (Level.FAIL, "look there")
    assert "ValueError: a part that nobody thought of" in first.found
    assert second.level is Level.OK


def test_a_check_that_hangs_is_left_behind_after_its_time():
    forever = threading.Event()

    def hang() -> Finding:
        forever.wait()
        return well()

    began = time.monotonic()
    first, second = examination([Check("one", hang, "look there", seconds=0.2), Check("two", well, "")])
    assert time.monotonic() - began < 5
    assert (first.level, first.advice, second.level) == (Level.FAIL, "look there", Level.OK)
    assert "no answer within" in first.found
    forever.set()


def test_what_stands_on_a_failed_check_is_not_run_and_says_so_down_the_line():
    ran = []
    checks = [
        Check("one", ill, ""),
        Check("two", lambda: ran.append("two") or well(), "", needs=("one",)),
        Check("three", lambda: ran.append("three") or well(), "", needs=("two",)),
        Check("four", well, ""),
    ]
    found = list(examination(checks))
    assert [each.level for each in found] == ["FAIL", "warn", "warn", "ok"]
    assert found[1].line == "warn  two                  not checked → see one first"
    assert ran == []


def test_a_warning_stops_nobody():
    checks = [Check("one", lambda: Finding(Level.WARN, "so so", "hm"), ""), Check("two", well, "", needs=("one",))]
    assert [each.level for each in examination(checks)] == ["warn", "ok"]


def test_a_finding_is_one_line_whatever_was_found():
    assert Finding(Level.FAIL, "two\nlines", "do\n this", check="part").line == (
        "FAIL  part                 two lines → do this"
    )
