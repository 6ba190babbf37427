"""Entries whose dataset holds images of the hidden set."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fixpoint.datasets.models import HiddenOverlap
from fixpoint.organizing.contamination.suspicion import Kind, Suspicion, entries_looked_at, entry_link
from fixpoint.tasks.models import Task


def hidden_images_entered(task: Task) -> list[Suspicion]:
    """Any image, equal or nearly; the most first. Two queries."""
    entries = {each.dataset_id: each for each in entries_looked_at(task).order_by("created_at")}
    rows = HiddenOverlap.objects.filter(dataset__in=entries)
    found = [row for row in rows if row.exact or row.near]
    found.sort(key=lambda row: (len(row.exact), len(row.near)), reverse=True)
    listed = []
    for row in found:
        entry = entries[row.dataset_id]
        address = reverse("dataset_hidden_overlap", args=[row.dataset_id])
        links = (entry_link(entry), (_("its images of the hidden set"), address))
        listed.append(Suspicion(Kind.HIDDEN, _why(len(row.exact), len(row.near)), (entry.team.name,), links))
    return listed


def _why(exact: int, near: int) -> str:
    equal = ngettext("%(count)s image is a hidden one", "%(count)s images are hidden ones", exact) % {"count": exact}
    alike = ngettext("%(count)s is nearly one", "%(count)s are nearly such", near) % {"count": near}
    return _("%(equal)s, %(alike)s.") % {"equal": equal, "alike": alike}
