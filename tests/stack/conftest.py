"""A stack of its own for each test, in the best sandbox that needs no image, and a competition of two classes."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.bundles import entry_files, write_bundle, write_zip
from tests.support.embedded_stack import EmbeddedStack


@pytest.fixture(scope="session")
def sandbox() -> str:
    return "bubblewrap" if shutil.which("bwrap") else "process"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., EmbeddedStack]]:
    """Starts stacks that end with the test."""
    with ExitStack() as running:

        def begin(sandbox: str, **told: str) -> EmbeddedStack:
            return running.enter_context(EmbeddedStack(tmp_path / f"home-{sandbox}", sandbox, told))

        yield begin


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return write_bundle(tmp_path / "bundle")


@pytest.fixture
def small_entry(tmp_path: Path) -> Path:
    """Trained in seconds."""
    return write_zip(tmp_path / "small.zip", entry_files(train=20, val=4))


@pytest.fixture
def longer_entry(tmp_path: Path) -> Path:
    """Trained slowly enough that something can happen meanwhile."""
    return write_zip(tmp_path / "longer.zip", entry_files(train=250, val=20))
