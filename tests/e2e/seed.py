"""A platform in full swing, as rows: what the screenshots and the browser tests look at."""

import math
import random
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.utils import timezone

from fixpoint.accounts.models import User
from fixpoint.accounts.notices import organizers_tell
from fixpoint.blobs.store import blob_take
from fixpoint.datasets.models import Dataset, Remark
from fixpoint.dispatch.models import Attempt, Sweep, Worker
from fixpoint.submissions.deletion import dataset_delete
from fixpoint.submissions.describing import submission_describe
from fixpoint.submissions.models import Result, Submission
from fixpoint.submissions.teaming import team_join
from fixpoint.tasks.models import Material, Task
from fixpoint.teams.models import Team
from fixpoint.teams.services import team_rename
from fixpoint.uploads.models import Upload
from fixpoint.uploads.part import Part
from tests.e2e.checked import checked_datasets
from tests.e2e.drawing import CLASSES, contact_sheet
from tests.e2e.ended import ended_task
from tests.e2e.making import making
from tests.e2e.organized import organize
from tests.e2e.shown import shown_beside
from tests.pages.rows import Score, entry_of, moved, refused_dataset, scored, set_time, training
from tests.support.hellos import hello_from
from tests.support.platform import open_task, person

SUMMARY = "Teach a locked network to read handwritten Roman numerals from i to x, by nothing but better images."
DESCRIPTION = """You get 2,880 scanned numerals. Many are mislabelled, cropped, empty, or not numerals at all.

Choose, clean, relabel and draw: at most 10,000 images. Everyone's entry trains the same network with the same
numbers, and is judged on images that nobody has seen."""
RULES = """Draw and collect as you like, but do not try to find or copy the hidden images.

One account a person. Entries that are made to look at the hidden set are disqualified, with a reason."""

LONG_NAME = "train/vii/" + "a-very-long-name-" * 11 + "…"
TOO_LONG = (
    "Training on this dataset took longer than the 1 hour that this task allows (ended after 1 hour 0.4 seconds). "
    "Fewer images train faster."
)
OVERWRITTEN = "On some computers one would overwrite the other."

BOARD = [
    ("ada", 0.8465, 5.61, 7.32, 9912, 2),
    ("noether", 0.8336, 3.38, 4.41, 5870, 1),
    ("kovalevskaya", 0.8272, 5.02, 6.90, 8804, 6),
    ("ramanujan", 0.8103, 1.74, 2.16, 2990, 3),
    ("hypatia", 0.7894, 2.31, None, 3600, 9),
    ("lovelace_and_friends", 0.7516, 0.93, 1.20, 1502, 5),
    ("owner", 0.7283, 1.66, 2.14, 2790, 0),
    ("gauss", 0.6447, 1.72, 2.25, 2880, 12),
    ("erdos", 0.5860, 0.42, 0.55, 640, 4),
]
"""User, accuracy, standardised grams, measured grams, images, days ago."""


@dataclass(frozen=True)
class World:
    """The rows that a test or a picture names."""

    task: Task
    owner: User
    accepted: Dataset
    refused: Dataset
    refused_already: Dataset
    cancelled: Dataset
    ingesting: Dataset
    running: Submission
    scored: Submission
    failed: Submission
    queued: Submission
    several: Submission
    checked: Dataset
    mended: Dataset
    deleted: Dataset
    checked_entry: Submission
    mended_entry: Submission
    fallen: Submission
    again: Submission
    friends: Team


