"""A real broker, databases in files, and an installation that is not the embedded one."""

import pytest
from django.db.utils import ConnectionHandler

from tests.worker.redis_server import RedisServer


@pytest.fixture
def redis_server(settings):
    """A Redis that the platform sends its jobs by."""
    with RedisServer() as server:
        settings.CELERY_BROKER_URL = server.url
        settings.IS_EMBEDDED = False
        yield server


@pytest.fixture
def database_at(django_db_blocker):
    """Opens a database by Django's own settings for it, aside from the tests' own; closed at the end."""
    opened = []

    def at(**values):
        connection = ConnectionHandler({"default": values})["default"]
        opened.append(connection)
        return connection

    with django_db_blocker.unblock():
        yield at
        for connection in opened:
            connection.close()
