"""Feeds to subscribe to, as Atom: what happens in a task, and which tasks there are."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fixpoint.leaderboard.cached import kept_answer
from fixpoint.organizing.news import MOST, News, news_of, news_state
from fixpoint.tasks.models import Task
from fixpoint.tasks.selectors import task_for, tasks_for


@require_safe
def task_feed(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Of one task, for whoever may look at it: made once, until something happens in the task."""
    try:
        task = task_for(request.user, slug)
    except Task.DoesNotExist as error:
        raise Http404 from error
    read_as = (request.get_host(), request.is_secure())
    what = ("feed", *read_as, news_state(task))
    return kept_answer(request, task, what, lambda: _made(request, slug), content_type=Atom1Feed.content_type)


def _made(request: HttpRequest, slug: str) -> bytes:
    with translation.override(settings.LANGUAGE_CODE):  # a reader of feeds keeps what it got for whoever reads
        return TaskFeed()(request, slug=slug).content


class TaskFeed(Feed):  # type: ignore[type-arg]  # the class is no generic one when it runs
    """Of one task, for whoever may look at it."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, slug: str) -> Task:
        """As the task's page."""
        try:
            return task_for(request.user, slug)
        except Task.DoesNotExist as error:
            raise Http404 from error

    def title(self, obj: Task) -> str:
        """The task's."""
        return obj.title

    def subtitle(self, obj: Task) -> str:
        """What it is about."""
        return obj.summary

    def link(self, obj: Task) -> str:
        """The task's page."""
        return reverse("task", args=[obj.slug])

    def feed_guid(self, obj: Task) -> str:
        """It stays if the site moves."""
        return f"urn:uuid:{obj.pk}"

    def items(self, obj: Task) -> list[News]:
        """The newest first."""
        return news_of(obj)

    def item_title(self, item: News) -> str:
        """In one line."""
        return item.title

    def item_description(self, item: News) -> str:
        """The text, if there is one, as HTML: readers take it for that."""
        return linebreaks(item.text, autoescape=True) if item.text else ""

    def item_link(self, item: News) -> str:
        """Where to read on."""
        return item.path

    def item_guid(self, item: News) -> str:
        """It stays if the site moves."""
        return item.key

    def item_pubdate(self, item: News) -> datetime:
        """When it happened."""
        return item.at

    def item_updateddate(self, item: News) -> datetime:
        """The same: what happened does not change."""
        return item.at


class SiteFeed(Feed):  # type: ignore[type-arg]
    """The tasks that everybody may find."""

    feed_type = Atom1Feed
    title = "Fixpoint"
    link = "/"

    def __call__(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """In the site's own language, as the feed of a task."""
        with translation.override(settings.LANGUAGE_CODE):
            return super().__call__(request, *args, **kwargs)

    def subtitle(self) -> str:
        """What it is a feed of."""
        return _("Tasks: competitions in data-centric AI")

    def items(self) -> list[Task]:
        """The newest first."""
        return list(tasks_for(AnonymousUser()).filter(visibility=Task.Visibility.PUBLIC)[:MOST])

    def item_title(self, item: Task) -> str:
        """The task's."""
        return item.title

    def item_description(self, item: Task) -> str:
        """What it is about, as HTML."""
        return linebreaks(item.summary, autoescape=True)

    def item_link(self, item: Task) -> str:
        """The task's page."""
        return reverse("task", args=[item.slug])

    def item_guid(self, item: Task) -> str:
        """It stays if the site moves."""
        return f"urn:uuid:{item.pk}"

    def item_pubdate(self, item: Task) -> datetime:
        """When it opened, or was made."""
        return item.opens_at or item.created_at

    def item_updateddate(self, item: Task) -> datetime:
        """The same."""
        return item.opens_at or item.created_at
