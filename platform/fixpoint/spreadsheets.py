"""Lists as CSV files that a spreadsheet may open: what a stranger wrote into a cell stays text."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Beginnings that spreadsheets take for a formula, as OWASP lists them, the full-width ones too."""


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A file to save under this name, as UTF-8 that Excel takes for such."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def harmless(cell: object) -> object:
    """A text that would begin a formula gets an apostrophe in front, which spreadsheets do not show; numbers stay."""
    if isinstance(cell, str) and cell.lstrip(" \u00a0").startswith(_FORMULAS):
        return f"'{cell}"
    return cell
