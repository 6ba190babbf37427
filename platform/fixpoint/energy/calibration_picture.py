"""The picture of a calibration: fitted against measured CPU-seconds, and what the fit leaves, as an SVG of its own."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10
from xml.sax.saxutils import escape

from fixpoint.energy.calibrate import Fit, RawRun

WIDTH, HEIGHT = 760, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 360, 48, 306
_GAP = 396
_STYLE = """
  .paper { fill: #ffffff } text { fill: #171a23; font: 12px system-ui, sans-serif } .quiet { fill: #555c6e }
  .title { font-weight: 600; font-size: 14px } .grid { stroke: #e2e5ec } .axis { stroke: #767d8f }
  .ideal { stroke: #767d8f; stroke-dasharray: 4 4 } .dot { fill: #4338ca } .stem { stroke: #4338ca; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #10131a } text { fill: #e9ebf1 } .quiet { fill: #a6aebf } .grid { stroke: #2a3040 }
    .axis, .ideal { stroke: #7d869b } .dot { fill: #a9a6ff } .stem { stroke: #a9a6ff }
  }
"""


def picture(name: str, runs: Sequence[RawRun], found: Fit) -> str:
    """Two panels over the same runs, with a description for who does not see them; light or dark as the reader's."""
    seconds, errors = [run.cpu_seconds for run in runs], found.relative_errors
    told = (
        f"Calibration {name}: {len(runs)} runs from {min(seconds):.1f} to {max(seconds):.1f} CPU-seconds. Relative "
        f"errors of the fit: from {min(errors):+.1%} to {max(errors):+.1%}, root mean square {found.residual:.1%}."
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
            f"<title>{escape(told)}</title><style>{_STYLE}</style>",
            f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>',
            *_fitted(runs, found),
            *_errors(runs, found),
            "</svg>\n",
        ]
    )


def _fitted(runs: Sequence[RawRun], found: Fit) -> list[str]:
    """Both on one logarithmic scale: a run that the fit explains lies on the dashed line."""
    pairs = [(run.cpu_seconds, run.cpu_seconds * (1 + error)) for run, error in _paired(runs, found)]
    steps = _decade_steps(min(map(min, pairs)), max(map(max, pairs)))
    low, high = log10(steps[0]), log10(steps[-1])

    def share(seconds: float) -> float:
        return (log10(seconds) - low) / (high - low)

    parts = [_text(_LEFT, 20, "Fitted against measured", "title"), _text(_LEFT, 38, "fitted CPU-seconds", "quiet")]
    for step in steps:
        parts += _mark_y(share(step), f"{step:g}", 0) + _mark_x(share(step), f"{step:g}", 0)
    parts.append(_line("ideal", _LEFT, _BOTTOM, _RIGHT, _TOP))
    parts += [_dot(_x(share(measured), 0), _y(share(fitted))) for measured, fitted in pairs]
    return [*parts, _text(_RIGHT, HEIGHT - 12, "measured CPU-seconds", "quiet", anchor="end")]


def _errors(runs: Sequence[RawRun], found: Fit) -> list[str]:
    """One stem a run, the smallest first."""
    worst = max(0.05, *(abs(error) for error in found.relative_errors))
    bound = ceil(worst * 20) / 20
    ordered = sorted(_paired(runs, found), key=lambda pair: pair[0].cpu_seconds)
    parts = [_text(_LEFT + _GAP, 20, "What the fit leaves", "title")]
    parts.append(_text(_LEFT + _GAP, 38, "(fitted − measured) / measured", "quiet"))
    for error in (-bound, -bound / 2, 0.0, bound / 2, bound):
        parts += _mark_y(_centred(error, bound), f"{error:+.1%}" if error else "0", _GAP)
    for number, (_, error) in enumerate(ordered):
        x, y = _x((number + 0.5) / len(ordered), _GAP), _y(_centred(error, bound))
        parts += [_line("stem", x, _y(0.5), x, y), _dot(x, y)]
    parts.append(_line("axis", _LEFT + _GAP, _y(0.5), _RIGHT + _GAP, _y(0.5)))
    return [*parts, _text(_RIGHT + _GAP, HEIGHT - 12, "runs, the shortest first", "quiet", anchor="end")]


def _paired(runs: Sequence[RawRun], found: Fit) -> list[tuple[RawRun, float]]:
    return list(zip(runs, found.relative_errors, strict=True))


def _centred(error: float, bound: float) -> float:
    return 0.5 + error / (2 * bound)


def _decade_steps(low: float, high: float) -> list[float]:
    """1, 2 and 5 of every decade that enclose low…high."""
    decades = range(floor(log10(low)), ceil(log10(high)) + 1)
    steps = [factor * 10.0**decade for decade in decades for factor in (1, 2, 5)]
    first = max(index for index, step in enumerate(steps) if step <= low)
    last = min(index for index, step in enumerate(steps) if step >= high)
    return steps[first : max(last, first + 1) + 1]


def _x(share: float, shift: float) -> float:
    return _LEFT + shift + share * (_RIGHT - _LEFT)


def _y(share: float) -> float:
    return _BOTTOM - share * (_BOTTOM - _TOP)


def _mark_y(share: float, label: str, shift: float) -> list[str]:
    y = _y(share)
    grid = _line("grid", _LEFT + shift, y, _RIGHT + shift, y)
    return [grid, _text(_LEFT + shift - 6, y + 4, label, "quiet", anchor="end")]


def _mark_x(share: float, label: str, shift: float) -> list[str]:
    return [_text(_x(share, shift), _BOTTOM + 18, label, "quiet", anchor="middle")]


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _dot(x: float, y: float) -> str:
    return f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4"/>'


def _text(x: float, y: float, text: str, kind: str, *, anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
