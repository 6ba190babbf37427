"""What is wrong with a bundle: each problem with its place, in a sentence that names it and in one that need not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from fixpoint.figures import whole
from fixpoint.sayings.saying import said
from fixpoint.tasks.saying import clipped, shortly

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

MOST_PROBLEMS = 100
"""Told at once."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: the field as it is reached from outside, () for none, and a sentence.

    `beside` is what stands beside the field in a form, where it need not be named; the sentence itself where it is "".
    """

    place: tuple[str | int, ...]
    says: str
    beside: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "says", clipped(self.says))
        object.__setattr__(self, "beside", clipped(self.beside or self.says))

    @property
    def field(self) -> str:
        """The innermost name of a field: `cpus` of `limits`; of lists the list's own."""
        names = [part for part in self.place if isinstance(part, str)]
        return names[1] if names[:1] == ["limits"] and len(names) > 1 else names[0] if names else ""


class BundleError(Exception):
    """The file cannot become a task; `problems` holds every reason, a sentence each, `found` the same by fields."""

    def __init__(self, problems: Sequence[str | Problem]) -> None:
        found = [each if isinstance(each, Problem) else Problem((), each) for each in problems[:MOST_PROBLEMS]]
        if more := len(problems) - len(found):
            found.append(Problem((), _more(more)))
        self.found = tuple(found)
        self.problems = tuple(each.says for each in self.found)
        super().__init__("\n".join(self.problems))


def named_problem(field: str, wrong: str) -> Problem:
    """A sentence that stands as it is beside its field, and behind the field's name elsewhere."""
    says = _("'%(field)s': %(wrong)s") % {"field": field, "wrong": f"{wrong[:1].lower()}{wrong[1:]}"}
    return Problem((field,), says, wrong)


def schema_problem(error: ErrorDetails) -> Problem:
    """pydantic's finding as sentences that an organizer can act on."""
    field = pgettext("item 1 of 'phases'", " of ").join(
        _("item %(part)s") % {"part": part + 1} if isinstance(part, int) else f"'{part}'"
        for part in reversed(error["loc"])
    )
    message = said(error["msg"].removeprefix("Value error, "))
    told = {"field": field, "wrong": f"{message[:1].lower()}{message[1:]}", "value": shortly(error["input"])}
    known = {
        "missing": _("%(field)s is missing."),
        "extra_forbidden": _("%(field)s is not a field of a task: check its spelling."),
        "string_type": _("%(field)s must be text: YAML reads %(value)s as something else, so put it in quotes."),
        "string_pattern_mismatch": _("%(field)s is lower-case letters, digits and single hyphens, such as 'my-task'."),
    }
    says = known.get(error["type"], _("%(field)s: %(wrong)s (it is %(value)s).")) % told
    wrong = _beside(error) or f"{message[:1].upper()}{message[1:]}."
    is_item = isinstance(error["loc"][-1], int) and not isinstance(error["input"], dict)
    return Problem(error["loc"], says, f"{shortly(error['input'])}: {wrong}" if is_item else wrong)


def _beside(error: ErrorDetails) -> str:
    """In a few words, by pydantic's names of its findings and of their bounds; "" for one that has no words here."""
    bounds: dict[str, Any] = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return _("This is missing.")
        case "string_pattern_mismatch":
            return _("Lower-case letters, digits and single hyphens, such as 'my-task'.")
        case "greater_than_equal":
            return _("At least %(least)s.") % {"least": _figure(bounds["ge"])}
        case "less_than_equal":
            return _("At most %(most)s.") % {"most": _figure(bounds["le"])}
        case "greater_than":
            return _("More than %(least)s.") % {"least": _figure(bounds["gt"])}
        case "string_too_short" | "too_short" if isinstance(error["input"], str):
            return _("This must not be empty.")
        case "string_too_long" | "too_long" if isinstance(error["input"], str):
            most = bounds["max_length"]
            return ngettext("At most %(most)s character.", "At most %(most)s characters.", most) % {"most": whole(most)}
        case "too_long":
            return _("At most %(most)s.") % {"most": whole(bounds["max_length"])}
        case "too_short":
            return _("At least %(least)s.") % {"least": whole(bounds["min_length"])}
        case _:
            return ""


def _figure(bound: float) -> str:
    return whole(int(bound)) if bound == int(bound) else str(bound)


def _more(more: int) -> str:
    says = ngettext(
        "There is %(more)s more problem: mend these first.", "There are %(more)s more problems: mend these first.", more
    )
    return says % {"more": whole(more)}
