"""Entries from before there were several seeds keep theirs, as a list of one; those from before teams get one."""

import pytest
from django.db import connection
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.executor import MigrationExecutor

from fixpoint.submissions.services import submission_enter

BEFORE, AFTER = [("submissions", "0001_initial")], [("submissions", "0003_without_seed")]
BESIDE = [("accounts", "0003_mails_and_closing"), ("tasks", "0011_published"), ("teams", "0002_events")]
"""What stays where it is, so that rows have all that their tables ask for."""


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


def test_whoever_entered_before_there_were_teams_is_a_team_of_one(restored, rows):
    before = migrated([("submissions", "0009_team"), *BESIDE])
    task, other = (rows_of(before, "tasks", "Task", **values) for values in (task_values(), task_values("other")))
    long = "n" * 70
    people = [rows_of(before, "accounts", "User", username=name, email=name) for name in ("Ada", "ada", long)]
    for owner in people:
        entry_before_teams(before, owner, task)
    again = entry_before_teams(before, people[0], task)
    elsewhere = entry_before_teams(before, people[0], other)
    kept = rows_of(before, "teams", "Team", task_id=other.pk, name="ada", captain_id=people[1].pk)

    after = migrated([("submissions", "0010_team_filled"), *BESIDE])

    entries = after.get_model("submissions", "Submission").objects
    teams = [entries.filter(owner=each.pk, task=task.pk).values_list("team", flat=True) for each in people]
    assert [len(set(each)) for each in teams] == [1, 1, 1]
    assert len({*teams[0], *teams[1], *teams[2]}) == 3
    team = entries.get(pk=again.pk).team
    assert team.captain_id == people[0].pk
    assert team.name in {"Ada", f"Ada ({people[0].pk})"}, "two people's names differ in capitals alone"
    names = after.get_model("teams", "Team").objects.filter(task=task.pk).values_list("name", flat=True)
    assert f"{'n' * 40} ({people[2].pk})" in names
    assert entries.get(pk=elsewhere.pk).team_id not in {team.pk, kept.pk}
    members = after.get_model("teams", "Member").objects
    assert members.filter(user=people[0].pk).count() == 2
    assert all(each.team.captain_id == each.user_id for each in members.select_related("team"))
    assert not entries.filter(team=None).exists()


def rows_of(apps, app, model, **values):
    return apps.get_model(app, model).objects.create(**values)


def task_values(slug="numerals"):
    return {
        "slug": slug, "title": slug, "classes": ["i", "ii"], "recipe": "r", "recipe_digest": "0" * 64,
        "grid_g_per_kwh": 1.0, "calibration": "c", "max_archive_bytes": 1, "max_image_bytes": 1, "max_image_pixels": 1,
        "train_seconds": 1, "memory_bytes": 1, "entries_per_day": 1, "entries_total": 1,
    }  # fmt: skip


def entry_before_teams(apps, owner, task):
    keys = {"owner_id": owner.pk, "task_id": task.pk}
    dataset = rows_of(apps, "datasets", "Dataset", **keys, name="d", archive_sha256="0" * 64, archive_bytes=1)
    facts = {"recipe": "r", "recipe_digest": "0" * 64, "seeds": [0], "dataset_id": dataset.pk}
    return rows_of(apps, "submissions", "Submission", **keys, **facts)
