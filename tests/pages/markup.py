"""A page read as HTML, for what it must and must not hold."""

import re
from html.parser import HTMLParser

VOID = {"meta", "link", "img", "input", "br", "hr", "use", "rect", "line", "circle", "path", "polyline"}


class Page(HTMLParser):
    """What of a page a content policy or a reader without scripts would trip over."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.outside: list[str] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.inputs: list[str] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.headings: list[int] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.inline += [f"{tag} {name}" for name in found if name == "style" or name.startswith(("on", "hx-on"))]
        if tag == "style" or (tag == "script" and "src" not in found):
            self.inline.append(tag)
        addresses = [found.get(name) or "" for name in ("src", "href", "action")]
        self.outside += [each for each in addresses if re.match(r"(https?:)?//|javascript:|data:", each)]
        if found.get("id"):
            self.ids.append(found["id"] or "")
        if tag == "label":
            self.labelled.add(found.get("for") or "")
        if tag in {"input", "select", "textarea"} and found.get("type") not in {"hidden", "submit"}:
            self.inputs.append(found.get("id") or "")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and (not self.open or self.open.pop() != tag):
            self.unbalanced.append(tag)
