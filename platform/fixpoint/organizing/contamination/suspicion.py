"""One line of the report: why something is listed, and where to look."""

from dataclasses import dataclass

from django.db import models
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task


class Kind(models.TextChoices):
    """What can be suspected; docs/organizing.md has the definitions with their numbers."""

    HIDDEN = "hidden", _("Hidden images")
    JUMP = "jump", _("Sudden jump")
    SAME_DATASET = "same-dataset", _("Same dataset")
    SAME_ZIP = "same-zip", _("Same zip")
    SHARED_IMAGES = "shared-images", _("Shared images")
    ALIKE_ACCOUNTS = "alike-accounts", _("Alike accounts")


@dataclass(frozen=True)
class Suspicion:
    """`links` are (what it is called, path) of all that it is about."""

    kind: Kind
    why: str
    teams: tuple[str, ...]
    links: tuple[tuple[str, str], ...]


def entries_looked_at(task: Task) -> QuerySet[Submission]:
    """What participants entered, once each: no baselines, no runs again, nothing cancelled."""
    found = Submission.objects.filter(task=task, role=Submission.Role.PARTICIPANT, rerun_of=None)
    found = found.exclude(status=Submission.Status.CANCELLED)
    return found.select_related("dataset", "team", "result").defer("result__correct", "result__per_seed")


def entry_link(entry: Submission) -> tuple[str, str]:
    """To the entry's page."""
    return f"{entry.dataset.name} ({entry.team.name})", reverse("entry", args=[entry.pk])
