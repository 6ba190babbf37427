"""What must hold after whatever happened: each breach is counted as lost, doubled, mischarged, left over or illegal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

KINDS = ("lost", "doubled", "mischarged", "left_over", "illegal")
MAX_ATTEMPTS = 3
FIRST = {"entry": "", "dataset": "inspecting"}
"""What comes before the first change that is written down."""
Facts = dict[str, Any]


@dataclass(frozen=True)
class Violation:
    """One breach: its kind and a sentence."""

    kind: str
    detail: str


@dataclass
class Entered:
    """What people did: entries and datasets that the site confirmed, and how often they asked."""

    entries: list[str] = field(default_factory=list)
    entry_tries: int = 0
    datasets: list[str] = field(default_factory=list)
    dataset_tries: int = 0


def violations(entered: Entered, facts: Facts, leftovers: list[str]) -> list[Violation]:
    """Everything that is wrong."""
    return [
        *_missing("entry", entered.entries, entered.entry_tries, facts["entries"]),
        *_missing("dataset", entered.datasets, entered.dataset_tries, facts["datasets"]),
        *of_records(facts),
        *(Violation("left_over", each) for each in leftovers),
    ]


def of_records(facts: Facts) -> list[Violation]:
    """What is wrong with entries, datasets and boards by themselves."""
    found: list[Violation] = []
    for entry in facts["entries"]:
        found += [*_subject("entry", entry, facts["next"]), *_score(entry), *_quota(entry)]
    for dataset in facts["datasets"]:
        found += [*_subject("dataset", dataset, facts["next"]), *_blame(dataset)]
    return [*found, *_boards(facts)]


def _missing(what: str, confirmed: list[str], tries: int, there: list[Facts]) -> Iterator[Violation]:
    known = {each["id"] for each in there}
    for each in confirmed:
        if each not in known:
            yield Violation("lost", f"{what} {each} was confirmed and is not there")
    if len(there) > tries:
        yield Violation("doubled", f"{len(there)} of kind {what} came of {tries} requests")


def _subject(what: str, subject: Facts, allowed: dict[str, dict[str, list[str]]]) -> Iterator[Violation]:
    name = f"{what} {subject['id']}"
    if not subject["is_final"]:
        yield Violation("lost", f"{name} never ended: it is {subject['status']}")
    if subject["status"] == "error" and subject["attempt"] < MAX_ATTEMPTS:
        yield Violation("lost", f"{name} was given up after {subject['attempt']} attempts")
    for number, _, has_ended in subject["attempts"]:
        if not has_ended:
            yield Violation("lost", f"attempt {number} of {name} never ended")
    if [number for number, _, _ in subject["attempts"]] != list(range(1, subject["attempt"] + 1)):
        yield Violation("illegal", f"{name} is at attempt {subject['attempt']}; there are {subject['attempts']}")
    last, last_attempt = FIRST[what], 1
    for attempt, before, after, why in subject["transitions"]:
        if before != last or (before and after not in allowed[what][before]):
            yield Violation("illegal", f"{name} went from {before or 'nothing'} to {after}, after {last}: {why}")
        if not last_attempt <= attempt <= last_attempt + 1:
            yield Violation("illegal", f"{name} went from attempt {last_attempt} to {attempt}")
        last, last_attempt = after, attempt
    if last != subject["status"]:
        yield Violation("illegal", f"{name} is {subject['status']}, and its last change was to {last}")


def _score(entry: Facts) -> Iterator[Violation]:
    name, is_scored = f"entry {entry['id']}", entry["status"] == "scored"
    times = sum(after == "scored" for _, _, after, _ in entry["transitions"])
    predicted = sum(outcome == "predicted" for _, outcome, _ in entry["attempts"])
    if times > 1 or entry["results"] > 1 or predicted > 1:
        yield Violation("doubled", f"{name} was scored {times} times, with {entry['results']} results")
    if is_scored and entry["results"] == 0:
        yield Violation("lost", f"{name} is scored and has no result")
    if not is_scored and entry["results"]:
        yield Violation("illegal", f"{name} is {entry['status']} and has a result")
    if is_scored and abs(entry["accuracy"] - entry["expected"]) > 1e-12:
        yield Violation("illegal", f"{name} has {entry['accuracy']} and should have {entry['expected']}")


def _quota(entry: Facts) -> Iterator[Violation]:
    if entry["status"] == "failed":
        yield Violation("mischarged", f"entry {entry['id']} was blamed on its data: {entry['transitions'][-1][3]}")
        return
    due = {"scored": "charged", "error": "released"}.get(entry["status"])
    if entry["status"] == "cancelled":
        due = "released" if entry["transitions"][-1][1] == "queued" else "charged"
    if due and entry["quota"] != due:
        yield Violation("mischarged", f"entry {entry['id']} is {entry['status']} and {entry['quota']}, not {due}")


def _blame(dataset: Facts) -> Iterator[Violation]:
    if dataset["status"] == "refused":
        why = dataset["transitions"][-1][3] if dataset["transitions"] else ""
        yield Violation("mischarged", f"dataset {dataset['id']} was refused, and is good: {why}")


def _boards(facts: Facts) -> Iterator[Violation]:
    for board in facts["boards"]:
        for order, rows in board.items():
            for column, what in ((0, "entry"), (1, "team")):
                for each, times in Counter(row[column] for row in rows).items():
                    if times > 1:
                        yield Violation("doubled", f"{what} {each} stands {times} times on the board by {order}")
            for each, _ in rows:
                if each not in facts["scored"]:
                    yield Violation("illegal", f"entry {each} stands on the board by {order} and is not scored")
