"""`manage.py up`: the whole platform on this machine, under one supervisor."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from fixpoint.embedded.stack import StackError, stack, stack_place, stack_wait


class Command(BaseCommand):
    """Starts Redis, web, jobs, beat and workers, and keeps them running until Ctrl-C."""

    help = "Run the whole platform on this machine until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which port, and how to isolate."""
        parser.add_argument("--port", type=int, default=8000, help="0 chooses a free one")
        parser.add_argument(
            "--sandbox",
            default="auto",
            choices=["auto", "docker", "bubblewrap", "process"],
            help="of the workers; auto is the first that works",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Migrate, start, tell the address, wait."""
        call_command("migrate", verbosity=0)
        try:
            place = stack_place(
                root=Path(settings.BASE_DIR),
                home=Path(settings.HOME),
                port=options["port"],
                sandbox=options["sandbox"],
            )
            with stack(place) as process:
                self.stdout.write(f"Fixpoint is up at {place.url} — logs in {place.home / 'logs'} — Ctrl-C ends it.")
                stack_wait(place, process)
        except StackError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
