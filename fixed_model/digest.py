"""The digest of a recipe: its numbers and the code that computes, and nothing that merely surrounds them.

Comments, docstrings, annotations, blank lines and quotes do not move it; a number, an operator, a default, a name does.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fixed_model.recipe import Recipe

MODULES = (
    "recipe",
    "architecture",
    "weights",
    "layers",
    "stem",
    "bands",
    "workspace",
    "direct",
    "network",
    "optimizer",
    "step",
    "device",
    "pins",
    "images",
    "train",
    "predict",
)
"""The modules that decide a result. Command line, progress, archives, the sheet and what is noted on the way do not."""


def recipe_digest(recipe: Recipe) -> str:
    """The digest under the code as it is installed."""
    return digest(recipe, sources())


def sources() -> dict[str, str]:
    """The source text of every module that computes."""
    folder = Path(__file__).parent
    return {name: (folder / f"{name}.py").read_text(encoding="utf-8") for name in MODULES}


def digest(recipe: Recipe, code: Mapping[str, str]) -> str:
    """The sha256 over the recipe's numbers and the normalised code."""
    numbers = json.dumps(asdict(recipe), sort_keys=True, allow_nan=False)
    parts = [numbers, *(f"{name}\n{normalised(code[name], name)}" for name in sorted(code))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def normalised(source: str, module: str) -> str:
    """The code as a text that only meaning moves, the same under every Python that can parse it."""
    tree = ast.parse(source)
    if module == "recipe":  # its numbers enter as values, so that a new recipe beside it moves nothing
        tree.body = [node for node in tree.body if not isinstance(node, (ast.Assign, ast.AnnAssign))]
    return spell(tree)


def spell(node: Any) -> str:
    """An ast as text, without positions, annotations, docstrings and empty fields (which differ between Pythons)."""
    if isinstance(node, list):
        return "[" + ",".join(spell(child) for child in node) + "]"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = []
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "type_comment") or value is None or value == []:
            continue
        kept = without_docstrings(value) if name == "body" and isinstance(value, list) else value
        fields.append(f"{name}={spell(kept)}")
    return f"{type(node).__name__}({','.join(fields)})"


def without_docstrings(body: list[ast.stmt]) -> list[ast.stmt]:
    """Statements that do something: a text standing alone does not."""
    return [node for node in body if not is_text(node)]


def is_text(node: ast.stmt) -> bool:
    """Whether a statement is nothing but a text."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
