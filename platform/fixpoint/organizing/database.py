"""Whether there is a database to ask, for commands that may be run before the first start."""

from django.core.management.base import CommandError
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder


def require_database() -> None:
    """CommandError, with what makes one, where no migration has ever run."""
    try:
        is_made = MigrationRecorder(connection).has_table()
    except OperationalError as error:
        raise CommandError(f"The database cannot be opened: {error}") from error
    if not is_made:
        raise CommandError(
            "The database is not made yet: start the stack (`manage.py up`), or run `manage.py migrate`."
        )
