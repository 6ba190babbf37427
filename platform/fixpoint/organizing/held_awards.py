"""Awards that stand with entries that do not any more: who decides on an entry is told of them."""

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from fixpoint.organizing.award_models import Award
from fixpoint.submissions.models import Submission

_FALLEN = Q(submission__disqualified_at__isnull=False) | Q(submission__withdrawn_at__isnull=False)


def held_by_fallen(awards: QuerySet[Award]) -> QuerySet[Award]:
    """Those of them, not revoked, whose entry was disqualified or withdrawn."""
    return awards.filter(_FALLEN, revoked_at=None).select_related("submission__dataset", "submission__team")


def held_says(award: Award) -> str:
    """Which entry holds what."""
    names = {"entry": award.submission.dataset.name, "team": award.submission.team.name, "award": award.label}
    if award.published_at:
        return _("%(entry)s (%(team)s) still holds the award “%(award)s”, and everybody sees it.") % names
    return _("%(entry)s (%(team)s) still holds the award “%(award)s”.") % names


def held_tell(request: HttpRequest, entries: Iterable[Submission]) -> None:
    """Say what those of them that stand no longer hold, with the way to revoking it."""
    awards = Award.objects.filter(submission__in=[each.pk for each in entries]).select_related("task")
    for award in held_by_fallen(awards):
        way = reverse("organize_awards", args=[award.task.slug])
        says = format_html('{} <a href="{}#award-{}">{}</a>', held_says(award), way, award.pk, _("Revoke it"))
        messages.warning(request, says)
