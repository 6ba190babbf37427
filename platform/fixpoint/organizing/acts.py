"""Writing down what organizers do, in the transaction in which it is done."""

from collections.abc import Mapping

from django.conf import settings
from django.db import models, transaction
from django.utils import translation

from fixpoint.accounts.models import User
from fixpoint.organizing.models import Act
from fixpoint.tasks.models import Task

What = Act.What


def act_record(
    *,
    who: User | str,
    task: Task,
    what: What,
    subject: models.Model | None = None,
    label: str = "",
    why: str = "",
    details: Mapping[str, object] | None = None,
) -> Act:
    """Note one act, in the caller's transaction: both stand, or neither. RuntimeError outside one.

    `subject` is to what it was done, by default the task; `label` what it is called, by default what it says of itself;
    `details` what JSON can hold, like {"closes_at": {"from": …, "to": …}}.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An act is written in the transaction of what it is about.")
    subject = task if subject is None else subject
    with translation.override(settings.LANGUAGE_CODE):  # the record is in no organizer's language
        called = label or str(subject)
    return Act.objects.create(
        who=(who if isinstance(who, str) else who.username)[:150],
        task=task,
        what=what,
        subject_type=type(subject).__name__.lower(),
        subject_id=str(subject.pk),
        label=called[:200],
        why=why.strip(),
        details=dict(details or {}),
    )
