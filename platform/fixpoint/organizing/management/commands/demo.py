"""`manage.py demo FOLDER`: the main job on a small real run, from an upload to a place on the board."""

import secrets
import shutil
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from fixpoint.embedded.notice import NOTICE
from fixpoint.embedded.programs import Place
from fixpoint.embedded.running import is_running
from fixpoint.embedded.stack import StackError, stack, stack_place, stack_wait
from fixpoint.organizing.demonstration import board_text, person_make, task_prepare
from fixpoint.organizing.entering import RefusedError, entry_follow, zip_take
from fixpoint.organizing.isolation import demo_sandbox

_INTERRUPTED = 130
_MARK = "demo"
"""A file that says that everything beside it may be deleted."""
_BUNDLE = "roman-demo.yaml"
_ENTRIES = (("ada", "as-generated.zip"), ("grace", "cleaned.zip"))


class Command(BaseCommand):
    """Starts everything, makes a task, enters two datasets, prints the board, and leaves the site up."""

    help = "Show the whole platform at work on a folder that `python -m demo` has drawn."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder, and whether to stay."""
        parser.add_argument("folder", type=Path, help="the bundle that `python -m demo FOLDER` drew")
        parser.add_argument("--exit", action="store_true", help="end after the board, status 0 only if both are scored")
        parser.add_argument("--port", type=int, default=8000, help="of the site, on loopback")
        parser.add_argument(
            "--sandbox",
            default="",
            choices=["", "docker", "bubblewrap", "process"],
            help="of the workers; without it the first that works",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say first how it isolates; then do what a participant does."""
        sandbox = options["sandbox"] or demo_sandbox()
        self.stdout.write(NOTICE if sandbox == "process" else f"Training runs in the sandbox “{sandbox}”.")
        try:
            place = _place(sandbox, options["port"])
            call_command("migrate", verbosity=0)
            with stack(place) as process:
                password = self._show(place, options["folder"])
                if not options["exit"]:
                    self.stdout.write(f"Sign in as ada or grace with the password {password}. Ctrl-C ends the site.")
                    stack_wait(place, process)
        except (StackError, RefusedError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
            if options["exit"]:
                sys.exit(_INTERRUPTED)

    def _show(self, place: Place, folder: Path) -> str:
        password = secrets.token_urlsafe(9)
        started = time.monotonic()
        self._tell(f"The site is up at {place.url}")
        task = task_prepare(folder / _BUNDLE)
        self._tell(f"Task “{task.title}”: {task.hidden_images.count()} hidden images are packed.")
        for name, archive in _ENTRIES:
            self._tell(f"{name} uploads {archive}")
            dataset = zip_take(owner=person_make(name, password), task=task, path=folder / archive)
            entry = entry_follow(dataset=dataset, tell=self._tell)
            self._tell(f"{name} scores {entry.accuracy:.4f}: {place.url}/entries/{entry.pk}/")
        self._tell(board_text(task))
        self._tell(f"Two entries scored in {time.monotonic() - started:.0f} s: {place.url}/tasks/{task.slug}/board/")
        return password

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _place(sandbox: str, port: int) -> Place:
    """A fresh home for every demo, and another port if the usual one is taken."""
    home = Path(settings.HOME)
    if is_running(home):
        raise CommandError("A demo is running already: end it with Ctrl-C first.")
    if not settings.IS_EMBEDDED or ((home / "fixpoint.sqlite3").exists() and not (home / _MARK).exists()):
        raise CommandError(
            f"{home} is no demo's: set FIXPOINT_HOME to an empty folder, since a demo starts from nothing."
        )
    (home / _MARK).touch()
    for name in (
        "blobs",
        "fixpoint.sqlite3",
        "fixpoint.sqlite3-wal",
        "fixpoint.sqlite3-shm",
        "logs",
        "scratch",
        "beat",
        "redis",
    ):
        path = home / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)

    def at(port: int) -> Place:
        return stack_place(root=Path(settings.BASE_DIR), home=home, port=port, sandbox=sandbox)

    try:
        return at(port)
    except StackError:
        return at(0)
