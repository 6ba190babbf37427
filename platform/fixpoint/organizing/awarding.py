"""Giving awards by frozen standings and the jury's votes, publishing them, and revoking one."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from fixpoint.accounts.language import Words
from fixpoint.accounts.models import User
from fixpoint.accounts.notices import notices_give
from fixpoint.leaderboard.models import Revision
from fixpoint.leaderboard.revisions import frozen_board, revision_of
from fixpoint.organizing.acts import What, act_record
from fixpoint.organizing.held_awards import held_by_fallen, held_says
from fixpoint.organizing.in_sight import expect_in_sight
from fixpoint.organizing.jury import judged
from fixpoint.organizing.models import Award
from fixpoint.organizing.reasons import LONGEST, reason_of
from fixpoint.organizing.refusals import ActRefusedError
from fixpoint.sayings.saying import said
from fixpoint.submissions.board_changes import board_hold, board_number
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task
from fixpoint.tasks.selectors import seeing

_BY_FIGURES = tuple(kind for kind in Award.Kind.values if kind != Award.Kind.NAMED)


@dataclass(frozen=True)
class Winner:
    """An entry that has won, and what for."""

    entry_id: UUID
    grounds: str


def awards_shown(task: Task) -> QuerySet[Award]:
    """What everybody may see: published, and not revoked."""
    found = Award.objects.filter(task=task, published_at__isnull=False, revoked_at=None)
    return found.select_related("submission__dataset", "submission__team", "revision")


def winners_of(task: Task, kind: str, revision: Revision) -> list[Winner]:
    """Who has won by these standings, or by the votes of now; several where they tie, nobody where there is nobody."""
    if kind == Award.Kind.INNOVATION:
        return _by_jury(task)
    board = frozen_board(revision)
    rows = board.accuracy if kind == Award.Kind.PERFORMANCE else board.emissions
    first = [row for row in rows[:100] if row.rank == 1]
    if kind == Award.Kind.PERFORMANCE:
        return [Winner(row.entry_id, f"accuracy {row.accuracy:.4f}") for row in first]
    return [Winner(row.entry_id, f"{row.grams_standardised:.3g} g of CO₂, standardised") for row in first]


@transaction.atomic
def award_give(*, task: Task, kind: str, prize: str, who: User) -> list[Award]:
    """To whom the last frozen standings, or the jury, make the winner; told to nobody before it is published.

    Raises ActRefusedError: before the standings are frozen, where it stands already, or where nobody has won.
    """
    if kind not in _BY_FIGURES:
        raise ActRefusedError(_("Choose the award that is to be given."))
    revision = _revision(task, prize, kind=kind)
    winners = winners_of(task, kind, revision)
    if not winners:
        raise ActRefusedError(_("Nobody has won it: no entry stands there, or nobody has voted."))
    if _fallen([each.entry_id for each in winners]):
        raise ActRefusedError(
            _("Its winner was disqualified or withdrawn, and the standings are frozen anew soon: wait.")
        )
    return [_give(task, kind, prize.strip(), revision, winner, who) for winner in winners]


@transaction.atomic
def award_give_named(*, task: Task, name: str, entry: Submission, prize: str, who: User) -> Award:
    """One of the task's own awards, as its settings name it, to the entry that its organizers choose.

    Raises ActRefusedError: as the other, and for a name or an entry that is not the task's, or does not stand.
    """
    revision = _revision(task, prize, kind=Award.Kind.NAMED, name=name)
    if name not in names_of(task):
        raise ActRefusedError(_("This task names no such award: name it in its settings first."))
    held = Submission.objects.get(pk=entry.pk)
    is_theirs = held.role == Submission.Role.PARTICIPANT and held.task_id == task.pk and not held.rerun_of_id
    if held.status != Submission.Status.SCORED or not is_theirs or held.disqualified_at or held.withdrawn_at:
        raise ActRefusedError(_("Choose an entry of a participant that has a score and stands."))
    winner = Winner(held.pk, "chosen by the organizers")
    return _give(task, Award.Kind.NAMED, prize.strip(), revision, winner, who, name=name)


def names_of(task: Task) -> list[str]:
    """The task's own awards; one that is called as an award by figures is that one."""
    known = _names_by_figures()
    return [name for name in dict.fromkeys(task.awards) if name.casefold() not in known]


def _names_by_figures() -> set[str]:
    """In every language of the site: whoever names an award and whoever gives it may speak different ones."""
    found: set[str] = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {str(Award.Kind(kind).label).casefold() for kind in _BY_FIGURES}
    return found


