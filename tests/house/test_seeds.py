"""A number that stands in three places, since none may import it from another."""

from fixed_model import run
from fixpoint.tasks import bundle_fields
from worker import verdict


def test_a_task_a_worker_and_the_model_agree_on_the_most_seeds_of_an_entry() -> None:
    assert bundle_fields.MOST_SEEDS == verdict.MOST_SEEDS == run.MOST_SEEDS
