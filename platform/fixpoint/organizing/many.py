"""The same act on many entries: each is done or refused by itself, and all is told."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

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


class Act(Protocol):
    """What all of them are told; some can be told more."""

    def __call__(self, *, entry: Submission, why: str, who: User) -> object:
        """ActRefusedError where it cannot be done."""


ACTS: dict[str, Act] = {
    "rerun": entry_rerun,
    "cancel": entry_cancel,
    "disqualify": entry_disqualify,
    "reinstate": entry_reinstate,
    "feature": entry_feature,
    "unfeature": entry_unfeature,
}


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
            ACTS[act](entry=entry, why=why, who=who)
        except ActRefusedError as refusal:
            told.refused.setdefault(str(refusal), []).append(entry)
        else:
            told.done.append(entry)
    return told
