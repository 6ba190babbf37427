"""Pictures that the server draws as SVG; a table beside each says the same in words."""

from collections.abc import Sequence

from django import template
from django.urls import reverse

from fixpoint.leaderboard.page import BoardPage
from fixpoint.leaderboard.row import Row
from fixpoint.pages.charts.bars import Bars, bars_of
from fixpoint.pages.charts.curves import Curve, curve_of
from fixpoint.pages.charts.scatter import Scatter, Spot, scatter_of

register = template.Library()


@register.inclusion_tag("parts/scatter.html")
def scatter(page: BoardPage) -> dict[str, Scatter | None]:
    """Accuracy over grams on a log scale: what the page draws, grams as measured if the board is in that order."""
    measured = page.choice == "measured"
    return {"chart": scatter_of([_spot(row, measured=measured) for row in page.drawn], measured=measured)}


@register.inclusion_tag("parts/curve.html")
def curve(values: Sequence[float], others: Sequence[float], epochs: int, best: int | None) -> dict[str, Curve | None]:
    """Two lines over epochs: the first solid with its last value named, the second dashed."""
    return {"chart": curve_of(values, others, epochs=epochs, best=best)}


@register.simple_tag
def bars(counts: dict[str, dict[str, int]], classes: Sequence[str]) -> Bars:
    """Images of every class in train and val, with widths relative to the largest."""
    return bars_of(counts, classes)


def _spot(row: Row, *, measured: bool) -> Spot:
    return Spot(
        name=row.team.name,
        address=reverse("entry", args=[row.entry_id]),
        accuracy=row.accuracy,
        low=row.interval_low,
        high=row.interval_high,
        grams=row.grams_measured if measured else row.grams_standardised,
        is_on_front=row.is_on_front,
        is_reference=row.role != "participant",
    )
