"""What people are told is a test: marked for translation where it is made, or known to those who say it to them."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from fixpoint.sayings.saying import COUNTED, SENTENCES, said
from tests.house.texts import HOLE, ROOT, Text, is_sentence, texts_of

PLATFORM = ROOT / "platform" / "fixpoint"
APPS = ("accounts", "tasks", "teams", "datasets", "uploads", "submissions", "leaderboard", "organizing", "pages")
AT_A_TERMINAL = {
    "management", "migrations", "doctor", "blob_columns.py", "demonstration.py", "entering.py", "isolation.py",
    "retention.py", "waiting.py", "database.py", "retention_table.py",
}  # fmt: skip
"""Folders and files that speak to whoever runs the site, in its terminal."""
TO_PROGRAMMERS = {
    "ValueError", "TypeError", "RuntimeError", "ImproperlyConfigured", "ForGoodError", "LookupError", "SignatureError",
    "UnfitBitsError", "NoThumbnailError", "removeprefix", "add_argument", "ArgumentParser",
}  # fmt: skip
TO_PROGRAMS = {
    ("accounts/pace_page.py", "Too many requests. Try again in {} seconds.\n"),
    ("fixed_model/faults.py", "can't allocate memory"),
    ("fixed_model/faults.py", "Cannot allocate memory"),
    ("tasks/bundle_fields.py", "Fixpoint task"),
    (
        "tasks/bundle_text.py",
        "# SECRET: the hidden labels and the key that parts them. Who has this file can win the task.\n",
    ),
    ("pages/certificate_page.py", "Disqualified: it stands on no board."),
    ("pages/certificate_page.py", "Place {} of {}, {}"),
    ("pages/preview_picture.py", "CO2, standardised"),
    ("pages/preview_picture.py", "accuracy on hidden images, {}"),
    ("pages/preview_picture.py", "Fixpoint: the model is a fixed point, the data moved."),
    ("submissions/events/application.py", "The database does not answer.\n"),
    (
        "submissions/events/places.py",
        "Too many pages are being followed at the moment. This one asks by itself meanwhile.\n",
    ),
    ("submissions/events/places.py", "You follow {} pages already. This one asks by itself meanwhile.\n"),
}
"""Answers that a program reads, and pictures that are one for all readers: in the site's own language."""
MADE_OF_PARTS = {
    "Refused for {} reason{}: each is listed with what to do. {}": (
        "Refused for 7 reasons: each is listed with what to do."
    ),
    "'{}' is no class of this task; its folder holds {}.{}": "'x' is no class of this task; its folder holds 1 file.",
    "{} in a folder that is neither train nor val.": "7 files in a folder that is neither train nor val.",
    "{} was {}.": "The entry of x of 2026-11-23 was disqualified: copied.",
    "The entry of {} of {}": "The entry of x of 2026-11-23 changed.",
    "{} changed.": "The entry of x of 2026-11-23 changed.",
    "{} was withdrawn by its team.": "The entry of x of 2026-11-23 was withdrawn by its team.",
    "{} was run again: its measured energy is now the median of {} runs; places stay.": (
        "The entry of x of 2026-11-23 was run again: its measured energy is now the median of 3 runs; places stay."
    ),
    " Did you mean '{}/'? Call it '{}/', at the top or under one top folder.": (
        "Did you mean 'x/'? Call it 'train/', at the top or under one top folder."
    ),
}
"""Kept sentences whose words are put together in the code, with one as it is kept."""
KEPT = {"why", "reason", "detail", "also", "what"}
"""What is kept is handed on by these names."""
READERS = ("archive", "directory", "faults", "images", "ingest", "layout", "names")
"""Modules of the locked model whose words reach people."""


@pytest.mark.parametrize("app", APPS)
def test_what_an_app_says_to_people_is_marked_for_translation(app: str) -> None:
    told = [
        each
        for path in sorted((PLATFORM / app).rglob("*.py"))
        if AT_A_TERMINAL.isdisjoint(path.relative_to(PLATFORM).parts)
        for each in texts_of(path)
        if is_sentence(each.words)
        and each.keyword not in {"help_text", "description"}
        and each.given_to not in TO_PROGRAMMERS
    ]

    assert _unsaid(told) == []


def test_no_refusal_is_raised_with_words_that_nobody_translates() -> None:
    raised = [
        each
        for app in APPS
        for path in sorted((PLATFORM / app).rglob("*.py"))
        if AT_A_TERMINAL.isdisjoint(path.relative_to(PLATFORM).parts)
        for each in texts_of(path)
        if each.is_raised and each.given_to.endswith("Error") and each.given_to not in TO_PROGRAMMERS
    ]

    assert _unsaid([each for each in raised if re.search(r"[A-Za-z] [A-Za-z]", each.words.replace(HOLE, ""))]) == []


def test_what_is_kept_with_an_entry_or_a_dataset_is_a_sentence_that_is_known() -> None:
    kept = [
        each
        for app in ("tasks", "teams", "datasets", "submissions", "leaderboard")
        for path in sorted((PLATFORM / app).rglob("*.py"))
        for each in texts_of(path)
        if each.keyword in KEPT and re.search(r"[a-z]{3}", each.words)
    ]

    assert kept
    assert _unsaid(kept) == []


@pytest.mark.parametrize("path", ["worker/fault.py", "platform/fixpoint/archives/directory.py"])
def test_what_is_found_in_a_zip_or_ends_a_run_is_a_sentence_that_is_known(path: str) -> None:
    told = [each for each in texts_of(ROOT / path) if _is_of_words(each)]

    assert told
    assert _unsaid(told) == []


@pytest.mark.parametrize("module", READERS)
def test_what_the_locked_model_says_of_an_image_is_a_sentence_that_is_known(module: str) -> None:
    told = [each for each in texts_of(ROOT / "fixed_model" / f"{module}.py") if _is_of_words(each)]

    assert told
    assert _unsaid(told) == []


@pytest.mark.parametrize("kept", sorted(set(MADE_OF_PARTS.values())))
def test_a_sentence_that_is_put_together_is_said_all_the_same(kept: str) -> None:
    with translation.override("fr"):
        assert said(kept) != kept


@pytest.mark.parametrize("words", ["Its data are lost.", f"{HOLE} is no such thing"])
def test_a_sentence_that_nobody_knows_is_found(words: str) -> None:
    assert _unsaid([Text("x.py", 1, words, "", "", is_raised=False)])


def _is_of_words(text: Text) -> bool:
    return bool(re.search(r"[a-z,] [a-z{]", text.words)) and text.given_to not in TO_PROGRAMMERS


def _unsaid(texts: list[Text]) -> list[str]:
    return [
        f"{each.path}:{each.line}: {each.words}"
        for each in texts
        if not _is_known(each.words) and not _is_for_programs(each)
    ]


def _is_for_programs(text: Text) -> bool:
    inside = Path(text.path)
    relative = inside.relative_to("platform/fixpoint").as_posix() if "fixpoint" in inside.parts else text.path
    return (relative, text.words) in TO_PROGRAMS


_PLACE = re.compile(r"%\(\w+\)s")
_KNOWN = {_PLACE.sub(HOLE, each) for each in (*SENTENCES, *(form for one, many, _ in COUNTED for form in (one, many)))}


def _is_known(words: str) -> bool:
    own = re.sub(r"\{\w+\}", HOLE, words.strip())
    beside = re.sub(r"^\{\} |(?: \{\})+$|\{\}$", "", own)  # another sentence before or behind
    return any(each in _KNOWN for each in (own, beside, _lowered(own))) or words in MADE_OF_PARTS


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:].removesuffix(".")
