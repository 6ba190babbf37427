"""The house stands as docs/architecture.md draws it: what no type checker would notice is held here."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINTER = str(Path(sys.executable).with_name("lint-imports"))
SOURCES = ("platform", "worker", "fixed_model", "demo")


def python(code: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run code with the path that manage.py makes, in a process that has imported nothing yet."""
    path = f"import sys; sys.path[:0] = [{str(ROOT / 'platform')!r}, {str(ROOT)!r}]; "
    return run([sys.executable, "-c", path + code], home)


def run(command: list[str], home: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "FIXPOINT_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "fixpoint.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
    }
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


def sources() -> Iterator[Path]:
    yield ROOT / "manage.py"
    for folder in SOURCES:
        yield from sorted((ROOT / folder).rglob("*.py"))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_platform_is_a_folder_with_one_package_and_never_a_package_itself():
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert [path.parent.name for path in (ROOT / "platform").glob("*/__init__.py")] == ["fixpoint"]
    assert not list((ROOT / "platform").glob("*.py"))


def test_import_platform_is_pythons_own_under_the_path_of_manage_py(tmp_path):
    answer = python("import platform; print(platform.python_version(), platform.__file__)", tmp_path)
    version, file = answer.stdout.split()
    assert version == ".".join(map(str, sys.version_info[:3]))
    assert not Path(file).is_relative_to(ROOT)


def test_both_celery_apps_start_under_the_path_of_manage_py(tmp_path):
    answer = python("import django; django.setup(); from fixpoint.celery import app; print(app.main)", tmp_path)
    assert answer.stdout.strip() == "fixpoint", answer.stderr

    told = "import os; os.environ.update(FIXPOINT_BROKER_URL='memory://', FIXPOINT_PLATFORM_URL='http://127.0.0.1:1'"
    told += f", FIXPOINT_WORKER_SCRATCH={str(tmp_path)!r}); "
    answer = python(told + "from worker.celery import app; print(sorted(n for n in app.tasks if 'w' in n))", tmp_path)
    assert answer.stdout.strip() == "['worker.evaluate', 'worker.ingest']", answer.stderr


def test_the_contracts_between_the_parts_are_kept(tmp_path):
    answer = run([LINTER, "--no-cache"], tmp_path)
    assert answer.returncode == 0, answer.stdout


def test_a_broken_boundary_would_be_noticed(tmp_path):
    """The contract on worker.contract is only worth something if it fails where it should."""
    package = tmp_path / "fixpoint"
    package.mkdir()
    for name, text in {"__init__": "", "good": "import worker.contract", "bad": "import worker.lease"}.items():
        (package / f"{name}.py").write_text(text)
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    [contract] = [each for each in contracts if "worker.contract and nothing else" in each["name"]]
    lines = ["[tool.importlinter]", 'root_packages = ["fixpoint", "worker"]', "[[tool.importlinter.contracts]]"]
    lines += [f"{name} = {value!r}" for name, value in contract.items()]
    (tmp_path / "linter.toml").write_text("\n".join(lines))
    command = [
        str(Path(sys.executable).with_name("lint-imports")),
        "--no-cache",
        "--config",
        str(tmp_path / "linter.toml"),
    ]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    answer = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert answer.returncode == 1
    assert "fixpoint.bad -> worker.lease" in answer.stdout
    assert "fixpoint.good" not in answer.stdout


def test_nothing_is_imported_inside_a_function():
    lazy = [
        f"{path.relative_to(ROOT)}:{statement.lineno}"
        for path in sources()
        if path.name != "manage.py"
        for function in ast.walk(tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for statement in ast.walk(function)
        if isinstance(statement, ast.Import | ast.ImportFrom)
    ]
    assert lazy == []


def test_no_test_is_imported_by_another():
    """What several tests use stands in a module of its own: a test that is imported may be moved by nobody."""
    imports = re.compile(r"^\s*(from|import) tests[\w.]*\.test_\w+|^from tests[\w.]* import .*\btest_\w+", re.MULTILINE)
    found = {str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("*.py") if imports.search(path.read_text())}
    assert found == set()


def test_every_import_of_ours_is_absolute():
    relative = [
        f"{path.relative_to(ROOT)}:{statement.lineno}"
        for path in sources()
        for statement in ast.walk(tree(path))
        if isinstance(statement, ast.ImportFrom) and statement.level
    ]
    assert relative == []


def test_every_file_opens_by_saying_what_it_is_for():
    silent = [
        str(path.relative_to(ROOT))
        for path in sources()
        if "migrations" not in path.parts and not ast.get_docstring(tree(path))
    ]
    assert silent == []


def test_no_file_is_named_for_nothing():
    nameless = {"utils.py", "helpers.py", "common.py", "misc.py", "signals.py"}
    assert [str(path) for path in sources() if path.name in nameless] == []


def test_no_file_is_longer_than_four_hundred_lines():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sources()
        if "migrations" not in path.parts and (lines := len(path.read_text().splitlines())) > 400
    }
    assert long == {}


def test_the_licence_is_named_in_the_project_file():
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["license"] == "Apache-2.0"


@pytest.mark.parametrize("command", [("check",), ("makemigrations", "--check", "--dry-run")])
def test_django_has_nothing_to_complain_about(command, tmp_path):
    answer = run([sys.executable, "-W", "error::RuntimeWarning", "manage.py", *command], tmp_path)
    assert answer.returncode == 0, answer.stdout + answer.stderr
