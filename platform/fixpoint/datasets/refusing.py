"""Refusals of a dataset: those that its directory shows at once, and those that its images add once they are opened."""

from collections.abc import Iterable
from itertools import islice

from django.utils import timezone

from fixpoint.datasets.models import Dataset, Remark
from fixpoint.datasets.reasons import MOST_KEPT
from fixpoint.datasets.rules import Refusal
from fixpoint.states import status_change
from fixpoint.tasks.outcomes import Named

_ALSO_BY_BYTES = "nested-archive"
"""What the directory knows by a name, its worker knows by name and by bytes: its list is the longer one."""


def refusals_keep(*, dataset: Dataset, refusals: Iterable[Refusal | Named], counts: dict[str, int]) -> None:
    """Note what the directory shows; the dataset's state stays as it is."""
    remarks_keep(dataset=dataset, severity=Remark.Severity.REFUSAL, named=refusals)
    dataset.remark_counts = counts
    dataset.save(update_fields=["remark_counts"])


def refusals_add(*, dataset: Dataset, named: Iterable[Named], counts: dict[str, int]) -> None:
    """Add what a worker found. It judges the directory too: of a rule that was noted already nothing comes twice."""
    if _ALSO_BY_BYTES in counts:
        dataset.remarks.filter(severity=Remark.Severity.REFUSAL, rule=_ALSO_BY_BYTES).delete()
    noted = {rule: count for rule, count in dataset.remark_counts.items() if not (rule == _ALSO_BY_BYTES in counts)}
    added = (each for each in named if each.rule not in noted)
    refusals_keep(dataset=dataset, refusals=added, counts=counts | noted)


def known_refuse(*, dataset: Dataset, also: str = "") -> bool:
    """Refuse it for all that was noted; `also` is a sentence on why there may be more. False if it was over already."""
    total = sum(dataset.remark_counts.values())
    reason = f"Refused for {total:,} reason{'' if total == 1 else 's'}: each is listed with what to do. {also}".strip()
    return status_change(dataset, to="refused", why=reason, reason=reason, ended_at=timezone.now())


def remarks_keep(*, dataset: Dataset, severity: str, named: Iterable[Refusal | Named]) -> None:
    """A row for each, as many as are kept of a dataset."""
    rows = (
        Remark(dataset=dataset, severity=severity, rule=each.rule[:40], path=each.path[:500], detail=each.detail[:500])
        for each in named
    )
    Remark.objects.bulk_create(list(islice(rows, MOST_KEPT)))
