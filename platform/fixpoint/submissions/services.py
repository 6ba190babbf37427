"""What may happen to an entry, one function each; the rest of the platform never writes its status."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset
from fixpoint.dispatch.sending import attempt_open
from fixpoint.energy.phases import energy_keep
from fixpoint.recipes import RetiredRecipeError, pinned_facts
from fixpoint.sayings.of_entries import CANCELLED_CHARGED, CANCELLED_FREE, CANCELLED_WAITING
from fixpoint.sayings.saying import said
from fixpoint.statements.inserts import row_insert, rows_insert
from fixpoint.states import status_change
from fixpoint.submissions.board_changes import board_hold, board_number
from fixpoint.submissions.models import Epoch, Run, Submission, SubmissionEnergy
from fixpoint.submissions.quota_words import why_used_up
from fixpoint.submissions.selectors import quota_of_team
from fixpoint.submissions.telling_people import end_tell
from fixpoint.tasks.bundle_fields import MOST_SEEDS
from fixpoint.tasks.durations import overlong
from fixpoint.tasks.models import Task
from fixpoint.tasks.running import runners_tell, runs
from fixpoint.tasks.selectors import sees
from fixpoint.teams.models import Team
from fixpoint.teams.selectors import are_mates
from fixpoint.teams.services import team_ensure
from worker.contract import Energy, Fault, Kind, Progress

_OURS = "The run failed three times: our fault, not your data's. It was not charged, and organizers can see why."


class EntryRefusedError(Exception):
    """The dataset cannot be entered; the message says why and what to do."""


class StartedError(Exception):
    """It runs already, and stopping it would not be free as whoever asks was told."""


@transaction.atomic
def submission_enter(
    *,
    owner: User,
    dataset: Dataset,
    seeds: Sequence[int] = (),
    role: Submission.Role = Submission.Role.PARTICIPANT,
) -> Submission:
    """Enter an accepted dataset for its owner's team: one of the team's entries is reserved, and the entry is queued.

    Without `seeds` it trains with those of its task. A baseline or reference is an organizer's, and takes nothing of a
    quota. Raises EntryRefusedError.
    """
    # Two entries at once must not share the last of a quota.
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    board_hold(dataset.task_id)  # of the task's end and this entry, with its time, one comes first
    # Read anew: it may have been deleted since.
    dataset.refresh_from_db(from_queryset=Dataset.objects.select_related("task"))
    task = dataset.task
    _check(owner, task, dataset, role)
    _check_seeds(task, seeds)
    team = team_ensure(user=owner, task=task)
    _check_role(owner, task, team, role)
    submission = Submission(
        task=task,
        dataset=dataset,
        owner=owner,
        team=team,
        seeds=sorted(seeds) or task.entry_seeds,  # in the order in which prediction stacks them
        recipe=task.recipe,
        recipe_digest=task.recipe_digest,
        role=role,
    )
    submission.quota = _quota(submission, Submission.Quota.RESERVED)
    submission.save()
    submission.transitions.create(
        attempt=1, from_status="", to_status=Submission.Status.QUEUED, why="entered", who=owner.username
    )
    submission_send(submission)
    return submission


def submission_start(*, submission: Submission, worker: str) -> None:
    """A worker trains it: from here on the entry is charged."""
    status_change(
        submission,
        to="training",
        why=f"started by {worker}",
        who="worker",
        started_at=timezone.now(),
        quota=_quota(submission, Submission.Quota.CHARGED),
    )


def epochs_take(*, submission: Submission, progress: tuple[Progress, ...]) -> None:
    """Keep the epochs that have ended; one that is known already stays as it is. ValueError for another's seed."""
    if not {each.seed for each in progress} <= set(submission.seeds):
        raise ValueError(f"Only the seeds {submission.seeds} are trained here.")
    rows = [Epoch(submission=submission, attempt=submission.attempt, **vars(each)) for each in progress]
    rows_insert(rows, ignores=True)


@transaction.atomic(savepoint=False)
def submission_trained(*, submission: Submission, run: Run) -> None:
    """The weights are here; prediction comes next."""
    if status_change(submission, to="predicting", why="trained", who="worker"):
        row_insert(run)


