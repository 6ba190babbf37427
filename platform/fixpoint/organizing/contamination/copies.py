"""The same data in different teams: as a whole, by its zip, or image by image."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fixpoint.organizing.contamination.pictures import pictures_held
from fixpoint.organizing.contamination.suspicion import Kind, Suspicion, entries_looked_at, entry_link
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task

SHARED = 0.2
"""Share of the images of the smaller dataset that both teams hold and no third one."""
LEAST_SHARED = 20
"""Of such images: fewer are chance."""
LEAST_TEAMS = 3
"""With fewer teams it is unknown which images everybody started from."""
LEADING = 50
"""Teams whose images are compared: those with the best scores."""


def copies(task: Task) -> list[Suspicion]:
    """Datasets of equal content, and other datasets from an equal zip, that two teams entered."""
    entries = list(entries_looked_at(task).order_by("created_at"))
    by_content = _groups(entries, lambda entry: entry.dataset.digest)
    by_zip = _groups(entries, lambda entry: entry.dataset.archive_sha256)
    known = {frozenset(each.dataset_id for each in group) for group in by_content}
    other = [group for group in by_zip if frozenset(each.dataset_id for each in group) not in known]
    content = _("Teams entered datasets of the same images, splits and classes.")
    zips = _("Teams entered datasets that were uploaded as the same zip, byte for byte.")
    listed = [_of_group(Kind.SAME_DATASET, content, group) for group in by_content]
    return listed + [_of_group(Kind.SAME_ZIP, zips, group) for group in other]


def shared_images(task: Task) -> list[Suspicion]:
    """Of the leading teams' best entries, the most shared first. It reads one list of images a team."""
    best = _best_of_teams(task)
    held = pictures_held(best)
    sizes = Counter(team for teams in held.values() for team in teams)
    if len(sizes) < LEAST_TEAMS:
        return []
    pairs = Counter(frozenset(teams) for teams in held.values() if len(teams) == 2)
    found = []
    for pair, count in pairs.most_common():
        first, second = sorted(pair, key=lambda team: best[team].created_at)
        share = count / max(1, min(sizes[first], sizes[second]))
        if count >= LEAST_SHARED and share >= SHARED:
            found.append(_of_pair(best[first], best[second], count, share))
    return found


def _best_of_teams(task: Task) -> dict[UUID, Submission]:
    scored = entries_looked_at(task).filter(status=Submission.Status.SCORED)
    best: dict[UUID, Submission] = {}
    for entry in scored.order_by("-result__accuracy_public", "created_at"):
        best.setdefault(entry.team_id, entry)
        if len(best) == LEADING:
            break
    return best


def _groups(entries: Iterable[Submission], key: Callable[[Submission], str]) -> list[list[Submission]]:
    """Of each key that several teams share, the first entry of each dataset."""
    found: dict[str, dict[UUID, Submission]] = defaultdict(dict)
    for entry in entries:
        if key(entry):
            found[key(entry)].setdefault(entry.dataset_id, entry)
    groups = [list(each.values()) for each in found.values()]
    return [group for group in groups if len({each.team_id for each in group}) > 1]


def _of_group(kind: Kind, why: str, group: list[Submission]) -> Suspicion:
    teams = tuple(sorted({each.team.name for each in group}))
    return Suspicion(kind, why, teams, tuple(entry_link(each) for each in group))


def _of_pair(first: Submission, second: Submission, count: int, share: float) -> Suspicion:
    why = ngettext(
        "%(count)s image is in both and in no third of the leading teams: %(share)s %% of the smaller dataset.",
        "%(count)s images are in both and in no third of the leading teams: %(share)s %% of the smaller dataset.",
        count,
    ) % {"count": count, "share": f"{100 * share:.0f}"}
    teams = (first.team.name, second.team.name)
    return Suspicion(Kind.SHARED_IMAGES, why, teams, (entry_link(first), entry_link(second)))
