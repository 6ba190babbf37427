"""Updates whose statement is put together once, by Django, and then asked with other values."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet
from django.db.models.sql import UpdateQuery

from fixpoint.statements.asking import Later, PerDatabase, filled, here


class KeptUpdate:
    """`rows` gives a queryset as for `Kept`; `columns` are set to the values of this time, `to` to what stands there.

    With `returning` the statement answers with that column of the rows that it changed.
    """

    def __init__(
        self,
        rows: Callable[[], QuerySet[Any]],
        columns: Collection[str] = (),
        *,
        to: dict[str, object] | None = None,
        returning: str = "",
    ) -> None:
        self._rows = rows
        self._columns = tuple(columns)
        self._to = to or {}
        self._returning = returning
        self._statement = PerDatabase(self._put_together)

    def run(self, columns: dict[str, Any] | None = None, **values: object) -> int:
        """Set these columns where these values match; returns the number of rows."""
        statement, connection = self._statement(), here()
        values |= statement.saved(columns or {}, connection)
        with transaction.mark_for_rollback_on_error(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(statement.sql, filled(statement.parameters, values, connection))
            return int(cursor.rowcount)

    def answer(self, **values: object) -> list[Any]:
        """The same, of one that is `returning`: its answer."""
        statement, connection = self._statement(), here()
        with transaction.mark_for_rollback_on_error(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(statement.sql, filled(statement.parameters, values, connection))
            return [row[0] for row in cursor.fetchall()]

    def _put_together(self) -> _Statement:
        rows, connection = self._rows(), here()
        query: Any = rows.query.chain(UpdateQuery)
        query.add_update_values({name: Later(_set(name)) for name in self._columns} | self._to)
        sql, parameters = query.get_compiler(using=connection.alias).as_sql()
        if self._returning:
            column = rows.model._meta.get_field(self._returning).column  # noqa: SLF001 Django's documented name
            sql += f" RETURNING {connection.ops.quote_name(column)}"
        return _Statement(sql, parameters, rows.model)


@dataclass(frozen=True)
class _Statement:
    sql: str
    parameters: tuple[object, ...]
    model: type[Model]

    def saved(self, columns: dict[str, Any], connection: BaseDatabaseWrapper) -> dict[str, object]:
        """Values as the columns' fields hand them to the database."""
        fields = {name: self.model._meta.get_field(name) for name in columns}  # noqa: SLF001 Django's documented name
        return {_set(name): fields[name].get_db_prep_save(columns[name], connection) for name in columns}  # type: ignore[union-attr]


def _set(name: str) -> str:
    """Apart from the values that rows are found by: a column may be both."""
    return f"set {name}"
