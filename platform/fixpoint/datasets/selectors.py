"""Reading datasets: who may see one, and what there is to say about it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset, HiddenOverlap, Remark
from fixpoint.datasets.rules import SHOWN_PER_RULE, ArchiveRules, Rule, catalogue
from fixpoint.sayings.saying import said
from fixpoint.tasks.ingestion import unpacked_bytes
from fixpoint.tasks.models import Task
from fixpoint.tasks.running import runs
from fixpoint.tasks.selectors import sees
from fixpoint.teams.selectors import are_mates

REMARK_COLUMNS = ("severity", "rule", "file", "what is wrong", "what to do")


@dataclass(frozen=True)
class RemarkGroup:
    """All remarks of one rule: the first ten and the count of all."""

    rule: Rule
    severity: str
    total: int
    first: list[Remark]

    @property
    def more(self) -> int:
        """Remarks that are not shown."""
        return self.total - len(self.first)


def dataset_for(user: User | AnonymousUser, dataset_id: UUID) -> Dataset:
    """The dataset, for its owner, their team and organizers; Dataset.DoesNotExist for others, and once deleted."""
    dataset = Dataset.objects.filter(deleted_at=None).select_related("task", "owner").get(pk=dataset_id)
    if not user.is_authenticated or not (_is_own(user, dataset) or runs(user, dataset.task)):
        raise Dataset.DoesNotExist
    return dataset


def dataset_even_deleted(user: User | AnonymousUser, dataset_id: UUID) -> Dataset:
    """For who may stop, delete and restore it: its owner and organizers; others of a team look at it and enter it."""
    dataset = Dataset.objects.select_related("task", "owner").get(pk=dataset_id)
    if not may_manage(user, dataset):
        raise Dataset.DoesNotExist
    return dataset


def may_manage(user: User | AnonymousUser, dataset: Dataset) -> bool:
    """Whether this person may stop, delete and restore it."""
    return user.is_authenticated and (user.pk == dataset.owner_id or runs(user, dataset.task))


def datasets_deleted(user: User) -> QuerySet[Dataset]:
    """A person's own that can still be restored, or whose entries remain, the last one deleted first."""
    return Dataset.objects.filter(owner=user, deleted_at__isnull=False).select_related("task").order_by("-deleted_at")


def _is_own(user: User, dataset: Dataset) -> bool:
    """Theirs, or of their team in a task that they may still look at."""
    is_owner = user.pk == dataset.owner_id
    return is_owner or (are_mates(user, dataset.owner_id, dataset.task_id) and sees(user, dataset.task))


def datasets_unexamined() -> QuerySet[Dataset]:
    """Accepted ones whose pre-check is still to come, the oldest first."""
    waiting = Dataset.objects.filter(status=Dataset.Status.ACCEPTED, examined_at=None, deleted_at=None)
    return waiting.exclude(looks_sha256="").order_by("ended_at")


def archive_rules(task: Task) -> ArchiveRules:
    """The task's limits in the words of the archive's rules."""
    return ArchiveRules(
        classes=tuple(task.classes),
        images=task.max_images,
        archive_bytes=task.max_archive_bytes,
        unpacked_bytes=unpacked_bytes(task),
        image_bytes=task.max_image_bytes,
        image_pixels=task.max_image_pixels,
    )


def remark_groups(dataset: Dataset) -> list[RemarkGroup]:
    """Reasons and findings by rule, in the catalogue's order; constant memory however many there are."""
    known = _rules(dataset)
    totals = dataset.remarks.values("rule", "severity").annotate(total=Count("pk")).order_by()
    groups = [_group(dataset, known, each["rule"], each["severity"], each["total"]) for each in totals]
    unlisted = _unlisted(dataset, {each["rule"] for each in totals})
    groups += [_group(dataset, known, code, severity, 0) for code, severity in unlisted]
    return sorted(groups, key=lambda group: (group.severity != Remark.Severity.REFUSAL, group.rule.number))


def remark_rows(dataset: Dataset) -> Iterator[tuple[object, ...]]:
    """Every reason and finding that is kept, under REMARK_COLUMNS; a last row a rule counts what is not."""
    known = _rules(dataset)
    kept: Counter[tuple[str, str]] = Counter()
    for remark in dataset.remarks.all():
        rule = known.get(remark.rule) or _unknown(remark.rule)
        kept[remark.severity, remark.rule] += 1
        yield remark.severity, rule.title, remark.path, said(remark.detail), rule.remedy
    rules = [*kept, *((severity, code) for code, severity in _unlisted(dataset, {code for _, code in kept}))]
    for severity, code in rules:
        listed = kept[severity, code]
        if (more := dataset.remark_counts.get(code, 0) - listed) > 0:
            rule = known.get(code) or _unknown(code)
            yield severity, rule.title, "", said(f"{more:,} more of this kind are not listed."), rule.remedy


def is_unread(dataset: Dataset) -> bool:
    """Refused by its directory: no image of it was opened, so nothing is known of any."""
    return dataset.status == Dataset.Status.REFUSED and not dataset.transitions.filter(to_status="ingesting").exists()


def _rules(dataset: Dataset) -> dict[str, Rule]:
    return {rule.code: rule for rule in (*catalogue(archive_rules(dataset.task)), _extra_frames())}


def _extra_frames() -> Rule:
    """A finding, not a rule: the image was accepted."""
    return Rule(
        0,
        "extra-frames",
        _("Several frames"),
        _("Of an image with several frames the first is used."),
        _("Save the frame that you mean as a file of its own if it is not the first."),
    )


def _unlisted(dataset: Dataset, listed: set[str]) -> list[tuple[str, str]]:
    """Rules that were counted and of which no remark was kept, with their severity."""
    given_up = (Dataset.Status.REFUSED, Dataset.Status.CANCELLED)
    is_refused = dataset.status in given_up or dataset.is_refused_already
    severity = Remark.Severity.REFUSAL if is_refused else Remark.Severity.FINDING
    return [(code, severity) for code in dataset.remark_counts if code[:40] not in listed]


def _unknown(code: str) -> Rule:
    return Rule(99, code, code, "", "")


def _group(dataset: Dataset, known: dict[str, Rule], code: str, severity: str, rows: int) -> RemarkGroup:
    told = dataset.remark_counts.get(code, 0)
    first = list(dataset.remarks.filter(rule=code, severity=severity)[:SHOWN_PER_RULE])
    return RemarkGroup(known.get(code) or _unknown(code), severity, max(rows, told), first)


def hidden_overlap(user: User | AnonymousUser, dataset: Dataset) -> HiddenOverlap | None:
    """What stands in the hidden test set too, unsaved where it was not compared; None for all but organizers."""
    if not runs(user, dataset.task):
        return None
    return HiddenOverlap.objects.filter(dataset=dataset).first() or HiddenOverlap(dataset=dataset, exact=[], near=[])


def twins(dataset: Dataset) -> QuerySet[Dataset]:
    """The owner's other datasets of the same images, splits and labels, whatever their zip and its names."""
    same = _others(dataset).filter(digest=dataset.digest)
    return same.exclude(digest="").order_by("created_at")


def comparable(dataset: Dataset) -> QuerySet[Dataset]:
    """The owner's other datasets of the same task that were accepted and can be looked into, newest first."""
    others = _others(dataset).filter(status=Dataset.Status.ACCEPTED)
    return others.exclude(thumbnails_sha256="").select_related("task")


def _others(dataset: Dataset) -> QuerySet[Dataset]:
    same = Dataset.objects.filter(owner=dataset.owner_id, task=dataset.task_id, deleted_at=None)
    return same.exclude(pk=dataset.pk)
