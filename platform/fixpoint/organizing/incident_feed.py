"""Incidents of the site as Atom: each update is an item."""

from datetime import UTC, datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.translation import gettext as _

from fixpoint.organizing.incidents import incidents_shown
from fixpoint.organizing.models import IncidentUpdate

_MOST = 50


class IncidentFeed(Feed):  # type: ignore[type-arg]  # the class is no generic one when it runs
    """What was said of incidents of the last 90 days."""

    feed_type = Atom1Feed
    link = "/status/"

    def __call__(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """In the site's own language, as its other feeds."""
        with translation.override(settings.LANGUAGE_CODE):
            return super().__call__(request, *args, **kwargs)

    def title(self) -> str:
        """What it is a feed of."""
        return _("Fixpoint: status")

    def items(self) -> QuerySet[IncidentUpdate]:
        """The newest first."""
        return IncidentUpdate.objects.filter(incident__in=incidents_shown()).select_related("incident")[:_MOST]

    def item_title(self, item: IncidentUpdate) -> str:
        """The incident's, and whether it was to come or over when this was said."""
        title = {"title": item.incident.title}
        if item.ends:
            return _("Over: %(title)s") % title
        return _("Planned: %(title)s") % title if item.is_ahead else item.incident.title

    def item_description(self, item: IncidentUpdate) -> str:
        """When it began, begins or was over, and what was said, as HTML: readers take it for that."""
        return linebreaks(f"{_when(item)}\n\n{item.text}", autoescape=True)

    def item_link(self, item: IncidentUpdate) -> str:
        """Where it stands."""
        return f"{reverse('status')}#incident-{item.incident_id}"

    def item_guid(self, item: IncidentUpdate) -> str:
        """It stays if the site moves."""
        return f"fixpoint:incident:{item.incident_id}:{item.pk}"

    def item_pubdate(self, item: IncidentUpdate) -> datetime:
        """When it was said."""
        return item.at

    def item_updateddate(self, item: IncidentUpdate) -> datetime:
        """The same: it does not change."""
        return item.at


def _when(item: IncidentUpdate) -> str:
    begins, ends = _told(item.incident.began_at), item.incident.ended_at
    if item.ends and ends:
        return _("From %(begins)s to %(ends)s UTC.") % {"begins": begins, "ends": _told(ends)}
    says = _("It begins on %(begins)s UTC.") if item.is_ahead else _("It began on %(begins)s UTC.")
    return says % {"begins": begins}


def _told(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}"
