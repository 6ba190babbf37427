"""What tasks pin is looked up in the lock that is installed."""

from pathlib import Path

from fixpoint.organizing.doctor.pinned import recipes, tasks_pinned
from fixpoint.tasks.models import Task
from worker.contract import Level


def test_a_lock_that_can_be_read_is_told_with_its_recipes():
    finding = recipes()
    assert finding.level is Level.OK
    assert "resnet50-dcai2021" in finding.found


def test_a_lock_that_cannot_be_read_fails(tmp_path, monkeypatch):
    (tmp_path / "recipes.lock").write_text("{")
    monkeypatch.setattr("fixpoint.recipes.lock_file", lambda: tmp_path / "recipes.lock")
    finding = recipes()
    assert finding.level is Level.FAIL
    assert "cannot be read" in finding.found


def test_a_task_on_a_current_recipe_is_well(task):
    assert tasks_pinned().level is Level.OK


def test_a_task_on_a_retired_recipe_is_a_warning_with_the_reason(rows, task, tmp_path: Path, monkeypatch):
    rows.retire(task, tmp_path, monkeypatch)
    finding = tasks_pinned()
    assert finding.level is Level.WARN
    assert f"{task.slug}: The recipe" in finding.found
    assert "A network of it was wrong." in finding.found


def test_a_task_on_a_recipe_that_nobody_knows_fails(task):
    task.recipe_digest = "f" * 64
    task.save()
    finding = tasks_pinned()
    assert finding.level is Level.FAIL
    assert task.slug in finding.found


def test_a_task_that_is_over_may_pin_what_it_likes(task):
    task.recipe_digest, task.status = "f" * 64, Task.Status.CLOSED
    task.save()
    assert tasks_pinned().level is Level.OK
