"""The locked model's program as it is installed here, as files that pip installs at home: read as text, never run."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from fixpoint.recipes import LOCK_NAME, MODEL_PACKAGE, lock_file

FOLDER = "fixed-model"
"""In the kit, and what pip is told there."""
REQUIREMENTS = Path(__file__).with_name("model_requirements.txt")
_PROJECT = """\
[build-system]
requires = ["setuptools>=61"]
build-backend = "setuptools.build_meta"

[project]
name = "fixed-model"
version = "0.1.0"
description = "The locked model: the program that the platform trains entries with."
requires-python = ">=3.11"
license = {{text = "Apache-2.0"}}
dependencies = {dependencies}

[project.scripts]
fixed-model = "{package}.__main__:main"

[tool.setuptools]
packages = ["{package}", "{package}.commands"]

[tool.setuptools.package-data]
{package} = ["{lock}"]
"""


@cache
def program_files() -> tuple[tuple[str, bytes], ...]:
    """Names within the kit, and what stands there."""
    return tuple(sorted(_files()))


def _files() -> Iterator[tuple[str, bytes]]:
    package = lock_file().parent
    dependencies = json.dumps(REQUIREMENTS.read_text(encoding="utf-8").split())
    project = _PROJECT.format(dependencies=dependencies, package=MODEL_PACKAGE, lock=LOCK_NAME)
    yield f"{FOLDER}/pyproject.toml", project.encode()
    for path in (package / LOCK_NAME, *package.rglob("*.py")):
        yield f"{FOLDER}/{MODEL_PACKAGE}/{path.relative_to(package).as_posix()}", path.read_bytes()
