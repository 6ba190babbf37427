"""Lists as CSV files that a spreadsheet may open: what a stranger wrote into a cell stays text."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

_SIGNS = r"=+\-@\uff1d\uff0b\uff0d\uff20"
_BEGINNING = re.compile(rf"^(?=[ \u00a0\"]*[{_SIGNS}\t\r\n])|(?<=[;\t\r\n])(?=[ \u00a0\"]*[{_SIGNS}])")
"""Where a formula begins, by the signs that OWASP lists, the full-width ones too: in the cell, and in what becomes a
cell where the list separator is a semicolon, as in most of Europe, or a tab. Quotes alone do not prevent that: there
the commas are text, so a row is one long cell of which only the first part is quoted."""


def csv_response(
    name: str, header: Sequence[str], rows: Iterable[Sequence[object]], *, for_programs: bool = False
) -> HttpResponse:
    """A file to save under this name, as UTF-8 that Excel takes for such.

    What is read `for_programs` first begins with the header itself, and quotes only where it must.
    """
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_MINIMAL if for_programs else csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    mark = "" if for_programs else "\ufeff"
    response = HttpResponse(mark + text.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def harmless(cell: object) -> object:
    """Whatever would begin a formula gets an apostrophe in front, which makes it a text; numbers stay."""
    return _BEGINNING.sub("'", cell) if isinstance(cell, str) else cell
