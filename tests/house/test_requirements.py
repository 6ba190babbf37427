"""FIXPOINT_REQUIRE: what is named there may not be missing, and may not be misspelt."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = "tests/house/test_requirements.py"
KERAS = "tests/keras/test_resizing.py::test_a_picture_of_the_right_size_is_left_alone_by_both"


def run_pytest(target: str, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", *options, target]
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=120)


def test_a_name_that_nobody_knows_is_an_error():
    answer = run_pytest(HERE, "--collect-only", FIXPOINT_REQUIRE="docker,kreas")
    assert answer.returncode == pytest.ExitCode.USAGE_ERROR
    assert "FIXPOINT_REQUIRE names kreas" in answer.stdout + answer.stderr


def test_every_mark_that_needs_something_can_be_required():
    answer = run_pytest(HERE, "--collect-only", FIXPOINT_REQUIRE="docker,postgres,browser,bubblewrap,data,keras,s3")
    assert answer.returncode == pytest.ExitCode.OK, answer.stdout + answer.stderr


def test_a_missing_part_skips_with_a_line_that_says_what_to_do(tmp_path):
    answer = run_pytest(KERAS, FIXPOINT_REQUIRE="", FIXPOINT_KERAS_PYTHON=str(tmp_path / "none"))
    assert answer.returncode == pytest.ExitCode.OK
    assert "1 skipped" in answer.stdout
    assert "`make keras` installs" in answer.stdout


def test_a_missing_part_that_is_required_fails(tmp_path):
    answer = run_pytest(KERAS, FIXPOINT_REQUIRE="keras", FIXPOINT_KERAS_PYTHON=str(tmp_path / "none"))
    assert answer.returncode == pytest.ExitCode.TESTS_FAILED
    assert "FIXPOINT_REQUIRE names keras, but" in answer.stdout
