"""No bytes of a stranger's become code when they are read: no pickle, and no YAML but the organizers'."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("platform", "worker")
RUNS_WHAT_IT_READS = frozenset(
    {"pickle", "_pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "jsonpickle", "torch"}
)
CALLS = frozenset({"eval", "exec", "compile", "__import__"})
ORGANIZERS = {"platform/fixpoint/tasks/bundle_text.py": "an organizer's own file, with a loader of plain values"}
"""Where YAML is read, and whose it is."""


def sources() -> list[Path]:
    return [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]


def imports(tree: ast.AST) -> Iterator[str]:
    """The first name of every module that is imported."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (name.name.partition(".")[0] for name in names)
            case ast.ImportFrom(module=str(module)):
                yield module.partition(".")[0]


def dangers(tree: ast.AST) -> list[str]:
    """What of this source runs what it reads."""
    found = [name for name in imports(tree) if name in RUNS_WHAT_IT_READS]
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in CALLS:
                found.append(name)
            case ast.Attribute(value=ast.Name(id="np" | "numpy"), attr="load" | "fromfile" | "memmap"):
                found.append("numpy.load")
            case ast.keyword(arg="allow_pickle"):
                found.append("allow_pickle")
    return found


@pytest.mark.parametrize("folder", FOLDERS)
def test_there_are_sources_to_search(folder: str) -> None:
    assert len(list((ROOT / folder).rglob("*.py"))) > 20


def test_nothing_of_ours_runs_what_it_reads() -> None:
    found = {str(path.relative_to(ROOT)): told for path in sources() if (told := dangers(ast.parse(path.read_text())))}

    assert found == {}


def test_yaml_is_read_from_organizers_alone_and_by_the_loader_of_plain_values() -> None:
    trees = {str(path.relative_to(ROOT)): ast.parse(path.read_text()) for path in sources()}

    assert {name for name, tree in trees.items() if "yaml" in imports(tree)} == ORGANIZERS.keys()
    for name in ORGANIZERS:
        loaders = {node.attr for node in ast.walk(trees[name]) if isinstance(node, ast.Attribute)} & {
            "Loader", "UnsafeLoader", "FullLoader", "CLoader", "unsafe_load", "full_load", "SafeLoader",
        }  # fmt: skip
        assert loaders == {"SafeLoader"}


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from pickle import loads",
        "import os, marshal",
        "from joblib.numpy_pickle import load",
        "import torch",
        "import numpy as np\nnp.load(file)",
        "save(file, allow_pickle=True)",
        "eval(text)",
    ],
)
def test_each_of_them_would_be_found(source: str) -> None:
    assert dangers(ast.parse(source)) != []


def test_a_function_may_be_called_load() -> None:
    assert dangers(ast.parse("from safetensors.numpy import load\nload(data)\njson.load(file)\nre.compile(text)")) == []
