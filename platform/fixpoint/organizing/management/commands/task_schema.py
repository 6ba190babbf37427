"""`manage.py task_schema`: the JSON Schema of a task's YAML, as docs/task.schema.json has it."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from fixpoint.tasks.bundle_fields import bundle_schema


class Command(BaseCommand):
    """For editors that complete and check YAML."""

    help = "Print the JSON Schema of a task's YAML."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print it."""
        self.stdout.write(json.dumps(bundle_schema(), indent=1, ensure_ascii=False, sort_keys=False))
