"""Pictures that the server draws as SVG; a table beside each says the same in words."""

from collections.abc import Sequence

from django import template

from fixpoint.leaderboard.selectors import StandingsPage
from fixpoint.pages.charts.bars import Bars, bars_of
from fixpoint.pages.charts.curves import Curve, curve_of
from fixpoint.pages.charts.scatter import Scatter, scatter_of

register = template.Library()


@register.inclusion_tag("parts/scatter.html")
def scatter(standings: StandingsPage, order: str) -> dict[str, Scatter | None]:
    """Accuracy over grams on a log scale: the rows and the front, grams as measured if the board is in that order."""
    rows = {row.entry_id: row for row in (*standings.rows, *standings.pareto)}
    return {"chart": scatter_of(list(rows.values()), measured=order == "measured")}


@register.inclusion_tag("parts/curve.html")
def curve(values: Sequence[float], others: Sequence[float], epochs: int, best: int | None) -> dict[str, Curve | None]:
    """Two lines over epochs: the first solid with its last value named, the second dashed."""
    return {"chart": curve_of(values, others, epochs=epochs, best=best)}


@register.simple_tag
def bars(counts: dict[str, dict[str, int]], classes: Sequence[str]) -> Bars:
    """Images of every class in train and val, with widths relative to the largest."""
    return bars_of(counts, classes)
