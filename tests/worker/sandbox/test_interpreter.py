"""What an interpreter says of itself."""

import platform
import sys
from pathlib import Path

import pytest

from worker.sandbox import SandboxError
from worker.sandbox.interpreter import _outermost, interpreter


def test_ours_names_its_version_and_holds_itself() -> None:
    found = interpreter(Path(sys.executable))

    assert found.image_id == f"host:{platform.python_version()}"
    assert Path(sys.prefix) in found.prefixes
    assert any(found.executable.resolve().is_relative_to(prefix) for prefix in found.prefixes)


def test_a_prefix_inside_another_is_left_out() -> None:
    folders = {Path("/opt/python"), Path("/opt/python/venv"), Path("/opt/pythons")}

    assert set(_outermost(folders)) == {Path("/opt/python"), Path("/opt/pythons")}


@pytest.mark.parametrize("python", ["/missing/python", "/bin/false"])
def test_one_that_does_not_run_is_an_error_that_names_it(python: str) -> None:
    with pytest.raises(SandboxError, match=python):
        interpreter(Path(python))
