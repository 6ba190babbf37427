"""Lines of the board's tables: each is rendered once, for as long as nothing changes that it tells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from fixpoint.leaderboard.evidence import Marks
from fixpoint.leaderboard.page import BoardPage
from fixpoint.leaderboard.row import Row
from fixpoint.pages.templatetags.figures import moved, whole

register = template.Library()

MOST_LINES = 4096
"""Of all boards together, 3 KB each."""


@dataclass(frozen=True)
class _Told:
    """What a line says beside its row."""

    title: str
    is_tied: bool
    is_near_front: bool
    is_most_accurate: bool
    is_greenest: bool
    is_over: bool
    shows_public: bool
    has_baseline: bool
    order: str


class _NoMarks(Marks):
    """A line that is kept must not keep a whole board: what its marks said stands in _Told."""

    def __init__(self) -> None:
        """Of no board."""


_UNMARKED = _NoMarks()


@register.simple_tag
def line(kind: str, row: Row, page: BoardPage) -> SafeString:
    """A row by the template `leaderboard/lines/<kind>.html`.

    One new score moves many by a place: so the place is left open there, as <!--rank--> and <!--moved-->.
    """
    titled = kind in {"by_accuracy", "by_emissions", "drawn", "own"}
    told = _Told(
        title=page.title_of(row.entry_id),
        is_tied=titled and row.is_tied,
        is_near_front=titled and row.is_near_front,
        is_most_accurate=titled and row.entry_id == page.most_accurate,
        is_greenest=titled and row.entry_id in page.greenest,
        is_over=page.is_over,
        shows_public=page.shows_public,
        has_baseline=page.has_baseline,
        order=page.order,
    )
    anywhere = replace(row, rank=0, public_rank=None, movement=None, marks=_UNMARKED)
    made = _rendered(kind, anywhere, told, get_language())
    placed = made.replace("<!--rank-->", whole(row.rank)).replace("<!--moved-->", moved(row.movement))
    return mark_safe(placed)  # noqa: S308 a template of ours rendered it; what it shows of a name is escaped


@lru_cache(maxsize=MOST_LINES)
def _rendered(kind: str, row: Row, told: _Told, _language: str | None) -> str:
    return render_to_string(f"leaderboard/lines/{kind}.html", {"row": row, **vars(told)})
