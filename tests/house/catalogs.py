"""The catalogs of translations: `python -m tests.house.catalogs` brings them up to date with the texts of the code.

Texts are found as Django marks them, in templates (which Django itself turns into Python for this) and in Python.
"""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "locale"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Instead of the day of making: the same texts are the same file."""
_TEMPLATES = {".html", ".txt", ".svg", ".md", ".xml"}


def found() -> Catalog:
    """Every text of templates and of the platform's Python, with its places."""
    catalog = Catalog(charset="utf-8")
    for path in _sources():
        source = path.read_text(encoding="utf-8")
        # What Django makes of a template is calls among scraps, which no reader of Python follows.
        method = "javascript" if path.suffix in _TEMPLATES else "python"
        if path.suffix in _TEMPLATES:
            source = templatize(source, origin=str(path))
        comments = ["Translators:"]
        texts = extract(method, io.BytesIO(source.encode()), KEYWORDS, comments, {"encoding": "utf-8"})
        for line, message, notes, context in texts:
            where = (path.relative_to(ROOT).as_posix(), line)
            catalog.add(message, locations=[where], auto_comments=notes, context=context)
    return catalog


def kept(language: str) -> Catalog:
    """The catalog of a language as it lies in the repository; empty where there is none."""
    path = _path(language, "po")
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalog: Catalog) -> bytes:
    """What Django reads: a text without a translation is left out, so that it is shown as it is."""
    for message in list(catalog):
        if message.id and not is_translated(message):
            catalog.delete(message.id, message.context)
    catalog.creation_date = catalog.revision_date = _NEVER
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def keep(catalog: Catalog, language: str) -> None:
    """Write both files, without the day and the line numbers, so that only texts change them."""
    for message in catalog:
        message.locations = sorted({(path, None) for path, _ in message.locations})
    _path(language, "po").parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=120, sort_output=True, ignore_obsolete=True, include_lineno=False, omit_header=True)
    _path(language, "po").write_bytes(_header(catalog) + buffer.getvalue())
    with _path(language, "po").open("rb") as file:
        _path(language, "mo").write_bytes(compiled(read_po(file, locale=language)))


def _header(catalog: Catalog) -> bytes:
    return (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {catalog.locale_identifier}\\n"\n'
        f'"Plural-Forms: {catalog.plural_forms}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n\n'
    ).encode()


def _path(language: str, kind: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"django.{kind}"


def _sources() -> list[Path]:
    templates = (each for each in (ROOT / "templates").rglob("*") if each.suffix in _TEMPLATES)
    return sorted((*templates, *(ROOT / "platform").rglob("*.py")))


def main() -> None:
    """Bring all catalogs up to date; a text that was changed is to be translated anew."""
    django.setup()
    texts = found()
    for language, _ in settings.LANGUAGES:
        if language == settings.LANGUAGE_CODE:
            continue
        catalog = kept(language)
        catalog.update(texts, no_fuzzy_matching=True)
        keep(catalog, language)
        left = [each.id for each in catalog if each.id and not is_translated(each)]
        sys.stdout.write(f"{language}: {len(catalog)} texts, {len(left)} to be translated\n")


def is_translated(message: object) -> bool:
    """Whether nothing of it is left empty."""
    string = getattr(message, "string", "")
    return all(string) if isinstance(string, (tuple, list)) else bool(string)


if __name__ == "__main__":
    main()
