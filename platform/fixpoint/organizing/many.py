"""The same act on many entries: each is done or refused by itself, and all is told."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fixpoint.accounts.models import User
from fixpoint.organizing.entry_acts import (
    entry_cancel,
    entry_disqualify,
    entry_feature,
    entry_reinstate,
    entry_rerun,
    entry_unfeature,
)
from fixpoint.organizing.refusals import ActRefusedError
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task


class Act(Protocol):
    """What all of them are told; some can be told more."""

    def __call__(self, *, entry: Submission, why: str, who: User) -> object:
        """ActRefusedError where it cannot be done."""


class Treatment(NamedTuple):
    """One of ACTS: what does it, how it is offered, and how it is told of those to which it was done."""

    do: Act
    offers: Promise
    done: Promise
    is_for_archived: bool = True


ACTS = {
    "rerun": Treatment(entry_rerun, _("run again, free of charge"), _("Queued once more: %(which)s"), False),
    "cancel": Treatment(entry_cancel, _("cancel"), _("Cancelled: %(which)s")),
    "disqualify": Treatment(entry_disqualify, _("disqualify"), _("Disqualified: %(which)s")),
    "reinstate": Treatment(entry_reinstate, _("restore"), _("Restored: %(which)s")),
    "feature": Treatment(entry_feature, _("feature on the task's page"), _("Featured on the task's page: %(which)s")),
    "unfeature": Treatment(entry_unfeature, _("feature no longer"), _("Featured no longer: %(which)s")),
}


def acts_offered(task: Task) -> dict[str, Treatment]:
    """Those of ACTS that entries of this task may be given."""
    return {word: each for word, each in ACTS.items() if each.is_for_archived or not task.archived_at}


@dataclass
class Told:
    """To which entries it was done, and by reason to which it was not."""

    done: list[Submission] = field(default_factory=list)
    refused: dict[str, list[Submission]] = field(default_factory=dict)


def entries_treat(*, entries: Iterable[Submission], act: str, why: str, who: User) -> Told:
    """Do one of ACTS to each, in a transaction of its own: one that cannot be done is no hindrance to the others."""
    told = Told()
    for entry in entries:
        try:
            ACTS[act].do(entry=entry, why=why, who=who)
        except ActRefusedError as refusal:
            told.refused.setdefault(str(refusal), []).append(entry)
        else:
            told.done.append(entry)
    return told
