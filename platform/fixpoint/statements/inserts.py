"""Inserts whose statement is put together once for a table, by Django, and then asked for other rows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery

from fixpoint.statements.asking import here

_FEW = 100
"""Above that Django's own way costs little beside the rows, and knows how many values a database takes at once."""


def row_insert(row: Model) -> None:
    """Insert a new row as `save(force_insert=True)` does."""
    rows_insert([row])


def rows_insert(
    rows: Sequence[Model],
    *,
    ignores: bool = False,
    unique: tuple[str, ...] = (),
    updated: tuple[str, ...] = (),
) -> None:
    """Insert new rows of one table as `bulk_create` does; alone a row gets its number.

    With `ignores` a row that is there stays as it is; else of one that is there under `unique` the columns `updated`
    are written anew.
    """
    if not rows:
        return
    model = type(rows[0])
    has_number = model._meta.auto_field is not None and rows[0].pk is not None  # noqa: SLF001 Django's documented name
    if len(rows) > _FEW or has_number:
        conflict: dict[str, Any] = {"ignore_conflicts": ignores}
        if updated:
            conflict = {"update_conflicts": True, "unique_fields": unique, "update_fields": updated}
        model._default_manager.bulk_create(rows, **conflict)  # noqa: SLF001 Django's documented name
        return
    connection = here()
    numbered = len(rows) == 1 and rows[0].pk is None and not (ignores or updated)
    sql, fields = _statement(connection.vendor, model, len(rows), numbered, ignores, unique, updated)
    values = [[each.get_db_prep_save(each.pre_save(row, True), connection) for each in fields] for row in rows]
    with transaction.mark_for_rollback_on_error(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(sql, _in_order(sql, values))
        if numbered:
            rows[0].pk = cursor.fetchone()[0]
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 Django's documented name


@lru_cache(maxsize=256)
def _statement(
    _vendor: str,
    model: type[Model],
    count: int,
    numbered: bool,
    ignores: bool,
    unique: tuple[str, ...],
    updated: tuple[str, ...],
) -> tuple[str, list[Any]]:
    """For so many rows; and the fields whose values it takes, row by row in this order."""
    meta: Any = model._meta  # noqa: SLF001 Django's documented name
    fields = [each for each in meta.concrete_fields if each is not meta.auto_field]
    query: Any = InsertQuery(
        model,
        on_conflict=OnConflict.UPDATE if updated else OnConflict.IGNORE if ignores else None,
        unique_fields=[meta.get_field(name) for name in unique],
        update_fields=[meta.get_field(name) for name in updated],
    )
    query.insert_values(fields, [model() for _ in range(count)])
    compiler = query.get_compiler(using=here().alias)
    compiler.returning_fields = [meta.pk] if numbered else None
    [(sql, _)] = compiler.as_sql()
    return sql, fields


def _in_order(sql: str, rows: list[list[Any]]) -> list[Any]:
    """PostgreSQL is handed several rows as one list a column: UNNEST, Django's way of inserting them."""
    if "UNNEST(" in sql:
        return [list(column) for column in zip(*rows, strict=True)]
    return [value for row in rows for value in row]
