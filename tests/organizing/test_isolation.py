"""The demo takes the best sandbox that works, and says when none does."""

import os
from pathlib import Path

import pytest

from fixpoint.organizing.isolation import demo_sandbox
from fixpoint.recipes import lock_file


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A PATH of nothing but programs that say what a test has them say."""
    monkeypatch.setenv("PATH", str(tmp_path))

    def program(name: str, script: str) -> None:
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)

    return program


def test_docker_is_taken_when_its_image_holds_these_recipes(programs):
    programs("docker", f"/bin/cat {lock_file()}")
    assert demo_sandbox() == "docker"


def test_an_image_of_other_recipes_is_not_taken(programs):
    programs("docker", "echo '{}'")
    programs("bwrap", "echo works")
    assert demo_sandbox() == "bubblewrap"


def test_a_bubblewrap_that_may_not_isolate_is_not_taken(programs):
    programs("bwrap", "exit 1")
    assert demo_sandbox() == "process"


def test_without_any_of_them_nothing_is_isolated(programs):
    assert os.environ["PATH"]
    assert demo_sandbox() == "process"
