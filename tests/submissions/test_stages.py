"""What training and prediction are asked, and how much they may write: it grows with seeds, images and classes."""

import pytest

from fixpoint.submissions.services import submission_enter
from fixpoint.submissions.stages import logits_bytes, predict_stage, train_stage
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
    assert predict_stage(entry).request == {"recipe": entry.recipe, "threads": 2}


def test_every_seed_may_write_its_weights(entry_of):
    one, five = train_stage(entry_of(1)), train_stage(entry_of(5))
    assert most_bytes(five)["weights.safetensors"] == 5 * most_bytes(one)["weights.safetensors"]
    assert most_bytes(five)["dynamics.safetensors"] > most_bytes(one)["dynamics.safetensors"] >= 64 * 2**20


def test_training_has_the_tasks_time_for_every_round_of_seeds(entry_of):
    """Two cores train two seeds at a time."""
    assert [train_stage(entry_of(seeds)).limits.wall_seconds for seeds in (1, 2, 3, 5)] == [100, 100, 200, 300]


def test_prediction_takes_each_seed_in_turn_and_has_the_time_for_it(entry_of):
    assert predict_stage(entry_of(5)).limits.wall_seconds == 5 * predict_stage(entry_of(1)).limits.wall_seconds


def test_all_outputs_together_fit_into_what_a_phase_may_write(entry_of):
    for stage in (train_stage(entry_of(20)), predict_stage(entry_of(1))):
        assert sum(most_bytes(stage).values()) < stage.limits.output_bytes


def test_logits_of_every_seed_fit_into_their_bound(entry_of):
    assert len(logits(*[[0, 1, 0, 1]] * 20)) <= logits_bytes(entry_of(20), hidden=4)
