"""Text of people as HTML: Markdown, then a sieve that lets through what text needs and nothing that runs or loads.

The sieve is the guard: whatever Markdown's reader lets out, no element or attribute passes that is not named here.
"""

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

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
_HEADINGS_DOWN = 2
"""A page's own headings are the first and second."""


def markup(text: str) -> str:
    """Safe HTML. HTML in the text is shown as text, pictures as links to them."""
    tokens = _READER.parse(text[:MOST_SIGNS])
    html: str = _READER.renderer.render([_lower(each) for each in tokens], _READER.options, {})
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="nofollow noopener")


def _lower(token: Token) -> Token:
    """Headings below those of the page."""
    if token.type in {"heading_open", "heading_close"}:
        token.tag = f"h{min(6, int(token.tag[1]) + _HEADINGS_DOWN)}"
    return token


def _reader() -> MarkdownIt:
    # Without HTML and pictures; tables and lists as people know them from elsewhere.
    reader = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST, "linkify": False})
    return reader.enable(["table", "strikethrough"]).disable(["image", "html_block", "html_inline"])


_READER = _reader()
