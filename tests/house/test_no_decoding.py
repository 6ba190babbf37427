"""The platform draws two kinds of picture and decodes none: what strangers sent is opened in sandboxes alone."""

import ast
from pathlib import Path

PLATFORM = Path(__file__).resolve().parents[2] / "platform" / "fixpoint"
DRAWS = {
    "pages/preview_picture.py": {"Image", "ImageDraw", "ImageFont"},
    "tasks/kit.py": {"Image", "ImageDraw"},
}
DECODES = {"open", "frombytes", "frombuffer", "load", "verify"}


def imported(tree: ast.Module) -> set[str]:
    """What a file takes from Pillow, by any way of importing."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "PIL":
            names |= {name.name for name in node.names}
        elif isinstance(node, ast.Import):
            names |= {name.name for name in node.names if name.name.split(".")[0] == "PIL"}
    return names


def test_pillow_is_used_in_two_places_and_for_drawing_alone() -> None:
    trees = {path.relative_to(PLATFORM).as_posix(): ast.parse(path.read_text()) for path in PLATFORM.rglob("*.py")}

    assert {name: found for name, tree in trees.items() if (found := imported(tree))} == DRAWS
    for name in DRAWS:
        calls = [node for node in ast.walk(trees[name]) if isinstance(node, ast.Attribute)]
        used = {node.attr for node in calls if isinstance(node.value, ast.Name) and node.value.id == "Image"}
        assert used
        assert not used & DECODES
