"""Which page of a long list the address asks for."""

from typing import TypeVar

from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, QueryDict

Row = TypeVar("Row", bound=Model)


def page_of(rows: QuerySet[Row], query: QueryDict, size: int) -> Page[Row]:
    """The page, the first one by default; Http404 where there is none of that number."""
    asked = query.get("page", "1")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 8):
        raise Http404
    try:
        return Paginator(rows, size).page(int(asked))
    except EmptyPage as error:
        raise Http404 from error


def query_without(query: QueryDict, *names: str) -> str:
    """The rest of the address's query, to go on with: "" or ended by &."""
    kept = query.copy()
    for name in names:
        kept.pop(name, None)
    return f"{kept.urlencode()}&" if kept else ""
