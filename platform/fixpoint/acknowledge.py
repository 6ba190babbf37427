"""An acknowledgement that the broker did not get is an error: else the platform's worker would never sweep again.

Celery puts the acknowledgement off until the job is done, logs it where it fails and goes on. kombu then counts the
message as still in hand, and with one at a time it takes no other (seen: Celery 5.7, kombu 5.7, Redis). Said at once
and raised here, the error reaches Celery's consumer, which connects anew. The workers beside the GPU have the same.
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
    """What every job of the platform is made of."""

    Request = "fixpoint.acknowledge:LoudRequest"
