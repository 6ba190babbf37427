"""One world for all that is asked: every request is taken back after it, so that the next one finds it as it was."""

from collections.abc import Iterator

import pytest
from django.conf import settings as configured
from django.db import connection, transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.access.asking import Visitors
from tests.access.world import World, world_build


@pytest.fixture(autouse=True)
def _own_home() -> None:
    """None: all of them ask in the home in which the world stands."""


@pytest.fixture(scope="package")
def visitors(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Visitors]:
    """Everybody, before a site that holds the world."""
    home = tmp_path_factory.mktemp("access")
    for name in ("incoming", "blobs", "made"):
        (home / name).mkdir()
    folder = {"location": str(home / "blobs"), "allow_overwrite": True}
    blobs = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": folder}
    told = {
        "HOME": home,
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "FILE_UPLOAD_TEMP_DIR": str(home / "incoming"),
        "STORAGES": configured.STORAGES | {"blobs": blobs},
    }
    with override_settings(**told), django_db_blocker.unblock(), transaction.atomic():
        yield Visitors(world_build(home / "made"), home)
        transaction.set_rollback(True)
    connection.close()


@pytest.fixture(scope="package")
def world(visitors: Visitors) -> World:
    """What there is to ask for."""
    return visitors.world
