"""The jury: who is in it, what it judges, and its votes."""

from dataclasses import dataclass, replace
from statistics import mean

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils.translation import gettext as _

from fixpoint.accounts.models import User
from fixpoint.organizing.acts import What, act_record
from fixpoint.organizing.models import Award, Juror, Nomination, Vote
from fixpoint.organizing.refusals import ActRefusedError
from fixpoint.submissions.models import Submission
from fixpoint.submissions.selectors import took_part
from fixpoint.tasks.models import Task
from fixpoint.tasks.running import runs

POINTS = range(1, 6)
LONGEST = 2000


@dataclass(frozen=True)
class Judged:
    """A nominated entry with all votes, `is_open` to who asked; `mean` is None without any."""

    nomination: Nomination
    votes: list[Vote]
    is_open: bool = True

    @property
    def mean(self) -> float | None:
        """Of the points."""
        return mean(each.points for each in self.votes) if self.votes else None


def is_juror(user: User | AnonymousUser, task: Task) -> bool:
    """Whether this person votes on its nominated entries: its organizers, and those whom they named."""
    return user.is_authenticated and (runs(user, task) or Juror.objects.filter(task=task, user=user).exists())


def judged(task: Task) -> list[Judged]:
    """The best mean first; those without a vote last. Two queries."""
    rows = Nomination.objects.filter(submission__task=task).select_related("submission__dataset", "submission__team")
    found = [Judged(each, list(each.votes.all())) for each in rows.prefetch_related("votes__user")]
    return sorted(found, key=lambda each: -(each.mean or 0.0))


def judged_for(task: Task, reader: User) -> list[Judged]:
    """The same for who may vote too: the votes are closed to them, and the order by them, before their own.

    All is open once the award is given and no vote changes.
    """
    is_given = _is_given(task)
    rows = judged(task)
    opened = [each for each in rows if is_given or any(vote.user_id == reader.pk for vote in each.votes)]
    closed = [replace(each, is_open=False) for each in rows if each not in opened]
    return opened + sorted(closed, key=lambda each: each.nomination.created_at)


def _is_given(task: Task) -> bool:
    return Award.objects.filter(task=task, kind=Award.Kind.INNOVATION, revoked_at=None).exists()


@transaction.atomic
def entry_nominate(*, entry: Submission, description: str, who: User) -> Nomination:
    """Have the jury judge it by this description. Raises ActRefusedError."""
    held = Submission.objects.select_for_update().get(pk=entry.pk)
    if held.status != Submission.Status.SCORED or held.rerun_of_id or held.role != Submission.Role.PARTICIPANT:
        raise ActRefusedError(_("Only a participant's entry with a score can be nominated."))
    if held.disqualified_at or held.withdrawn_at:
        raise ActRefusedError(_("It stands on no board: it was disqualified or withdrawn."))
    if not description.strip() or len(description) > LONGEST:
        raise ActRefusedError(_("Say what is new about it, in %(most)s characters at most.") % {"most": LONGEST})
    if Nomination.objects.filter(submission=held).exists():
        raise ActRefusedError(_("It is nominated already."))
    nomination = Nomination.objects.create(submission=held, description=description.strip())
    act_record(who=who, task=entry.task, what=What.NOMINATED, subject=entry, why=description)
    return nomination


@transaction.atomic
def nomination_take_back(*, nomination: Nomination, why: str, who: User) -> None:
    """With all votes on it, which the trail keeps."""
    entry = nomination.submission
    votes = [f"{each.user}: {each.points}" for each in nomination.votes.select_related("user")]
    nomination.delete()
    act_record(who=who, task=entry.task, what=What.UNNOMINATED, subject=entry, why=why, details={"votes": votes})


@transaction.atomic
def juror_name(*, task: Task, username: str, who: User) -> None:
    """Let this person vote. Raises ActRefusedError."""
    user = User.objects.filter(username=username.strip(), is_active=True).first()
    if user is None:
        raise ActRefusedError(_("Nobody has the name %(name)s.") % {"name": username.strip() or "–"})
    if is_juror(user, task):
        raise ActRefusedError(_("%(name)s is in the jury already.") % {"name": user})
    Juror.objects.create(task=task, user=user)
    act_record(who=who, task=task, what=What.JUROR_NAMED, subject=user)


@transaction.atomic
def juror_remove(*, juror: Juror, who: User) -> None:
    """This person votes no more; votes that were cast stay."""
    act_record(who=who, task=juror.task, what=What.JUROR_REMOVED, subject=juror.user)
    juror.delete()


@transaction.atomic
def vote_cast(*, nomination: Nomination, points: int, comment: str, who: User) -> None:
    """1 to 5 points with a comment, in place of what this person thought before. Raises ActRefusedError."""
    entry = nomination.submission
    if not is_juror(who, entry.task):
        raise ActRefusedError(_("Only the jury votes."))
    if took_part(who, entry):
        raise ActRefusedError(_("Nobody votes on an entry of their own team."))
    if _is_given(entry.task):
        raise ActRefusedError(_("The award is given: votes stay as they are."))
    if points not in POINTS:
        raise ActRefusedError(_("Give 1 to 5 points."))
    if len(comment) > LONGEST:
        raise ActRefusedError(_("Comment in %(most)s characters at most.") % {"most": LONGEST})
    values = {"points": points, "comment": comment.strip()}
    Vote.objects.update_or_create(nomination=nomination, user=who, defaults=values)
