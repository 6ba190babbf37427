"""What a dataset's page shows of its pre-check: findings by severity with some pictures of each, and how even it is."""

from dataclasses import dataclass

from fixpoint.datasets.gallery import SPLITS, previews
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.precheck.balance import Balance, balance_of
from fixpoint.datasets.precheck.kinds import KINDS, Kind, Severity

SAMPLES = 4


@dataclass(frozen=True)
class Found:
    """One kind of finding: how many groups of files, of how many images, and the rows of some."""

    kind: Kind
    groups: int
    images: int
    samples: list[int]


@dataclass(frozen=True)
class Precheck:
    """Findings, gravest first; `balances` of the splits that have one; `is_pending` while it is worked out.

    `has_failed`: nothing was compared, so that no finding means nothing.
    """

    found: list[Found]
    balances: list[Balance]
    is_pending: bool
    has_failed: bool

    @property
    def wrong(self) -> list[Found]:
        """Findings that stand for a mistake."""
        return [each for each in self.found if each.kind.severity == Severity.WRONG]


def precheck_of(dataset: Dataset) -> Precheck:
    """Of a dataset in any state: what is not known is not there."""
    samples = previews(dataset, SAMPLES)
    images = dict(dataset.findings.values_list("kind", "images"))
    return Precheck(
        found=[
            Found(kind, samples[kind.code][0], images[kind.code], samples[kind.code][1])
            for kind in KINDS
            if kind.code in samples
        ],
        balances=[
            balance
            for split in SPLITS
            if (counts := dataset.counts.get(split))
            and (balance := balance_of(split, [counts.get(name, 0) for name in dataset.task.classes]))
        ],
        is_pending=dataset.is_being_examined,
        has_failed=bool(dataset.examine_failure),
    )
