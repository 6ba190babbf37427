"""`manage.py worker_account`: a Redis account for workers of somebody's own, to be put into Redis by hand."""

import secrets
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from fixpoint.broker_accounts import WORKER, hash_of, worker_account

TEXT = """\
# Redis: a line of its ACL file, then ACL LOAD; it holds for good.
{line}

# Redis: the same at once, until it starts again.
ACL SETUSER {now}

# The workers' environment. The password is kept nowhere else; draw another by running this again.
FIXPOINT_BROKER_URL={address}
FIXPOINT_QUEUES={queues}
"""


class Command(BaseCommand):
    """Draws a password, changes nothing, stores nothing."""

    help = "Print a Redis account that takes the jobs of some queues and does no more, and its workers' environment."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose it is and what it takes."""
        parser.add_argument("name", help="of the account: a-z, 0-9 and -")
        parser.add_argument("--queues", required=True, help="for example evaluate.lab,ingest.lab")
        parser.add_argument("--broker", default="", metavar="HOST:PORT", help="Redis as the workers reach it")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print what goes where."""
        name, password = options["name"], secrets.token_urlsafe(32)
        queues = [queue.strip() for queue in options["queues"].split(",") if queue.strip()]
        if name == WORKER:
            raise CommandError(f"{WORKER!r} is the account of the workers beside the platform.")
        try:
            line = worker_account(name, hash_of(password), queues)
        except ValueError as error:
            raise CommandError(str(error)) from error
        broker = urlsplit(settings.CELERY_BROKER_URL)
        place = options["broker"] or f"{broker.hostname}:{broker.port or 6379}"
        address = f"{broker.scheme}://{name}:{password}@{place}{broker.path or '/0'}"
        now = line.removeprefix("user ").replace(name, f"{name} reset", 1)
        self.stdout.write(TEXT.format(line=line, now=now, address=address, queues=",".join(queues)), ending="")
