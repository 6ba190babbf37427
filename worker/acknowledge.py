"""An acknowledgement that the broker did not get is an error: else the worker would never ask for a job again.

Celery logs it and goes on. kombu then counts the job as still in hand, and with one job at a time it takes no other; as
it asks for none, it never notices that the connection is gone either (seen: Celery 5.7, kombu 5.7, Redis). Raised here,
the error reaches Celery's consumer, which connects anew. The job itself is done and known to the platform by then.
"""

from __future__ import annotations

from celery import Task
from celery.worker.request import Request


class LoudRequest(Request):
    """A message from the broker whose acknowledgement may fail."""

    def acknowledge(self) -> None:
        """Acknowledge once. Raises the broker's connection errors."""
        if not self.acknowledged:
            self.message.ack()
            self.acknowledged = True


class JobTask(Task[..., None]):
    """What every task of the worker is made of."""

    Request = "worker.acknowledge:LoudRequest"