@transaction.atomic
def awards_publish(*, task: Task, who: User) -> int:
    """Show all that was given on the task's page and on its board; the winners are told. Returns how many.

    Raises ActRefusedError where nothing waits, for an archived task, and where what won stands no longer.
    """
    number = board_number(task.pk)
    expect_in_sight(task)
    given = Award.objects.filter(task=task, published_at=None, revoked_at=None)
    waiting = list(given.select_related("submission"))
    if not waiting:
        raise ActRefusedError(_("There is no award to publish: give one first."))
    if fallen := list(held_by_fallen(given)):
        says = _("It was disqualified or withdrawn: revoke the award first.")
        raise ActRefusedError(" ".join([*(held_says(each) for each in fallen), says]))
    Award.objects.filter(pk__in=[each.pk for each in waiting]).update(published_at=timezone.now())
    # Boards are kept by their number: this one shows the awards from now on.
    Submission.objects.filter(pk=waiting[0].submission_id).update(board_number=number)
    with translation.override(settings.LANGUAGE_CODE):
        labels = [str(each) for each in waiting]
    act_record(who=who, task=task, what=What.AWARDS_PUBLISHED, details={"awards": labels})
    for award in waiting:
        _tell(award, lambda: _("Your entry has won an award"), partial(_won, award))
    return len(waiting)


@transaction.atomic
def award_revoke(*, award: Award, why: str, who: User) -> None:
    """It stands no longer; the record keeps that it did, and why not any more. Raises ActRefusedError."""
    why = reason_of(why)
    number = board_number(award.task_id)
    standing = Award.objects.filter(pk=award.pk, revoked_at=None)
    if standing.update(revoked_at=timezone.now(), revoked_why=why) != 1:
        raise ActRefusedError(_("It is revoked already."))
    Submission.objects.filter(pk=award.submission_id).update(board_number=number)
    act_record(who=who, task=award.task, what=What.AWARD_REVOKED, subject=award, why=why)
    if award.published_at:
        _tell(award, lambda: _("An award was revoked"), lambda: f"{award.label}: {why}")


def _won(award: Award) -> str:
    return _("%(award)s in %(task)s: %(prize)s") % {
        "award": award.label,
        "task": award.task,
        "prize": award.prize or said(award.grounds),
    }


def _revision(task: Task, prize: str, *, kind: str, name: str = "") -> Revision:
    """The last frozen standings, of a task that is held from here on; ActRefusedError where nothing can be given."""
    if len(prize) > LONGEST:
        raise ActRefusedError(_("Say the prize in %(most)s characters at most.") % {"most": LONGEST})
    board_hold(task.pk)
    revision = revision_of(Task.objects.get(pk=task.pk))  # read anew: it may have been closed since
    if revision is None:
        raise ActRefusedError(_("Awards are given when the task is closed and its standings are frozen."))
    if Award.objects.filter(task=task, kind=kind, name=name, revoked_at=None).exists():
        raise ActRefusedError(_("It is given already. Revoke it first, with a reason."))
    return revision


def _give(task: Task, kind: str, prize: str, revision: Revision, winner: Winner, who: User, *, name: str = "") -> Award:
    award = Award.objects.create(
        task=task,
        kind=kind,
        name=name,
        submission_id=winner.entry_id,
        prize=prize,
        grounds=winner.grounds,
        revision=revision,
    )
    details = {"prize": prize, "grounds": winner.grounds, "revision": revision.number}
    act_record(who=who, task=task, what=What.AWARDED, subject=award, details=details)
    return award


def _fallen(entries: list[UUID]) -> bool:
    """Whether the standings are older than what became of one of them."""
    stood = Submission.objects.filter(pk__in=entries, disqualified_at=None, withdrawn_at=None)
    return stood.count() != len(entries)


def _by_jury(task: Task) -> list[Winner]:
    """What was disqualified or withdrawn since it was nominated cannot win."""
    standing = [
        each
        for each in judged(task)
        if not each.nomination.submission.disqualified_at and not each.nomination.submission.withdrawn_at
    ]
    best = max((each.mean for each in standing if each.mean is not None), default=None)
    return [
        Winner(
            each.nomination.submission_id,
            _mean_of(len(each.votes), each.mean),
        )
        for each in standing
        if best is not None and each.mean == best
    ]


def _mean_of(votes: int, mean: float) -> str:
    return f"mean of 1 vote: {mean:.2f} of 5" if votes == 1 else f"mean of {votes} votes: {mean:.2f} of 5"


def _tell(award: Award, subject: Words, text: Words) -> None:
    members = seeing(User.objects.filter(memberships__team=award.submission.team_id), award.task)
    notices_give(to=members, subject=subject, text=text, path=f"/entries/{award.submission_id}/")
