"""The wizard's steps in their order, and which field is where."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fixpoint.organizing.wizard.forms import DataForm, DatesForm, RulesForm, StepForm, WhatForm
from fixpoint.tasks.bundle_fields import Limits, TaskBundle
from fixpoint.tasks.draft_files import STEP_OF

CHECK = "check"
FILES = frozenset(STEP_OF)
BESIDE = frozenset({"baseline_title", "baseline_role"})
"""Fields that belong to a file and to nothing of the task."""


@dataclass(frozen=True)
class Step:
    """One page; the last has no form."""

    name: str
    title: str | Promise
    form: type[StepForm] | None

    @property
    def fields(self) -> frozenset[str]:
        """As a bundle calls them."""
        names = set(self.form.base_fields) if self.form else set()
        more = {"phases"} if self.name == "dates" else {"baselines"} if self.name == "data" else set()
        return frozenset(names | more)


STEPS = {
    each.name: each
    for each in (
        Step("what", _("What"), WhatForm),
        Step("data", _("Data"), DataForm),
        Step("rules", _("Rules"), RulesForm),
        Step("dates", _("Dates"), DatesForm),
        Step(CHECK, _("Check"), None),
    )
}
ORDER = tuple(STEPS)


def step_of(field: str) -> str:
    """Where a field stands; the first step for one that stands nowhere."""
    return next((step.name for step in STEPS.values() if field in step.fields), ORDER[0])


def default_of(field: str) -> Any:
    """What a bundle takes where this field is not given; None where there is no such thing."""
    owner = Limits if field in Limits.model_fields else TaskBundle
    known = owner.model_fields.get(field)
    return None if known is None or known.is_required() else known.get_default()
