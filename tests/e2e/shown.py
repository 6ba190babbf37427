"""What stands beside the running task on the pictured site: its label book, an archived task, incidents, a token."""

import random
import tempfile
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from fixpoint.accounts.models import User
from fixpoint.accounts.tokens import token_make
from fixpoint.organizing.archiving import task_archive
from fixpoint.organizing.incidents import incident_begin, incident_tell
from fixpoint.tasks.models import Material, Task
from tests.e2e.checked import png
from tests.e2e.drawing import numeral
from tests.support.bundles import write_zip
from tests.support.ingested import packed_material
from tests.support.platform import open_task

ARCHIVED = "ledgers-by-mistake"
_EACH = 5


def shown_beside(task: Task, owner: User) -> None:
    """After everything else: the pre-checks of other datasets do not know this label book."""
    organizer = User.objects.get(username="organizer")
    _label_book(task)
    task.faq = "# May a robot draw the images?\n\nYes, if it is yours. Say so in the entry's text."
    task.save(update_fields=["faq"])
    task_archive(task=open_task(ARCHIVED, title="Ledgers, by mistake"), why="It was made twice.", who=organizer)
    now = timezone.now()
    slow = incident_begin(
        title="Runs begin late", text="One of two workers is away.", began_at=now - timedelta(days=2), who=organizer
    )
    incident_tell(incident=slow, text="It was a cable. All that waited has run.", ends=True, who=organizer)
    text = "No run begins for about an hour. What waits keeps its place."
    incident_begin(title="New disks", text=text, began_at=now + timedelta(days=2), who=organizer)
    for name in ("laptop", "nightly uploads"):
        token_make(user=owner, name=name, days=90)


def _label_book(task: Task) -> None:
    draw = random.Random(3)
    files = {f"{name}/{n}.png": png(numeral(name, draw)) for name in task.classes for n in range(_EACH)}
    sheet = task.materials.get(role=Material.Role.LABEL_BOOK).sheet_sha256
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book = packed_material(task, Material.Role.LABEL_BOOK, write_zip(folder / "book.zip", files), folder)
    Material.objects.filter(pk=book.pk).update(sheet_sha256=sheet)
