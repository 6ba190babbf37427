"""Querysets whose statement is put together once, by Django, and then asked with other values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators  # type: ignore[attr-defined]
from django.db.transaction import TransactionManagementError

from fixpoint.statements.asking import PerDatabase, filled, here

Row = TypeVar("Row", bound=Model)


class Kept(Generic[Row]):
    """`rows` gives a queryset in which a `Later` stands wherever the value is known only when it is asked.

    Rows are read as Django reads them, `select_related` and `values_list` too; annotations and prefetching are not.
    """

    def __init__(self, rows: Callable[[], QuerySet[Row, Any]]) -> None:
        self._rows = rows
        self._statement = PerDatabase(self._put_together)

    def all(self, **values: object) -> list[Row]:
        """Every row."""
        statement = self._statement()
        return [statement.instance(row) for row in statement.asked(values)]

    def first(self, **values: object) -> Row | None:
        """The first row, if there is one: what asks so is cut to it, or can match no more."""
        return next(iter(self.all(**values)), None)

    def one(self, **values: object) -> Row:
        """The row that must be there; else its model's DoesNotExist, which nobody takes for a report out of shape."""
        row = self.first(**values)
        if row is None:
            raise self._statement().model.DoesNotExist
        return row

    def tuples(self, **values: object) -> list[tuple[Any, ...]]:
        """Every row's values alone."""
        return [tuple(row) for row in self._statement().asked(values)]

    def _put_together(self) -> _Statement:
        rows, connection = self._rows(), here()
        compiler: Any = rows.query.get_compiler(using=connection.alias)
        sql, parameters = compiler.as_sql()
        columns = [column for column, *_ in compiler.select[: compiler.col_count]]
        converters = [(place, how, column) for place, (how, column) in compiler.get_converters(columns).items()]
        locks = bool(rows.query.select_for_update)
        made: dict[str, Any] = {"sql": sql, "parameters": parameters, "converters": converters, "locks": locks}
        if compiler.klass_info is None:
            return _Statement(**made)
        places = compiler.klass_info["select_fields"]
        names = tuple(compiler.select[place][0].target.attname for place in places)
        related = get_related_populators(compiler.klass_info, compiler.select, connection.alias)
        return _Statement(**made, model=compiler.klass_info["model"], names=names, related=related)


@dataclass(frozen=True)
class _Statement:
    sql: str
    parameters: tuple[object, ...]
    converters: list[tuple[int, list[Callable[..., Any]], Any]]
    locks: bool
    model: Any = None
    names: tuple[str, ...] = ()
    related: Any = ()

    def asked(self, values: dict[str, object]) -> list[list[Any]]:
        """Rows as they are in the database, but for what their fields make of them."""
        connection = here()
        if self.locks and not connection.in_atomic_block:  # Django says so, too, but only when it puts it together
            raise TransactionManagementError("Rows are held until a transaction ends: there is none.")
        with connection.cursor() as cursor:
            cursor.execute(self.sql, filled(self.parameters, values, connection))
            rows = [list(row) for row in cursor.fetchall()]
        for place, how, column in self.converters:
            for row in rows:
                for each in how:
                    row[place] = each(row[place], column, connection)
        return rows

    def instance(self, row: list[Any]) -> Any:
        """With what was selected beside it. Its own columns come first."""
        found = self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[: len(self.names)])
        for each in self.related:
            each.populate(row, found)
        return found
