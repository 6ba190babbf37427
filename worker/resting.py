"""A drained worker: the job in hand is finished, and no other is taken from the queues until it may work again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from celery import bootsteps

INTERVAL = 1.0
log = structlog.get_logger()


@dataclass
class Rest:
    """Holds a consumer's queues to what `may_work` says, in the consumer's own thread.

    By its own `cancel_task_queue`: a message that Redis had popped already goes back to its queue (kombu rejects what
    nobody consumes any more). Refusing credit would leave such a message in this worker's socket.
    """

    queues: tuple[str, ...]
    may_work: Callable[[], bool]
    consumer: Any = None
    is_consuming: bool = True

    def obey(self) -> None:
        """Begin or cease to take jobs, if that changed."""
        may_work = self.may_work()
        if self.consumer is None or may_work is self.is_consuming:
            return
        for queue in self.queues:
            if may_work:
                self.consumer.add_task_queue(queue)
            else:
                self.consumer.cancel_task_queue(queue)
        self.is_consuming = may_work
        log.info("takes jobs again" if may_work else "drained: takes no more jobs", queues=self.queues)


def step_of(rest: Callable[[], Rest]) -> type[bootsteps.StartStopStep]:
    """A step for Celery's consumer that looks every second; `rest` is called once there is a connection."""

    class Resting(bootsteps.StartStopStep):
        requires = ("celery.worker.consumer.tasks:Tasks",)
        entry: Any = None

        def start(self, parent: Any) -> None:
            rest().consumer = parent
            rest().obey()
            self.entry = parent.timer.call_repeatedly(INTERVAL, rest().obey)

        def stop(self, parent: Any) -> None:
            if self.entry is not None:
                self.entry.cancel()
            if rest().consumer is parent:
                rest().consumer = None

    return Resting