@transaction.atomic
def submission_fail(*, submission: Submission, fault: Fault) -> None:
    """The data's fault: it stays charged, and the reason is shown."""
    failed = status_change(
        submission,
        board_number=board_number(submission.task_id),
        to="failed",
        why=fault.detail,
        who="worker",
        reason_code=fault.code[:40],
        reason=fault.detail,
        fault=_limit_of(fault),
        ended_at=timezone.now(),
    )
    if failed:
        end_tell(submission=submission)


@transaction.atomic
def submission_retry(*, submission: Submission, why: str, fault: Fault | None = None) -> None:
    """Our fault: back to the queue with a new attempt, or after the last one given up and not charged.

    Where the last one reached a limit, its owner is told which.
    """
    if submission.attempt >= settings.MAX_ATTEMPTS:
        limit = fault if fault and fault.limit else None
        reason = f"{limit.detail} {_OURS}" if limit else _OURS
        if _give_up(submission, why=why, code="platform", reason=reason, fault=limit):
            runners_tell(
                task=submission.task,
                subject=lambda: _("An entry of %(task)s was given up") % {"task": submission.task},
                text=lambda: (
                    _(
                        "%(entry)s failed %(count)s times, through no fault of its data, and was not charged. "
                        "The last time: %(why)s"
                    )
                    % {"entry": submission, "count": submission.attempt, "why": said(why)}
                ),
                path=f"/entries/{submission.pk}/",
            )
        return
    again = status_change(
        submission,
        to="queued",
        why=why,
        attempt=submission.attempt + 1,
        started_at=None,
        quota=_quota(submission, Submission.Quota.RESERVED),
    )
    if again:
        submission_send(submission)


@transaction.atomic
def submission_retire(*, submission: Submission, why: str) -> None:
    """Its recipe was retired while it waited: nobody can train it any more, and it is not charged."""
    _give_up(submission, why=why, code="retired", reason=f"{why} The entry was not charged.")


@transaction.atomic
def submission_cancel(*, submission: Submission, who: User, only_free: bool = False) -> bool:
    """Stop it; before training has started it costs nothing. False if it was over already.

    `only_free`: StartedError instead where it has started.
    """
    if submission.is_final:
        return False  # known already: nothing to hold
    board_hold(submission.task_id)
    # Held, so that a start or an end in the same moment comes before or after, never between look and change.
    submission.refresh_from_db(from_queryset=Submission.objects.select_for_update())
    if submission.is_final:
        return False
    has_started = submission.status != Submission.Status.QUEUED
    if has_started and only_free:
        raise StartedError
    quota, says = Submission.Quota.RELEASED, CANCELLED_WAITING
    if has_started:
        quota = _quota(submission, Submission.Quota.CHARGED)
        says = CANCELLED_CHARGED if quota == Submission.Quota.CHARGED else CANCELLED_FREE
    reason = says % {"who": who.username}
    cancelled = status_change(
        submission,
        board_number=board_number(submission.task_id),
        to="cancelled",
        why="cancelled on request",
        who=who.username,
        reason=reason,
        quota=quota,
        ended_at=timezone.now(),
    )
    if cancelled and who.pk != submission.owner_id:  # who cancels their own entry knows
        end_tell(submission=submission)
    return cancelled


def submission_energy(*, submission: Submission, energy: Energy) -> None:
    """Keep what one phase of this attempt took."""
    energy_keep(SubmissionEnergy, energy, submission=submission, attempt=submission.attempt)


def submission_send(submission: Submission) -> None:
    """Have its current attempt done, in the transaction that made or changed it."""
    attempt_open(
        handler="submission",
        kind=Kind.EVALUATE,
        subject_id=submission.pk,
        number=submission.attempt,
        queue=submission.task.queue(Kind.EVALUATE),
    )


def _quota(submission: Submission, quota: Submission.Quota) -> Submission.Quota:
    """What it counts as where it counts at all."""
    return Submission.Quota.RELEASED if submission.is_nobodys_quota else quota


def _give_up(submission: Submission, *, why: str, code: str, reason: str, fault: Fault | None = None) -> bool:
    is_over = status_change(
        submission,
        board_number=board_number(submission.task_id),
        to="error",
        why=why,
        reason_code=code,
        reason=reason,
        fault=_limit_of(fault) if fault else {},
        quota=Submission.Quota.RELEASED,
        ended_at=timezone.now(),
    )
    if is_over:
        end_tell(submission=submission)
    return is_over


