"""Asking a statement that was put together before, with the values of this time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression

Made = TypeVar("Made")


class Later(Expression):
    """Stands in a queryset for a value that is known when its statement is asked."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, _compiler: Any, _connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        """A place in the statement; itself stands among the values until they are known."""
        return "%s", [self]


class PerDatabase(Generic[Made]):
    """What is put together at its first use, once for each kind of database: the tests know two."""

    def __init__(self, make: Callable[[], Made]) -> None:
        self._make = make
        self._made: dict[str, Made] = {}

    def __call__(self) -> Made:
        """It; two threads that come first may both make it, and one is kept."""
        vendor = here().vendor
        made = self._made.get(vendor)
        if made is None:
            made = self._made[vendor] = self._make()
        return made


def here() -> BaseDatabaseWrapper:
    """This thread's connection itself: `django.db.connection` looks it up again at each of its attributes."""
    return connections[DEFAULT_DB_ALIAS]


def filled(parameters: Sequence[object], values: dict[str, object], connection: BaseDatabaseWrapper) -> list[Any]:
    """The parameters of a statement, with these values in the places that wait for them."""
    return [_adapted(values[each.name], connection) if isinstance(each, Later) else each for each in parameters]


def _adapted(value: object, connection: BaseDatabaseWrapper) -> object:
    """As Django's fields hand it to the database; SQLite knows neither identifiers nor times."""
    match value:
        case UUID() if not connection.features.has_native_uuid_field:
            return value.hex
        case datetime():
            return connection.ops.adapt_datetimefield_value(value)
    return value
