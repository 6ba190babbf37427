"""What happens in a task, for those who follow it from afar."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max
from django.urls import reverse
from django.utils.translation import gettext as _

from fixpoint.energy.estimates import grams
from fixpoint.figures import significant
from fixpoint.leaderboard.models import Revision
from fixpoint.organizing.announcing import announcements_of
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task

MOST = 50


@dataclass(frozen=True)
class News:
    """Something that happened in a task; `key` tells it from all others anywhere, for good."""

    key: str
    at: datetime
    title: str
    text: str
    path: str


def news_of(task: Task) -> list[News]:
    """The newest first: announcements, each entry that was told as the best until then, the close, its standings."""
    board = reverse("board", args=[task.slug])
    found = [
        News(
            _key(task, "announcement", each.pk),
            each.created_at,
            each.title,
            each.text,
            reverse("task", args=[task.slug]),
        )
        for each in announcements_of(task)[:MOST]
    ]
    found += _leaders(task, board)
    if task.phase == Task.Status.CLOSED and task.closes_at:
        found.append(News(_key(task, "closed"), task.closes_at, _("%(task)s is over") % {"task": task}, "", board))
    revisions = Revision.objects.filter(task=task).defer("body", "signed")[:MOST]
    standings = reverse("standings", args=[task.slug])
    found += [
        News(
            _key(task, "revision", each.number),
            each.created_at,
            _("Final standings, revision %(number)s") % {"number": each.number},
            each.why,
            standings,
        )
        for each in revisions
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)[:MOST]


def news_state(task: Task) -> Hashable:
    """Changes with what there is to tell and is not numbered with the board: announcements and revisions."""
    announcements = announcements_of(task).aggregate(newest=Max("pk"), number=Count("pk"))
    revisions = Revision.objects.filter(task=task).aggregate(newest=Max("number"))
    return (*announcements.values(), *revisions.values())


def _leaders(task: Task, board: str) -> list[News]:
    """By the score as it was told, in the order in which they were told."""
    standing = Submission.objects.filter(
        task=task,
        status=Submission.Status.SCORED,
        role=Submission.Role.PARTICIPANT,
        rerun_of=None,
        disqualified_at=None,
        withdrawn_at=None,
    )
    if task.closes_at:
        standing = standing.filter(created_at__lt=task.closes_at)
    best, found = -1.0, []
    rows = standing.order_by("ended_at", "pk").values_list(
        "pk", "ended_at", "accuracy", "team__name", "result__standardised_kwh"
    )
    for pk, ended_at, accuracy, team, kwh in rows:
        if accuracy is None or accuracy <= best or ended_at is None:
            continue
        best = accuracy
        title = _("%(team)s leads with %(accuracy)s") % {
            "team": team,
            "accuracy": f"{accuracy:.{task.score_decimals}f}",
        }
        text = _("%(grams)s g of CO₂, standardised; the best score in %(task)s until then.") % {
            "grams": significant(grams(kwh or 0.0, task.grid_g_per_kwh, task.pue)),
            "task": task,
        }
        found.append(News(_key(task, "leader", pk), ended_at, title, text, board))
    return found


def _key(task: Task, *parts: object) -> str:
    return ":".join(["urn:fixpoint", *(str(each) for each in (task.pk, *parts))])
