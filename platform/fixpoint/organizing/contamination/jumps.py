"""Scores that rise a lot while hardly any image has changed."""

from collections import Counter
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _

from fixpoint.datasets.manifest import ManifestError, known_by, manifest_of
from fixpoint.datasets.models import Dataset
from fixpoint.organizing.contamination.suspicion import Kind, Suspicion, entries_looked_at, entry_link
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task

RISE = 0.05
"""Of the exact accuracy on the public hidden images, against the team's scored entry before it."""
FEW = 0.05
"""Share of the images of the larger of both datasets that were added, removed or relabelled, at most."""


def jumps(task: Task) -> list[Suspicion]:
    """The highest first; only datasets between which a score rose so much are read."""
    scored = entries_looked_at(task).filter(status=Submission.Status.SCORED).order_by("team", "created_at")
    found: list[tuple[float, Suspicion]] = []
    for _team, entries in groupby(scored, key=lambda entry: entry.team_id):
        before: Submission | None = None
        for entry in entries:
            if before and before.recipe_digest == entry.recipe_digest:
                rise = entry.result.accuracy_public - before.result.accuracy_public
                if rise >= RISE and (line := _line(before, entry, rise)):
                    found.append((rise, line))
            before = entry
    found.sort(key=lambda each: each[0], reverse=True)
    return [line for _rise, line in found]


def changed_share(before: Dataset, after: Dataset) -> float | None:
    """By pixels, split and class; None where a list of images is not there any more."""
    try:
        manifests = [manifest_of(each.manifest_sha256) for each in (before, after)]
    except ManifestError:
        return None
    known = known_by(*manifests)
    old, new = (Counter((known(each), each.split, each.label) for each in images) for images in manifests)
    changed = max((old - new).total(), (new - old).total())
    return changed / max(1, old.total(), new.total())


def _line(before: Submission, entry: Submission, rise: float) -> Suspicion | None:
    share = changed_share(before.dataset, entry.dataset)
    if share is None or share > FEW:
        return None
    why = _("Accuracy rose by %(rise)s, while %(share)s %% of the images changed.") % {
        "rise": f"{rise:.4f}",
        "share": f"{100 * share:.1f}",
    }
    links = [entry_link(before), entry_link(entry)]
    if before.dataset.owner_id == entry.dataset.owner_id and before.dataset_id != entry.dataset_id:
        address = reverse("dataset_comparison", args=[entry.dataset_id])
        links.append((_("what changed"), f"{address}?with={before.dataset_id}"))
    return Suspicion(Kind.JUMP, why, (entry.team.name,), tuple(links))
