"""Letting people into a private task: by an invitation, or by a link and a text that organizers decide on."""

import uuid

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from fixpoint.accounts.language import Words, written
from fixpoint.accounts.models import User
from fixpoint.accounts.notices import notices_give
from fixpoint.organizing.acts import What, act_record
from fixpoint.tasks.models import Participant, Task
from fixpoint.tasks.running import organizers_of

_In = Participant.State.IN


class NotLetInError(Exception):
    """It cannot be; the message says why and what to do."""


def invitation_of(key: uuid.UUID, user: User) -> tuple[Task, Participant | None]:
    """What a link leads to: a task, and the invitation if it is one. NotLetInError where it leads nowhere now."""
    invited = Participant.objects.select_related("task").filter(key=key).first()
    if invited and invited.user_id in (None, user.pk) and invited.state != Participant.State.REFUSED:
        if invited.task.archived_at:
            raise NotLetInError
        return invited.task, invited
    task = Task.objects.filter(join_key=key, archived_at=None).first()
    if task is None:
        raise NotLetInError
    return task, None


def participant_of(user: User, task: Task) -> Participant | None:
    """How this person stands to the task."""
    return Participant.objects.filter(task=task, user=user).first()


@transaction.atomic
def participant_invite(*, task: Task, named: str, who: User) -> Participant:
    """Invite a person by username or address; who has no account yet gets the link from the organizer by hand.

    Who has asked already is let in by it. Raises NotLetInError.
    """
    named = named.strip()
    user = User.objects.filter(username=named).first() or User.objects.filter(email__iexact=named).first()
    if user is None and not _is_address(named):
        raise NotLetInError(
            _("There is nobody named “%(name)s”. Write a username or an e-mail address.") % {"name": named}
        )
    if user is None:
        found, _made = Participant.objects.get_or_create(
            task=task, user=None, email=named.lower()[:254], defaults={"state": Participant.State.INVITED}
        )
    else:
        found = _invited(task, user)
    act_record(who=who, task=task, what=What.INVITED, subject=found, label=named)
    return found


@transaction.atomic
def participant_decide(*, participant: Participant, lets_in: bool, who: User, why: str = "") -> None:
    """Let in who asked, or turn away who asked, was invited or is in; the person is told."""
    held = Participant.objects.select_for_update(of=("self",)).select_related("task", "user").get(pk=participant.pk)
    task = held.task
    if lets_in and held.state != Participant.State.INVITED:
        _state(held, _In, who)
        act_record(who=who, task=task, what=What.LET_IN, subject=held, label=str(held.user or held.email), why=why)
        _tell(held, lambda: _("You are in: %(task)s") % {"task": task}, why, reverse("task", args=[task.slug]))
    elif not lets_in and held.state != Participant.State.REFUSED:
        _state(held, Participant.State.REFUSED, who)
        label = str(held.user or held.email)
        act_record(who=who, task=task, what=What.TURNED_AWAY, subject=held, label=label, why=why)
        _tell(held, lambda: _("You are not among the participants: %(task)s") % {"task": task}, why, "/")


@transaction.atomic
def link_make(*, task: Task, at_once: bool, who: User) -> None:
    """A new link, by which the old one ends; `at_once`: who has it is let in without being asked."""
    Task.objects.filter(pk=task.pk).update(join_key=uuid.uuid4(), join_at_once=at_once)
    act_record(who=who, task=task, what=What.SETTINGS, details={"join_link": "new", "join_at_once": at_once})


@transaction.atomic
def link_end(*, task: Task, who: User) -> None:
    """Nobody comes by it any more; who is in stays."""
    Task.objects.filter(pk=task.pk).update(join_key=None)
    act_record(who=who, task=task, what=What.SETTINGS, details={"join_link": "ended"})


@transaction.atomic
def participant_come(*, key: uuid.UUID, user: User, text: str = "") -> Participant:
    """Take an invitation, or come by the task's link: in, or asking with a text. Raises NotLetInError."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # of two of their requests one comes first
    task, invited = _invitation_held(key, user)
    known = Participant.objects.select_for_update().filter(task=task, user=user).first()
    if known and known.state == Participant.State.REFUSED:
        raise NotLetInError(
            _("The organizers have turned you away from this task. Write to them if that is a mistake.")
        )
    if invited:
        if known is None:
            known = invited
            known.user = user
        elif known.pk != invited.pk:
            invited.delete()
        _state(known, _In, user)
        act_record(who=user, task=task, what=What.CAME, subject=known, label=user.username)
        _tell_organizers(task, lambda: _("%(name)s has taken the invitation") % {"name": user.username}, "")
        return known
    if known and known.state in (_In, Participant.State.ASKED):
        return known
    state = _In if task.join_at_once else Participant.State.ASKED
    known = known or Participant(task=task, user=user)
    known.text = text.strip()[:1000]
    _state(known, state, user)
    if state == Participant.State.ASKED:
        _tell_organizers(task, lambda: _("%(name)s asks to be let in") % {"name": user.username}, known.text)
    return known


def _invitation_held(key: uuid.UUID, user: User) -> tuple[Task, Participant | None]:
    """What the link leads to once nobody else decides about its invitation."""
    list(Participant.objects.select_for_update().filter(key=key).values_list("pk"))
    return invitation_of(key, user)


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _invited(task: Task, user: User) -> Participant:
    found = Participant.objects.select_for_update().filter(task=task, user=user).first()
    if found and found.state == _In:
        raise NotLetInError(_("%(name)s is in already.") % {"name": user.username})
    asked = found is not None and found.state == Participant.State.ASKED
    found = found or Participant(task=task, user=user)
    found.state = _In if asked else Participant.State.INVITED
    found.save()
    _tell(found, lambda: _invitation(task, is_in=asked), "", reverse("join", args=[found.key]))
    return found


def _invitation(task: Task, *, is_in: bool) -> str:
    says = _("You are in: %(task)s") if is_in else _("You are invited: %(task)s")
    return says % {"task": task}


def _state(found: Participant, state: Participant.State, who: User) -> None:
    found.state, found.decided_by = state, who.username
    found.save()


def _tell(found: Participant, subject: Words, text: str, path: str) -> None:
    if found.user:
        notices_give(to=[found.user], subject=subject, text=text, path=path)


def _tell_organizers(task: Task, subject: Words, text: str) -> None:
    path = reverse("people", args=[task.slug])
    notices_give(to=organizers_of(task), subject=lambda: f"{task}: {written(subject)}", text=text, path=path)
