"""An entry to be shared and printed: who, what, how well and at what cost, with a picture for link previews."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fixpoint.leaderboard.row import Row
from fixpoint.leaderboard.selectors import board_shown
from fixpoint.pages.badge_page import SECONDS
from fixpoint.pages.preview_picture import drawable, preview
from fixpoint.pages.templatetags.figures import SPACE, grams, half_width, share
from fixpoint.pages.told import measured_grams, own_or_404, reach, standardised_grams, told_accuracy, told_interval
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task
from fixpoint.teams.selectors import members_of


@require_safe
def certificate(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """The page."""
    entry = own_or_404(request, entry_id)
    row = _row(entry)
    context = {
        "entry": entry,
        "task": entry.task,
        "accuracy": told_accuracy(entry),
        "interval": told_interval(entry, row),
        "grams": standardised_grams(entry),
        "measured": measured_grams(entry),
        "row": row,
        "members": _members(entry, row),
        "ranked": len(board_shown(entry.task).accuracy),
        "is_final": entry.task.phase == Task.Status.CLOSED,
    }
    return render(request, "submissions/certificate.html", context)


@require_safe
def picture(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """PNG, with the figures as they may be told now."""
    entry = own_or_404(request, entry_id)
    row = _row(entry)
    interval = told_interval(entry, row)
    png = preview(
        title=drawable(entry.task.title, entry.task.slug),
        name=drawable(entry.team.name, f"Entry {entry.pk.hex[:8]}"),
        accuracy=str(share(told_accuracy(entry))),
        margin=half_width(interval.low, interval.high).replace(SPACE, " "),
        grams=str(grams(standardised_grams(entry))).replace(SPACE, " "),
        note=_note(entry, row),
    )
    response = HttpResponse(png, content_type="image/png")
    response.headers["Cache-Control"] = f"{reach(entry.task)}, max-age={SECONDS}"
    return response


def _members(entry: Submission, row: Row | None) -> list[str]:
    """Of its team, where the name does not say them; of a frozen board those of then."""
    names = list(row.team.members) if row else members_of(entry.team)
    return [] if names == [entry.team.name] else names


def _note(entry: Submission, row: Row | None) -> str:
    if entry.disqualified_at:
        return "Disqualified: it stands on no board."
    when = "final standings" if entry.task.phase == Task.Status.CLOSED else f"{entry.created_at:%Y-%m-%d}, still open"
    return f"Place {row.rank} of {len(board_shown(entry.task).accuracy)}, {when}" if row else when.capitalize()


def _row(entry: Submission) -> Row | None:
    """Where it stands by accuracy; None where another entry of its team does, or none."""
    row = board_shown(entry.task).row_of_team(entry.team_id)
    return row if row and row.entry_id == entry.pk else None
