"""Texts in Python: every one with what it is handed to, and whether it is marked for translation."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.house.catalogs import KEYWORDS

ROOT = Path(__file__).resolve().parents[2]
HOLE = "{}"
_LOGS = {"debug", "info", "warning", "error", "exception", "getLogger"}


@dataclass(frozen=True)
class Text:
    """`words` has a hole for each value; `given_to` is the call that takes it, `keyword` its name there."""

    path: str
    line: int
    words: str
    given_to: str
    keyword: str
    is_raised: bool


def texts_of(path: Path) -> Iterator[Text]:
    """All but docstrings, what is marked, and what is logged."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield from _within(tree, path.relative_to(ROOT).as_posix(), "", "", is_raised=False)


def _within(node: ast.AST, path: str, given_to: str, keyword: str, *, is_raised: bool) -> Iterator[Text]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring
    if isinstance(node, ast.Call):
        name = _name(node.func)
        if name in KEYWORDS or (name in _LOGS and isinstance(node.func, ast.Attribute)):
            return
        given_to, keyword = name, ""
    if isinstance(node, ast.keyword):
        keyword = node.arg or ""
    if isinstance(node, ast.Raise):
        is_raised = True
    if (words := _words(node)) is not None:
        yield Text(path, getattr(node, "lineno", 0), words, given_to, keyword, is_raised)
        if isinstance(node, ast.Constant):
            return
        inner: list[ast.AST] = [
            each.value for each in getattr(node, "values", []) if isinstance(each, ast.FormattedValue)
        ]
    else:
        inner = list(ast.iter_child_nodes(node))
    for each in inner:
        yield from _within(each, path, given_to, keyword, is_raised=is_raised)


def _words(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else HOLE for each in node.values)
    return None


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def is_sentence(words: str) -> bool:
    """Of several words, with a capital or an end as a sentence has them; no address, query or piece of markup."""
    own = words.replace(HOLE, " x ")
    if not re.search(r"[a-z’',;:)] [a-z(]", own) or re.search(r"[<>={\[]|SELECT|\.py\b", own):
        return False
    return bool(re.match(r"\W*[A-Z]", own)) or own.rstrip().endswith((".", "?", "!"))
