"""Text of people as HTML: Markdown, then a sieve that lets through what text needs and nothing that runs or loads.

The sieve is the guard: whatever Markdown's reader lets out, no element or attribute passes that is not named here.
"""

import re
from hashlib import sha256

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from fixpoint.leaderboard.shelf import Shelf

_TAGS = {
    "a", "blockquote", "br", "code", "dd", "del", "dl", "dt", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p",
    "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}
MOST_SIGNS = 100_000
"""Longer text is cut: it is somebody's attempt, or a file that was pasted by mistake."""
_DEEPEST = 20
"""Quotes in lists in quotes: deeper ones are read as text."""
MOST_COLUMNS = 20
MOST_CELLS = 2_000
"""Of all tables of a text: a few signs make a cell, and a cell costs as much as a paragraph."""
_LINE_END = re.compile(r"\r\n|\r|\n")
_RULE = re.compile(r"[ \t>]*[|:-][|: \t-]*")
"""The line under a table's head, also in a quote."""
_HEADINGS_DOWN = 2
"""A page's own headings are the first and second."""


def markup(text: str) -> str:
    """Safe HTML. HTML in the text is shown as text, pictures as links to them, tables beyond bounds as typed."""
    text = text[:MOST_SIGNS]
    key = sha256(text.encode("utf-8", "surrogatepass")).digest()
    return _SHELF.get(key, lambda: _rendered(text).encode()).body.decode()


def _rendered(text: str) -> str:
    reader = _READER if _has_small_tables(text) else _WITHOUT_TABLES
    tokens = reader.parse(text)
    html: str = reader.renderer.render([_lower(each) for each in tokens], reader.options, {})
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="nofollow noopener")


def _lower(token: Token) -> Token:
    """Headings below those of the page."""
    if token.type in {"heading_open", "heading_close"}:
        token.tag = f"h{min(6, int(token.tag[1]) + _HEADINGS_DOWN)}"
    return token


def _has_small_tables(text: str) -> bool:
    """Counts too many rather than too few: every line between a table's head and a blank one."""
    rows = cells = 0
    for line in reversed(_LINE_END.split(text)):
        rows = rows + 1 if line.strip(" \t>") else 0
        if "-" in line and _RULE.fullmatch(line):
            columns = line.strip(" \t>|").count("|") + 1
            cells += columns * rows
            if columns > MOST_COLUMNS or cells > MOST_CELLS:
                return False
    return True


def _reader() -> MarkdownIt:
    # Without HTML and pictures; tables and lists as people know them from elsewhere.
    reader = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST, "linkify": False})
    return reader.enable(["table", "strikethrough"]).disable(["image", "html_block", "html_inline"])


_READER = _reader()
_WITHOUT_TABLES = _reader().disable("table")
_SHELF = Shelf(most_bytes=16 * 2**20, fresh_seconds=3600)
"""The same texts are read by everybody who opens a page."""
