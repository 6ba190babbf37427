"""A worker's doctor that does not answer as it should is itself a finding."""

import sys

import pytest

from fixpoint.organizing.doctor import workers
from worker.contract import Level


@pytest.fixture
def speaks(tmp_path, monkeypatch, settings):
    """Puts a program of the shell in the place of the worker's doctor."""
    settings.HOME, settings.SECRET_KEY = tmp_path, "a-key-of-the-site"

    def instead(program):
        path = tmp_path / "python"
        path.write_text(f"#!/bin/sh\n{program}\n")
        path.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(path))

    return instead


def test_one_that_says_no_json_is_told_with_its_status_and_last_words_without_secrets(speaks):
    speaks("echo nonsense; echo broken by a-key-of-the-site >&2; exit 3")
    [finding] = workers.worker_findings(sandbox="process")
    assert finding.level is Level.FAIL
    assert finding.found == "its doctor ended with status 3: broken by ***"
    assert "python -m worker doctor" in finding.advice


def test_one_that_never_answers_is_given_up(speaks, monkeypatch):
    monkeypatch.setattr(workers, "_PATIENCE_SECONDS", 0.2)
    speaks("exec sleep 60")
    [finding] = workers.worker_findings(sandbox="process")
    assert (finding.level, "no answer" in finding.found) == (Level.FAIL, True)
