"""The language is a test: every text of the site stands in every catalog, translated, with what is filled into it."""

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings

from tests.house import catalogs

OTHERS = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
_FILLED_IN = re.compile(r"%\(\w+\)[sdf]|%[sd]|\{\w*\}|</?\w+[^>]*>|&\w+;")


@pytest.fixture(scope="module")
def texts() -> Catalog:
    return catalogs.found()


def test_there_are_other_languages_than_english() -> None:
    assert OTHERS == ["fr", "es"]


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_and_no_translation_is_of_nothing(language: str, texts: Catalog) -> None:
    kept = catalogs.kept(language)

    missing = [each.id for each in texts if each.id and not _is_there(kept, each)]
    idle = [each.id for each in kept if each.id and texts.get(_first(each), each.context) is None]
    fuzzy = [each.id for each in kept if each.id and each.fuzzy]

    assert (missing, idle, fuzzy) == ([], [], []), "python -m tests.house.catalogs, then translate"


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_is_filled_in_as_its_text_is(language: str) -> None:
    wrong = [
        (text, form)
        for each in catalogs.kept(language)
        if each.id
        for text, form in _pairs(each)
        if Counter(_FILLED_IN.findall(text)) != Counter(_FILLED_IN.findall(form))
        or text.startswith("\n") != form.startswith("\n")
        or text.endswith("\n") != form.endswith("\n")
    ]

    assert not wrong


@pytest.mark.parametrize("language", OTHERS)
def test_what_django_reads_is_what_people_write(language: str) -> None:
    folder = Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES"

    with (folder / "django.po").open("rb") as file:
        made = catalogs.compiled(read_po(file, locale=language))

    assert (folder / "django.mo").read_bytes() == made, "python -m tests.house.catalogs"


def _is_there(kept: Catalog, text: Message) -> bool:
    found = kept.get(_first(text), text.context)
    return found is not None and found.id == text.id and catalogs.is_translated(found)


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _pairs(message: Message) -> list[tuple[str, str]]:
    """Each form with the text that it stands for; one that leaves the number out may, where its text has one."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    return [(message.id[1], form) for form in message.string[1:]]
