"""`manage.py drain NAME`: a worker finishes its job and takes no other, for an update or a repair."""

import time
from argparse import ArgumentParser
from getpass import getuser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fixpoint.dispatch.models import Worker
from fixpoint.dispatch.registry import UnknownWorkerError, worker_rest, worker_resume
from fixpoint.organizing.database import require_database

_LOOK_SECONDS = 1.0


class Command(BaseCommand):
    """Nothing is lost: what waits in the queues goes to others, or waits until the worker may work again."""

    help = "Let a worker finish its job and take no other; --undo lets it work again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whom, and whether to wait."""
        parser.add_argument("name", help="as `manage.py workers` lists it")
        acts = parser.add_mutually_exclusive_group()
        acts.add_argument("--undo", action="store_true", help="let it take jobs again")
        acts.add_argument(
            "--wait", type=float, metavar="SECONDS", help="return when it holds no job any more; status 1 after SECONDS"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Order it, then wait if asked to."""
        require_database()
        name = options["name"]
        try:
            worker = worker_resume(name=name) if options["undo"] else worker_rest(name=name, who=getuser())
        except UnknownWorkerError as error:
            raise CommandError(str(error)) from error
        if options["undo"]:
            self.stdout.write(f"{name} may take jobs again.")
            return
        self.stdout.write(f"{name} takes no more jobs. {_held(worker)}")
        if not worker.is_alive:
            self.stdout.write("It has been silent lately, so it may not hear of this before it is back.")
        if options["wait"] is not None:
            self._wait(worker, options["wait"])

    def _wait(self, worker: Worker, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while worker.current is not None:
            if time.monotonic() > deadline:
                raise CommandError(f"{worker} still works: {worker.current}.")
            time.sleep(_LOOK_SECONDS)
        self.stdout.write(f"{worker} holds no job: it can be stopped.")


def _held(worker: Worker) -> str:
    return f"It finishes {worker.current} first." if worker.current else "It holds no job."