def seed() -> World:
    """Fill an empty database."""
    task = _task()
    owner = person("owner")
    person("newcomer")
    entries = {name: _entry(task, *line) for name, *line in BOARD}  # type: ignore[misc]
    accepted = _dataset(owner, task, "relabelled iv and vi, 300 new ix", 3120, days=0)
    Remark.objects.bulk_create(
        Remark(
            dataset=accepted,
            severity="finding",
            rule="extra-frames",
            path=f"train/ix/{n}.gif",
            detail="the image has several frames; the first one is used",
        )
        for n in range(3, 7)
    )
    now = timezone.now()
    given = _dataset(owner, task, "as given", 2880, days=3)
    scored(entry_of(given, at=now - timedelta(days=3)), Score(0.6447, 0.0039, 0.0050))
    failed = entry_of(_dataset(owner, task, "everything twice", 9800, days=2), at=now - timedelta(days=2))
    training(failed, learning_curve(61))
    moved(failed, "training", "failed", TOO_LONG, now - timedelta(days=2, minutes=-60))
    failed.status, failed.reason_code = "failed", "timeout"
    failed.reason = TOO_LONG
    failed.fault = {"limit": "wall_seconds", "allowed": 3600, "used": 3600.4}
    failed.save()
    queued = entry_of(_dataset(owner, task, "only the clean ones", 1200, days=0), at=now - timedelta(seconds=50))
    running = training(entry_of(accepted, at=now - timedelta(minutes=8)), learning_curve(47))
    three = entry_of(_dataset(owner, task, "the same again", 2790, days=1), at=now - timedelta(days=1), seeds=[0, 1, 2])
    several = scored(training(three, learning_curve(100)), Score(0.7021, 0.0112, 0.0149), best_epoch=80)
    _unranked(task)
    checked, mended = checked_datasets(owner, task)
    _workers(running)
    _unfinished(owner, task)
    put_aside = _dataset(owner, task, "first try, mirrored twice", 4100, days=6)
    put_aside.archive_sha256, put_aside.digest = "5a" * 32, "6b" * 32
    put_aside.save()
    dataset_delete(dataset=put_aside, who=owner.username)
    _closed()
    open_task("digits-2025", title="Digits of old ledgers", status=Task.Status.CLOSED)
    checked_entry, mended_entry = _described(entries["owner"], checked, mended)
    fallen, again = ended_task()
    organize(task, entries["owner"], fallen.task)
    making()
    shown_beside(task, owner)
    return World(
        task=task,
        owner=owner,
        accepted=accepted,
        refused=_refused(owner, task),
        refused_already=_refused_already(owner, task, "ingesting"),
        cancelled=_refused_already(owner, task, "cancelled"),
        ingesting=_ingesting(owner, task),
        running=running,
        scored=entries["owner"],
        failed=failed,
        queued=queued,
        several=several,
        checked=checked,
        mended=mended,
        deleted=put_aside,
        checked_entry=checked_entry,
        mended_entry=mended_entry,
        fallen=fallen,
        again=again,
        friends=_friends(entries["lovelace_and_friends"]),
    )


def _friends(entry: Submission) -> Team:
    """Four people, of whom a line of the board names three."""
    for name in ("babbage", "somerville", "menabrea"):
        team_join(user=person(name), invitation=entry.team.invitation)
    return team_rename(team=entry.team, who=entry.owner, name="Lovelace and friends")


def _described(entry: Submission, checked: Dataset, mended: Dataset) -> tuple[Submission, Submission]:
    """What its owner wrote about an entry, and two more that differ by what was mended."""
    submission_describe(
        submission=entry,
        title="Only what a person could read",
        description="I dropped every scan that two of us could not read.\n\nThen I drew the rare ones anew.",
        link="https://example.org/only-what-a-person-could-read",
        notes="Next: the sevens with a bar.",
    )
    made = []
    for dataset, hours, figures in ((checked, 30, Score(0.6912, 0.0031)), (mended, 26, Score(0.7166, 0.0029))):
        begun = training(entry_of(dataset, at=timezone.now() - timedelta(hours=hours)), learning_curve(100, hours))
        made.append(scored(begun, figures, best_epoch=71))
    return made[0], made[1]


