"""A kept English sentence in the reader's language; one that is not known here is shown as it came."""

import re
from functools import cache

from django.conf import settings
from django.utils.formats import get_format
from django.utils.translation import get_language, gettext, ngettext

from fixpoint.sayings import of_archives, of_datasets, of_entries, of_fields, of_images, of_runs, of_teams

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
_PLACE = re.compile(r"%\((\w+)\)s")
_SENTENCE_END = re.compile(r"(?<=[.?!]) (?=\S)")
_SAID = {"why", "phase", "scope"}
"""Places that are filled with what is itself a kept sentence."""
_AMOUNTS = {"allowed", "used"}
_FIGURES = {
    "bytes", "count", "entries", "found", "grams", "high", "images", "low", "mean", "more", "most", "over", "packed",
    "ratio", "share", "size", "told", "unpacked",
}  # fmt: skip
_FIGURE = re.compile(r"\d[\d,]*(\.\d+)?( [KMG]iB)?")
_UNIT = re.compile(r"([\d.,]+) (hour|minute|second|file)s?")
_HEAD = 4


def said(text: str) -> str:
    """All of it, where each sentence of it is known; else what is known of its beginning, and the rest as it came."""
    language = get_language() or settings.LANGUAGE_CODE
    if not text or len(text) > _LONGEST or language == settings.LANGUAGE_CODE:
        return text
    for found in _SENTENCE_END.finditer(text):  # the first sentence first: what fills a place may be many
        if beginning := _whole(text[: found.start()]):
            return f"{beginning} {said(text[found.end() :])}"
    return _whole(text) or _listed(text) or text


def _listed(text: str) -> str:
    """Files with a reason each, as of a task's material: all of them, or nothing."""
    told = []
    for each in text.split("; "):
        path, _, reason = each.partition(": ")
        if not (found := _whole(reason)):
            return ""
        told.append(f"{_whole(path) or path}: {found}")
    return "; ".join(told)


def _whole(text: str) -> str:
    if found := _known(text):
        return found
    # What an archive's reading says is kept as a sentence too: with a capital, and a full stop.
    if text.endswith(".") and (found := _known(text[:1].lower() + text[1:-1])):
        return f"{found[:1].upper()}{found[1:]}."
    return ""


def _known(text: str) -> str:
    plain, by_head, others = _patterns()
    if text in plain:
        return gettext(text)
    for sentence, pattern in (*by_head.get(text[:_HEAD], ()), *others):
        if found := pattern.fullmatch(text):
            values = found.groupdict()
            filled = {name: _filled(name, value) for name, value in values.items()}
            return _translated(sentence, values) % filled
    return ""


def _translated(sentence: str, values: dict[str, str]) -> str:
    for one, many, place in COUNTED:
        if sentence in {one, many}:
            return ngettext(one, many, int(values[place]) if values[place].isdecimal() else 2)
    return gettext(sentence)


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


_Pattern = tuple[str, re.Pattern[str]]


@cache
def _patterns() -> tuple[frozenset[str], dict[str, list[_Pattern]], list[_Pattern]]:
    """Sentences without places; the others by how they begin, those with more words of their own first."""
    plain = frozenset(each for each in SENTENCES if not _PLACE.search(each))
    by_head: dict[str, list[_Pattern]] = {}
    others: list[_Pattern] = []
    counted = {each for one, many, _ in COUNTED for each in (one, many)}
    for sentence in sorted((set(SENTENCES) - plain) | counted, key=lambda each: -len(_PLACE.sub("", each))):
        pattern = _pattern(sentence)
        head = sentence[: sentence.index("%(")]
        if len(head) >= _HEAD:
            by_head.setdefault(head[:_HEAD], []).append((sentence, pattern))
        else:
            others.append((sentence, pattern))
    return plain, by_head, others


def _pattern(sentence: str) -> re.Pattern[str]:
    """What it matches in whole; each place is filled with anything."""
    own, *rest = _PLACE.split(sentence)
    told = re.escape(own)
    for name, words in zip(rest[::2], rest[1::2], strict=True):
        told += f"(?P<{name}>.+?){re.escape(words)}"
    return re.compile(told, re.DOTALL)
