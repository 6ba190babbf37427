"""A kept English sentence in the reader's language; one that is not known here is shown as it came."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice

from django.conf import settings
from django.utils.formats import get_format
from django.utils.translation import get_language, gettext, ngettext

from fixpoint.sayings import of_archives, of_datasets, of_entries, of_fields, of_images, of_runs, of_teams
from fixpoint.sayings.patterns import PLACE, Pattern, pattern_of

SENTENCES = (
    *of_archives.SENTENCES,
    *of_images.SENTENCES,
    *of_runs.SENTENCES,
    *of_datasets.SENTENCES,
    *of_entries.SENTENCES,
    *of_teams.SENTENCES,
    *of_fields.SENTENCES,
)
COUNTED = of_entries.COUNTED
"""Singular, plural, and the place of their number: marked for translation where they are made."""
_LONGEST = 2_000
"""Longer texts are logs and what people wrote."""
_ENDS = 8
"""Ends of sentences at which a known one may end: names of people and folders in it may hold some."""
_FILES = re.compile(r"; (?=[^;]*: )")
"""Between files with a reason each, as was kept before they had a line each: a reason may hold "; " itself."""
_SENTENCE_END = re.compile(r"(?<=[.?!]) (?=\S)")
_SAID = {"why", "phase", "scope"}
"""Places that are filled with what is itself a kept sentence."""
_AMOUNTS = {"allowed", "used"}
_FIGURES = {
    "bytes", "count", "entries", "found", "grams", "high", "images", "low", "mean", "more", "most", "over", "packed",
    "ratio", "share", "size", "told", "unpacked",
}  # fmt: skip
_FIGURE = re.compile(r"\d[\d,]*(\.\d+)?( [KMG]iB)?")
_UNIT = re.compile(r"(?<![\d.,])([\d.,]{1,20}) (hour|minute|second|file)s?")
_LOOK = 4
"""Signs of a beginning and of an end by which sentences are looked up."""


def said(text: str) -> str:
    """All of it, where each sentence of it is known; else what is known of its beginning, and the rest as it came."""
    language = get_language() or settings.LANGUAGE_CODE
    if not text or len(text) > _LONGEST or language == settings.LANGUAGE_CODE:
        return text
    return " ".join(_said_in_turn(text))


def said_each(text: str) -> list[str]:
    """Of files with a reason each, as of a task's material: each of them said, however long they are together."""
    return [said(each) for each in _files(text)[0]]


def _said_in_turn(rest: str) -> Iterator[str]:
    """The first sentence first: what fills a place may be many."""
    while beginning := _beginning(rest):
        told, rest = beginning
        yield told
    yield _whole(rest) or _listed(rest) or rest


def _beginning(text: str) -> tuple[str, str] | None:
    """What is known of its beginning, and the rest behind it."""
    for found in islice(_SENTENCE_END.finditer(text), _ENDS):
        if told := _whole(text[: found.start()]):
            return told, text[found.end() :]
    return None


def _listed(text: str) -> str:
    """Files with a reason each: all of them, or nothing."""
    told = []
    files, between = _files(text)
    for each in files:
        path, _, reason = each.partition(": ")
        if not (found := _whole(reason)):
            return ""
        told.append(f"{_whole(path) or path}: {found}")
    return between.join(told)


def _files(text: str) -> tuple[list[str], str]:
    """Each file with its reason, and what stands between them."""
    return (text.split("\n"), "\n") if "\n" in text else (_FILES.split(text), "; ")


def _whole(text: str) -> str:
    # What an archive's reading says is kept as a sentence too: with a capital, and a full stop.
    inner = text[:1].lower() + text[1:-1] if text.endswith(".") else ""
    if text in _plain():
        return gettext(text)
    if inner in _plain():
        return _as_sentence(gettext(inner))
    return _with_places(text) or (inner and _as_sentence(_with_places(inner)))


def _as_sentence(told: str) -> str:
    return f"{told[:1].upper()}{told[1:]}." if told else ""


def _with_places(text: str) -> str:
    head = text[:_LOOK]
    for pattern in _alike(head if head in _by_head() else "", text[-_LOOK:]):
        if pattern.telling in text and (values := pattern.values_in(text)):
            filled = {name: _filled(name, value) for name, value in values.items()}
            return _translated(pattern.sentence, values) % filled
    return ""


def _translated(sentence: str, values: dict[str, str]) -> str:
    if not (counted := _counted().get(sentence)):
        return gettext(sentence)
    one, many, place = counted
    return ngettext(one, many, int(values[place]) if values[place].isdecimal() else 2)


def _filled(name: str, value: str) -> str:
    if name in _SAID:
        return said(value)
    if name in _AMOUNTS:
        return _UNIT.sub(_unit, value)
    return _figure(value) if name in _FIGURES else value


def _figure(value: str) -> str:
    """With the signs of the language where it is a number: 1 234,5."""
    if not _FIGURE.fullmatch(value):
        return value
    signs = {",": get_format("THOUSAND_SEPARATOR"), ".": get_format("DECIMAL_SEPARATOR")}
    return value.translate(str.maketrans(signs))


def _unit(found: re.Match[str]) -> str:
    told, unit = found.groups()
    try:
        count = float(told.replace(",", ""))
    except ValueError:
        return found[0]
    number = 1 if count == 1 else 2 + int(count)
    words = {
        "hour": ngettext("%(told)s hour", "%(told)s hours", number),
        "minute": ngettext("%(told)s minute", "%(told)s minutes", number),
        "second": ngettext("%(told)s second", "%(told)s seconds", number),
        "file": ngettext("%(told)s file", "%(told)s files", number),
    }
    return words[unit] % {"told": _figure(told)}


@cache
def _plain() -> frozenset[str]:
    """Sentences without places."""
    return frozenset(each for each in SENTENCES if not PLACE.search(each))


@cache
def _counted() -> dict[str, tuple[str, str, str]]:
    """Each of COUNTED by both of its forms."""
    return {form: each for each in COUNTED for form in each[:2]}


@lru_cache(maxsize=4096)
def _alike(head: str, tail: str) -> tuple[Pattern, ...]:
    """Those that may begin and end with these signs."""
    by_head = _by_head()
    known = (*by_head[head], *by_head[""]) if head else by_head[""]
    return tuple(each for each in known if tail.endswith(each.words[-1][-_LOOK:]))


@cache
def _by_head() -> dict[str, list[Pattern]]:
    """The others by how they begin, under "" those that begin with a place; with more words of their own first."""
    found: dict[str, list[Pattern]] = {"": []}
    for sentence in sorted((set(SENTENCES) - _plain()) | set(_counted()), key=lambda each: -len(PLACE.sub("", each))):
        pattern = pattern_of(sentence)
        head = pattern.words[0][:_LOOK]
        found.setdefault(head if len(head) == _LOOK else "", []).append(pattern)
    return found