def _unranked(task: Task) -> None:
    """What stands on the board beside the ranked: a baseline, a reference, an entry that was taken back."""
    host, now = person("host", role="organizer"), timezone.now()
    for name, role, score in (
        ("as published", "baseline", Score(0.6440, 0.00388, 0.0049)),
        ("cleaned by the hosts", "reference", Score(0.8190, 0.0079, 0.0101)),
    ):
        entry = entry_of(_dataset(host, task, name, 2880, days=20), at=now - timedelta(days=20), role=role)
        scored(entry, score)
    withdrawn = entry_of(_dataset(person("galois"), task, "in haste", 4000, days=8), at=now - timedelta(days=8))
    scored(withdrawn, Score(0.8555, 0.002, 0.0025))
    Submission.objects.filter(pk=withdrawn.pk).update(withdrawn_at=now)


def _closed() -> None:
    """A task that is over: private scores decide, and one entry came too late."""
    now = timezone.now()
    task = open_task(
        "roman-numerals-2021", hidden=1244, title="Roman numerals 2021", summary=SUMMARY, classes=CLASSES,
        closes_at=now - timedelta(days=2), public_share=0.5, takes_late=True,
    )  # fmt: skip
    task.hidden_images.filter(number__gt=622).update(is_public=False)
    lines = [("ada", 0.81, 0.83, 5), ("noether", 0.83, 0.79, 4), ("gauss", 0.74, 0.75, 6), ("erdos", 0.70, 0.85, 0)]
    for name, public, private, days in lines:
        owner = User.objects.get(username=name)
        entry = entry_of(_dataset(owner, task, "2021", 3000, days=days), at=now - timedelta(days=days))
        scored(entry, Score(public, 0.004, 0.005))
        Result.objects.filter(submission=entry).update(accuracy_private=private)


def learning_curve(epochs: int, seed: int = 1) -> list[tuple[float, float]]:
    """Loss and accuracy as they fall and rise in earnest."""
    draw = random.Random(seed)
    return [
        (
            0.16 + 2.1 * math.exp(-n / 14) + draw.uniform(0, 0.06),
            0.88 - 0.72 * math.exp(-n / 11) + draw.uniform(-0.03, 0.03),
        )
        for n in range(epochs)
    ]


def _task() -> Task:
    task = open_task(
        "roman-numerals", hidden=1244, title="Roman numerals", summary=SUMMARY, description=DESCRIPTION, rules=RULES,
        classes=CLASSES, max_archive_bytes=512 * 2**20, max_image_bytes=20 * 2**20, max_image_pixels=50_000_000,
        train_seconds=3600, memory_bytes=4 * 2**30, entries_per_day=5, entries_total=100, accuracy_floor=0.6,
        training_data_sha256=stored(b"zip"), closes_at=timezone.now() + timedelta(days=23, hours=5),
    )  # fmt: skip
    Material.objects.create(
        task=task, role="label_book", status="ready", archive_sha256="0" * 64, sheet_sha256=stored(contact_sheet())
    )
    return task


def _dataset(owner: User, task: Task, name: str, images: int, *, days: int) -> Dataset:
    draw = random.Random(images)
    shares = [draw.uniform(0.7, 1.3) for _ in task.classes]
    counts = {
        split: {label: round(part * share / sum(shares)) for label, share in zip(task.classes, shares, strict=True)}
        for split, part in (("train", images * 0.8), ("val", images * 0.2))
    }
    dataset = Dataset.objects.create(
        owner=owner, task=task, name=name, status="accepted", archive_sha256="9c" * 32, archive_bytes=images * 1480,
        images=sum(sum(each.values()) for each in counts.values()), counts=counts, clutter=14,
        decoded_megapixels=images * 0.05,
        digest="4e" * 32, pack_sha256="7b" * 32, manifest_sha256="3d" * 32,
        sheet_sha256=stored(contact_sheet(images % 3)),
    )  # fmt: skip
    set_time(dataset, "created_at", timezone.now() - timedelta(days=days, minutes=20))
    return dataset


def _entry(task: Task, accuracy: float, standard: float, measured: float | None, images: int, days: int) -> Submission:
    name = next(each[0] for each in BOARD if each[1] == accuracy)
    user = User.objects.filter(username=name).first() or person(name)
    dataset = _dataset(user, task, "hand-picked", images, days=days)
    entry = training(entry_of(dataset, at=timezone.now() - timedelta(days=days, minutes=19)), learning_curve(100))
    score = Score(accuracy, standard / 445, measured and measured / 445, "M1")
    return scored(entry, score, best_epoch=83)


