"""A recipe's digest: moved by everything that computes, by nothing that does not."""

import ast
import subprocess
import sys
from dataclasses import fields, replace
from typing import Any

import pytest

from fixed_model.digest import MODULES, digest, recipe_digest, sources
from fixed_model.recipe import DCAI2021, DCAI2021_QUICK

CODE = sources()
TODAY = digest(DCAI2021, CODE)


def with_changed(module: str, text: str) -> str:
    """The digest with another text in one module."""
    return digest(DCAI2021, CODE | {module: text})


def another(value: Any) -> Any:
    """A value near to the given one."""
    if isinstance(value, tuple):
        return (another(value[0]), *value[1:])
    return value + "x" if isinstance(value, str) else value * 2


class Bump(ast.NodeTransformer):
    """Changes the n-th number of a module by one."""

    def __init__(self, n: int) -> None:
        self.n, self.seen = n, 0

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if type(node.value) not in (int, float):
            return node
        self.seen += 1
        return ast.Constant(node.value + 1) if self.seen - 1 == self.n else node


class Subtract(ast.NodeTransformer):
    """Turns every addition into a subtraction."""

    def visit_Add(self, node: ast.Add) -> ast.AST:
        return ast.Sub()


def changed(module: str, transformer: ast.NodeTransformer) -> str:
    return ast.unparse(ast.fix_missing_locations(transformer.visit(ast.parse(CODE[module]))))


def numbers_in(module: str) -> int:
    counter = Bump(-1)
    counter.visit(ast.parse(CODE[module]))
    return counter.seen


@pytest.mark.parametrize("module", MODULES)
def test_a_comment_a_blank_line_and_a_docstring_move_nothing(module: str) -> None:
    commented = CODE[module].replace("\n\n\n", "\n\n\n# a remark\n\n\n").replace('"""', '"""Well: ', 1)
    assert commented != CODE[module]
    assert with_changed(module, commented) == TODAY


@pytest.mark.parametrize("module", MODULES)
def test_the_way_the_code_is_laid_out_moves_nothing(module: str) -> None:
    assert with_changed(module, ast.unparse(ast.parse(CODE[module]))) == TODAY


def test_a_changed_annotation_moves_nothing() -> None:
    assert "count: int" in CODE["train"]
    assert with_changed("train", CODE["train"].replace("count: int", "count: 'Any'")) == TODAY


@pytest.mark.parametrize("module", [module for module in MODULES if module != "recipe" and numbers_in(module)])
def test_every_number_in_the_code_moves_it(module: str) -> None:
    for n in range(numbers_in(module)):
        assert with_changed(module, changed(module, Bump(n))) != TODAY


@pytest.mark.parametrize("module", ["architecture", "bands", "direct", "images", "stem", "train"])
def test_a_changed_operator_moves_it(module: str) -> None:
    assert with_changed(module, changed(module, Subtract())) != TODAY


@pytest.mark.parametrize(
    ("module", "old", "new"),
    [
        ("architecture", "stride, side)\n", "1, side)\n"),
        ("layers", "[2, 2]", "[1, 1]"),
        ("layers", "True, self.momentum", "False, self.momentum"),
        ("bands", "torch.arange(taps - 1, -1, -1", "torch.arange(taps"),
        ("stem", "means.mean()", "means.max()"),
        ("stem", "images.flip(-1)", "images"),
        ("direct", "images.flip(-1)", "images"),
        ("device", "set_flush_denormal(True)", "set_flush_denormal(False)"),
        ("workspace", "kind not in self.made", "True"),
        ("direct", "places == here", "places != here"),
        ("network", "channels == 1", "channels == 3"),
        ("weights", "xavier_uniform_", "xavier_normal_"),
        ("optimizer", "amsgrad=False", "amsgrad=True"),
        ("pins", '"MKL_CBWR": "AVX512"', '"MKL_CBWR": "AUTO"'),
        ("train", "val_right > best_right", "val_right >= best_right"),
        ("images", "np.floor(at)", "np.round(at)"),
        ("device", 'debug_mode("error")', 'debug_mode("warn")'),
        ("predict", "variance + recipe.batch_norm_eps", "variance"),
    ],
)
def test_a_changed_default_name_or_switch_moves_it(module: str, old: str, new: str) -> None:
    assert old in CODE[module]
    assert with_changed(module, CODE[module].replace(old, new)) != TODAY


@pytest.mark.parametrize("name", [field.name for field in fields(DCAI2021)])
def test_each_number_of_the_recipe_moves_it(name: str) -> None:
    moved = replace(DCAI2021, **{name: another(getattr(DCAI2021, name))})
    assert digest(moved, CODE) != TODAY


def test_a_new_recipe_beside_it_moves_nothing() -> None:
    assert with_changed("recipe", CODE["recipe"] + "\nOTHER = replace(DCAI2021, name='other', epochs=7)\n") == TODAY


def test_a_changed_rule_in_the_module_of_recipes_moves_it() -> None:
    assert with_changed("recipe", CODE["recipe"] + "\ndef double(x):\n    return 2 * x\n") != TODAY


def test_two_recipes_have_two_digests() -> None:
    assert recipe_digest(DCAI2021) != recipe_digest(DCAI2021_QUICK)


def test_what_does_not_compute_is_not_in_it() -> None:
    others = {
        "progress",
        "outcome",
        "sheet",
        "ingest",
        "archive",
        "layout",
        "provenance",
        "__main__",
        "run",
        "replicas",
    }
    assert not set(MODULES) & (others | {"dynamics", "stores", "faults", "verdict"})


def test_whatever_a_module_that_computes_imports_of_ours_is_in_it_or_only_notes() -> None:
    for module, code in CODE.items():
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("fixed_model."):
                assert str(node.module).removeprefix("fixed_model.") in {*MODULES, "dynamics"}, (module, node.module)


def test_it_is_found_without_torch() -> None:
    program = "import sys; from fixed_model.lock import render; render(); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
