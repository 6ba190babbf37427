"""Where jobs wait: by kind, by a task's own workers, by device; and who may take them."""

import pytest

from fixpoint.dispatch.models import Attempt
from fixpoint.dispatch.queues import device_of, is_able, queue_of
from fixpoint.submissions.services import submission_enter
from worker.contract import Kind


@pytest.mark.parametrize(
    ("kind", "workers", "device", "queue"),
    [
        (Kind.INGEST, "", "any", "ingest"),
        (Kind.INGEST, "", "gpu", "ingest"),
        (Kind.INGEST, "lab", "gpu", "ingest.lab"),
        (Kind.EVALUATE, "", "any", "evaluate"),
        (Kind.EVALUATE, "", "gpu", "evaluate.gpu"),
        (Kind.EVALUATE, "lab", "any", "evaluate.lab"),
        (Kind.EVALUATE, "lab", "cpu", "evaluate.lab.cpu"),
    ],
)
def test_a_queue_is_named_by_kind_workers_and_device(kind, workers, device, queue):
    assert queue_of(kind, workers=workers, device=device) == queue


@pytest.mark.parametrize(
    ("queue", "device", "with_gpu", "without"),
    [("evaluate", "any", True, True), ("evaluate.lab.gpu", "gpu", True, False), ("evaluate.cpu", "cpu", False, True)],
)
def test_a_device_is_asked_for_by_the_last_part(queue, device, with_gpu, without):
    assert device_of(queue) == device
    assert (is_able(queue, gpu=True), is_able(queue, gpu=False)) == (with_gpu, without)


def test_an_entry_waits_where_its_task_says(rows, owner, task):
    task.workers, task.device = "lab", "gpu"
    task.save()
    submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task))
    assert Attempt.objects.get().queue == "evaluate.lab.gpu"
