"""Names of queues: the kind of work, then whose workers, then which device. docs/operations.md tells of them."""

from typing import Final

from worker.contract import Kind

ANY: Final = "any"
CPU: Final = "cpu"
GPU: Final = "gpu"
DEVICES = (ANY, CPU, GPU)
WORKERS_PATTERN = r"^[a-z0-9-]{1,40}$"
"""A name for a task's own workers; those of DEVICES mean something else in a queue's name."""
QUEUE_PATTERN = r"(ingest|evaluate)(\.[a-z0-9-]{1,40})?(\.(cpu|gpu))?"
"""The whole of a queue's name, as `queue_of` makes it."""
SHARED: Final = ("ingest", "evaluate", "evaluate.cpu", "evaluate.gpu")
"""Everybody's queues; the others are named by a task's own workers, which is nobody else's business."""


def queue_of(kind: Kind, *, workers: str = "", device: str = ANY) -> str:
    """`ingest`, `evaluate`, `evaluate.gpu`, `ingest.lab`, `evaluate.lab.gpu`: reading images needs no device."""
    is_bound = kind is Kind.EVALUATE and device != ANY
    return ".".join(part for part in (kind, workers, device if is_bound else "") if part)


def device_of(queue: str) -> str:
    """The device that this queue's jobs need: `any`, `cpu` or `gpu`."""
    last = queue.rpartition(".")[2]
    return last if last in (CPU, GPU) else ANY


def is_able(queue: str, *, gpu: bool) -> bool:
    """Whether a worker with a GPU, or without one, may take this queue's jobs."""
    return device_of(queue) in (ANY, GPU if gpu else CPU)