def _limit_of(fault: Fault) -> dict[str, object]:
    return {"limit": fault.limit, "allowed": fault.allowed, "used": fault.used}


def _check(owner: User, task: Task, dataset: Dataset, role: Submission.Role) -> None:
    if not are_mates(owner, dataset.owner_id, task.pk):
        raise EntryRefusedError(_("Only the person who uploaded a dataset and their team can enter it."))
    if dataset.status != Dataset.Status.ACCEPTED:
        raise EntryRefusedError(
            _("Only an accepted dataset can be entered; this one is: %(state)s.")
            % {"state": dataset.get_status_display()}
        )
    if dataset.deleted_at:
        raise EntryRefusedError(_("This dataset was deleted. Restore it, then enter it."))
    _check_task(owner, task, role)


def _check_task(owner: User, task: Task, role: Submission.Role) -> None:
    """Whether it takes this entry now."""
    try:
        pinned_facts(task.recipe, task.recipe_digest)
    except RetiredRecipeError as error:
        stands = _("This task takes no entries any more; those it has stand.")
        raise EntryRefusedError(f"{said(str(error))} {stands}") from error
    if task.archived_at:
        raise EntryRefusedError(_("The organizers have archived this task: it takes no entries. Your dataset is kept."))
    is_organizers = role != Submission.Role.PARTICIPANT
    if is_organizers and not task.paused_at and task.phase in {"draft", "upcoming", Task.Status.OPEN}:
        return  # they stand on the board before anybody's, and between two phases too
    if task.is_shown and not sees(owner, task):
        raise EntryRefusedError(_("This task is private, and you are not among its participants any more."))
    if task.phase == "draft":
        raise EntryRefusedError(_("This task is a draft: it takes baselines and references alone. Publish it first."))
    if task.phase == "upcoming":
        raise EntryRefusedError(
            _("This task opens on %(opens_at)s UTC.") % {"opens_at": f"{task.opens_at:%Y-%m-%d %H:%M}"}
        )
    if task.paused_at:
        raise EntryRefusedError(_paused(task))
    if task.phase == Task.Status.OPEN and task.is_between_phases:
        raise EntryRefusedError(_between(task))
    if not task.takes_entries:
        raise EntryRefusedError(_("This task takes no entries now."))


def _paused(task: Task) -> str:
    if not task.paused_why:
        return _("The organizers have paused this task. Your dataset is kept; enter it later.")
    return _("The organizers have paused this task: %(words)s Your dataset is kept; enter it later.") % {
        "words": task.paused_why
    }


def _between(task: Task) -> str:
    coming = task.phases.filter(begins_at__gt=timezone.now()).first()
    if coming is None:
        return _("The last phase of this task has ended: it takes no entries any more.")
    return _(
        "This task takes entries in its phases alone: the next, %(name)s, begins on "
        "%(begins_at)s UTC. Your dataset is kept; enter it then."
    ) % {"name": coming.name, "begins_at": f"{coming.begins_at:%Y-%m-%d %H:%M}"}


def _check_role(owner: User, task: Task, team: Team, role: Submission.Role) -> None:
    if role == Submission.Role.PARTICIPANT:
        _check_quota(team, task)
    elif not runs(owner, task):
        raise EntryRefusedError(
            _("Only who runs this task enters a baseline: enter it as an entry of your own.")
            if role == Submission.Role.BASELINE
            else _("Only who runs this task enters a reference: enter it as an entry of your own.")
        )


def _check_quota(team: Team, task: Task) -> None:
    if why := why_used_up(quota_of_team(team, task), task):
        raise EntryRefusedError(why)


def _check_seeds(task: Task, seeds: Sequence[int]) -> None:
    if len(set(seeds)) != len(seeds) or len(seeds) > MOST_SEEDS or not all(0 <= each < 2**31 for each in seeds):
        raise EntryRefusedError(
            _("Seeds are 1 to %(most)s different whole numbers from 0 on, of 31 bits at most.") % {"most": MOST_SEEDS}
        )
    if seeds and (problem := overlong(task, len(seeds))):
        raise EntryRefusedError(problem)