def _workers(running: Submission) -> None:
    """Two at work and one that fell silent, as an organizer sees them."""
    person("organizer", "organizer")
    holds = {"recipe_digests": {running.recipe: running.recipe_digest}}
    hello_from("compose-ingest", queues=("ingest",), **holds)
    hello_from("compose-evaluate", queues=("evaluate", "evaluate.cpu"), **holds)
    hello_from("lab-gpu-1", queues=("evaluate.lab.gpu",), gpu=True, **holds)
    Worker.objects.update(heartbeat_at=timezone.now() + timedelta(days=1))  # alive for as long as anybody looks
    Worker.objects.filter(pk="lab-gpu-1").update(heartbeat_at=timezone.now() - timedelta(hours=3))
    now = timezone.now()
    Attempt.objects.create(
        handler="submission", kind="evaluate", subject_id=running.pk, number=1, queue="evaluate",
        worker="compose-evaluate", claimed_at=now - timedelta(minutes=7), lease_until=now + timedelta(minutes=2),
    )  # fmt: skip
    Sweep.objects.create(pk=1, at=now + timedelta(days=1))
    organizers_tell(
        subject="An entry of Roman numerals was given up",
        text="everything twice by gauss failed 3 times, through no fault of its data, and was not charged. "
        "The last time: The worker has no room left on its disk.",
        path=f"/entries/{running.pk}/",
    )


def _unfinished(owner: User, task: Task) -> None:
    upload = Upload.objects.create(
        owner=owner, task=task, length=3_000_000, name="300 more of ix", filename="ix.zip",
        expires_at=timezone.now() + timedelta(days=6),
    )  # fmt: skip
    with Part(upload.pk) as part:
        part.append(bytes(1_250_000))


def _refused(owner: User, task: Task) -> Dataset:
    return refused_dataset(
        owner,
        task,
        {
            "missing-class": [(f"val/{name}/", f"No image of class '{name}' in val.") for name in ("iii", "viii")],
            "unknown-class": [
                ("train/IV/", "'IV' is no class of this task; its folder holds 3 files. Did you mean 'iv'?")
            ],
            "unexpected-file": [
                (f"train/i/notes{n}.txt", "Not named as an image: PNG, JPEG, WebP, BMP, GIF, TIFF are read.")
                for n in range(24)
            ],
            "unsafe-name": [("../outside.png", "The name leaves its folder."), (LONG_NAME, "The name is too long.")],
            "duplicate-name": [("train/ii/A.PNG", "Collides with 'train/ii/a.png'. " + OVERWRITTEN)],
            "damaged-entry": [
                (f"train/v/scan-{n:04}.png", "Its data overlaps another entry's, or runs past the end.")
                for n in range(1_200)
            ],
            "image-too-many-bytes": [("train/x/wall.tiff", "The file has 48.2 MiB; at most 20.0 MiB are allowed.")],
        },
    )


def _refused_already(owner: User, task: Task, status: str) -> Dataset:
    unknown = [("train/IV/", "'IV' is no class of this task; its folder holds 3 files. Did you mean 'iv'?")]
    dataset = refused_dataset(owner, task, {"unknown-class": unknown})
    dataset.status, dataset.name, dataset.reason = status, "second try", ""
    dataset.save()
    return dataset


def _ingesting(owner: User, task: Task) -> Dataset:
    dataset = _dataset(owner, task, "with my own drawings", 4100, days=0)
    dataset.status, dataset.digest, dataset.sheet_sha256, dataset.decoded_megapixels = "ingesting", "", "", None
    dataset.save()
    return dataset


def stored(data: bytes) -> str:
    """Put bytes into the store of blobs."""
    with NamedTemporaryFile(delete=False) as file:
        file.write(data)
    return blob_take(Path(file.name)).sha256
