"""What training and prediction are asked, and how much they may write: it grows with seeds, images and classes."""

import pytest

from fixpoint.submissions.services import submission_enter
from fixpoint.submissions.stages import logits_bytes, predict_stage, train_stage
from fixpoint.tasks.ingestion import entry_limits, ingest_stage
from fixpoint.tasks.selectors import hidden_material
from tests.support.evaluating import logits


@pytest.fixture
def entry_of(rows, owner):
    def make(seeds: int):
        task = rows.open_task(slug=f"seeds-{seeds}", seed=5, seeds=seeds, cpus=2, train_seconds=100)
        return submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task))

    return make


def most_bytes(stage) -> dict[str, int]:
    return {each.name: each.max_bytes for each in stage.outputs}


def test_training_is_asked_for_the_seeds_of_the_entry_and_told_no_class(entry_of):
    entry = entry_of(3)
    assert train_stage(entry).request == {"recipe": entry.recipe, "seeds": [5, 6, 7], "threads": 2, "classes": 2}
    assert predict_stage(entry, hidden=4).request == {"recipe": entry.recipe, "threads": 2}


def test_every_seed_may_write_its_weights(entry_of):
    one, five = train_stage(entry_of(1)), train_stage(entry_of(5))
    assert most_bytes(five)["weights.safetensors"] == 5 * most_bytes(one)["weights.safetensors"]
    assert most_bytes(five)["dynamics.safetensors"] > most_bytes(one)["dynamics.safetensors"] >= 64 * 2**20


def test_training_has_the_tasks_time_for_every_round_of_seeds(entry_of):
    """Two cores train two seeds at a time."""
    assert [train_stage(entry_of(seeds)).limits.wall_seconds for seeds in (1, 2, 3, 5)] == [100, 100, 200, 300]


def test_prediction_takes_each_seed_in_turn_and_has_the_time_for_it(entry_of):
    five, one = (predict_stage(entry_of(seeds), hidden=4).limits.wall_seconds for seeds in (5, 1))
    assert five == 5 * one


def test_all_outputs_together_fit_into_what_a_phase_may_write(entry_of):
    for stage in (train_stage(entry_of(20)), predict_stage(entry_of(1), hidden=4)):
        assert sum(most_bytes(stage).values()) < stage.limits.output_bytes


def test_logits_of_every_seed_fit_into_their_bound(entry_of):
    assert len(logits(*[[0, 1, 0, 1]] * 20)) <= logits_bytes(entry_of(20), hidden=4)


def test_every_limit_of_every_stage_is_its_tasks(rows, owner):
    seconds = {"ingest_seconds": 70, "train_seconds": 80, "predict_seconds": 90}
    task = rows.open_task(cpus=3, memory_bytes=5 * 2**30, processes=99, **seconds)
    entry = submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task))
    ingest = ingest_stage(task, layout="splits", classes=task.classes, archive=entry_limits(task))

    for stage in (ingest, train_stage(entry), predict_stage(entry, hidden=4)):
        assert (stage.limits.cpus, stage.limits.memory_bytes, stage.limits.pids) == (3, 5 * 2**30, 99)
        assert stage.limits.output_bytes > sum(most_bytes(stage).values())
        assert len(stage.outputs) < stage.limits.output_files < 1000
        assert stage.limits.wall_seconds == seconds[f"{stage.phase}_seconds"]


def test_what_a_stage_may_write_grows_with_what_its_task_allows(rows, owner):
    small, large = rows.open_task(slug="small", hidden=4), rows.open_task(slug="large", hidden=400)
    entries = [submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task)) for task in (small, large)]

    few, many = (
        predict_stage(entry, hidden=hidden_material(entry.task).images).limits.output_bytes for entry in entries
    )
    assert many - few == 4 * 396 * len(small.classes)
