"""What the doctor says of the workers' list."""

import pytest

from fixpoint.organizing.doctor.registered import workers_listed
from tests.support.hellos import hello_from
from worker.contract import Level

HOLDS = {"recipe_digests": {"a recipe": "its digest"}}


@pytest.fixture(autouse=True)
def _installation(db, settings):
    settings.IS_EMBEDDED = False


def test_an_empty_list_says_what_to_set():
    finding = workers_listed()
    assert finding.level is Level.WARN
    assert "FIXPOINT_WORKER_TOKEN" in finding.advice


def test_all_is_well_where_every_open_task_has_somebody(task):
    hello_from("one", **HOLDS)
    finding = workers_listed()
    assert (finding.level, finding.found) == (Level.OK, "one idle")


def test_a_task_whose_workers_are_not_there_is_named(task):
    task.workers, task.device = "lab", "gpu"
    task.save()
    hello_from("one", **HOLDS)
    finding = workers_listed()
    assert finding.level is Level.WARN
    assert "nobody takes evaluate.lab.gpu, ingest.lab" in finding.found


def test_a_worker_that_holds_no_recipe_is_named():
    hello_from("one")
    finding = workers_listed()
    assert finding.level is Level.WARN
    assert "one: It holds no recipe" in finding.advice
