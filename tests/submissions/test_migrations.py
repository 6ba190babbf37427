"""Entries from before there were several seeds keep theirs, as a list of one."""

import pytest
from django.db import connection
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.executor import MigrationExecutor

from fixpoint.submissions.services import submission_enter

BEFORE, AFTER = [("submissions", "0001_initial")], [("submissions", "0003_without_seed")]


def migrated(targets):
    """The apps as they are once the database stands at these migrations."""
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


@pytest.fixture
def restored(transactional_db):
    yield
    migrated(MigrationExecutor(connection).loader.graph.leaf_nodes())


@pytest.fixture
def before(restored):
    return migrated(BEFORE)


def test_a_scored_entry_of_one_seed_becomes_one_of_a_list_of_one(before, rows):
    owner, task = rows.person("owner"), rows.open_task()
    dataset = rows.accepted_dataset(owner, task)
    submission, epoch, run, result = (
        before.get_model("submissions", name).objects for name in ("Submission", "Epoch", "Run", "Result")
    )
    keys = {"owner_id": owner.pk, "task_id": task.pk, "dataset_id": dataset.pk}
    entry = submission.create(
        **keys, status="scored", accuracy=0.75, seed=7, recipe=task.recipe, recipe_digest=task.recipe_digest
    )
    figures = {"loss": 1.0, "accuracy": 0.5, "val_loss": 1.0, "val_accuracy": 0.5}
    epoch.create(submission=entry, attempt=1, epoch=1, epochs=5, **figures)
    ran = run.create(submission=entry, attempt=1, weights_sha256="ab" * 32, outcome={}, provenance={})
    numbers = {"hidden_images": 4, "val_accuracy": 0.5, "best_epoch": 3, "gflop": 1.0, "standardised_kwh": 0.1}
    result.create(submission=entry, run=ran, correct=b"\xe0", **numbers)

    after = migrated(AFTER)

    kept = after.get_model("submissions", "Submission").objects.get()
    assert kept.seeds == [7]
    assert kept.epochs.get().seed == 7
    only = {"seed": 7, "accuracy": 0.75, "best_epoch": 3, "val_accuracy": 0.5, "weights_digest": "ab" * 32}
    assert (kept.result.per_seed, kept.result.spread, bytes(kept.result.correct)) == ([only], None, b"\xe0")
    assert kept.result.run.dynamics_sha256 == ""


def test_entries_have_no_way_back_and_are_left_as_they_are(restored, rows):
    owner, task = rows.person("owner"), rows.open_task()
    entry = submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task))

    with pytest.raises(IrreversibleError, match="restore the backup"):
        migrated(BEFORE)

    at_that_time = MigrationExecutor(connection).loader.project_state(AFTER).apps
    kept = at_that_time.get_model("submissions", "Submission").objects.only("seeds").get(pk=entry.pk)
    assert kept.seeds == [0]
