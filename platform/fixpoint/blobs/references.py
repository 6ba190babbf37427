"""Which columns of the database name blobs: each app tells of its own, and the settings tell of the apps."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils.module_loading import import_string

PORTIONS = "0123456789abcdef"
"""Digests by their first digit: so many are in memory at once, and no more."""


@dataclass(frozen=True)
class Column:
    """A column whose values name blobs, "" none.

    `kept` are the rows whose blob must be there. `what` it holds, whose it is (`subject`) and what to do without it
    (`remedy`) are told to a person.
    """

    kept: Callable[[], QuerySet[Any]]
    field: str
    what: str
    subject: Callable[[Any], str]
    remedy: str

    @property
    def place(self) -> tuple[type[Model], str]:
        """Model and field."""
        return self.kept().model, self.field


@dataclass(frozen=True)
class Holder:
    """Somebody's thing that needs a blob."""

    what: str
    subject: str
    remedy: str


def columns() -> list[Column]:
    """All of them."""
    return [column for name in settings.BLOB_COLUMNS for column in import_string(name)]


def is_referenced(sha256: str) -> bool:
    """Whether anything names this blob now."""
    return any(column.kept().filter(**{column.field: sha256}).exists() for column in columns())


def referenced(portion: str) -> Iterator[str]:
    """Digests that begin with `portion` and that something names; one may come several times."""
    for column in columns():
        named = column.kept().exclude(**{column.field: ""}).filter(**{f"{column.field}__startswith": portion})
        yield from named.order_by().values_list(column.field, flat=True).distinct().iterator()


def holders(sha256: str, most: int = 5) -> list[Holder]:
    """Whose a blob is, `most` of each column."""
    return [
        Holder(column.what, column.subject(row), column.remedy)
        for column in columns()
        for row in column.kept().filter(**{column.field: sha256})[:most]
    ]
