"""A task that is being made, and one that is private: what the pages of organizers show."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from fixpoint.accounts.models import User
from fixpoint.tasks.models import Draft, Participant, Phase, Task
from tests.support.platform import open_task, person

DRAFT, LINK = UUID(int=0x4D), UUID(int=0x4E)
PRIVATE = "letters-in-class"


def making() -> None:
    """A draft of the organizer's, and a private task with phases into which people want to be let."""
    organizer = User.objects.get(username="organizer")
    span = {"name": "Warm-up", "begins_at": "2031-01-01T08:00", "ends_at": "2031-02-01T08:00", "entries_total": 5}
    fields = {"title": "Ledgers of 1890", "classes": ["cent", "gulden"], "recipe": "resnet50-dcai2021"}
    Draft.objects.create(pk=DRAFT, owner=organizer, fields=fields | {"time_zone": "Europe/Vienna", "phases": [span]})
    Draft.objects.create(owner=organizer, fields={"title": "Stamps"}, deleted_at=timezone.now())
    task = open_task(PRIVATE, title="Letters in class", visibility="private", time_zone="Europe/Vienna", join_key=LINK)
    task.organizers.set([organizer])
    _phases(task)
    for name, state in (("pupil-one", "asked"), ("pupil-two", "in"), ("pupil-three", "invited")):
        Participant.objects.create(task=task, user=person(name), state=state, text="From the second group.")


def _phases(task: Task) -> None:
    now, day = timezone.now(), timedelta(days=1)
    for name, begins, ends, total in (("Warm-up", -9, -2, 3), ("Main round", -2, 9, 20), ("Finals", 12, 15, None)):
        Phase.objects.create(
            task=task, name=name, begins_at=now + begins * day, ends_at=now + ends * day, entries_total=total
        )
