"""A site with something of everything: what is private bears a word by which it is found wherever it should not be."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from fixpoint.accounts.models import Notice, User
from fixpoint.accounts.tokens import token_make
from fixpoint.accounts.unsubscribing import unsubscribe_path
from fixpoint.blobs.addresses import Slot, read_token, write_token
from fixpoint.blobs.store import blob_take
from fixpoint.datasets.models import Dataset, Remark
from fixpoint.dispatch.models import Attempt, Worker
from fixpoint.leaderboard.freezing import standings_freeze
from fixpoint.organizing.announcing import announcement_publish
from fixpoint.organizing.entry_acts import entry_feature
from fixpoint.organizing.extra_entries import team_extra_entries
from fixpoint.organizing.incidents import incident_begin
from fixpoint.organizing.jury import entry_nominate, juror_name
from fixpoint.organizing.models import Award, Juror
from fixpoint.submissions.disqualifying import submission_disqualify
from fixpoint.submissions.models import Result, Submission
from fixpoint.tasks.models import Draft, HiddenImage, Material, Task
from fixpoint.teams.models import Member, Team
from fixpoint.teams.services import team_ensure
from fixpoint.uploads.models import Upload
from fixpoint.uploads.part import part_path
from tests.pages.rows import Score, entry_of, refused_dataset, scored, training
from tests.support.ingested import examined_dataset, packed_material
from tests.support.names import CLASSES
from tests.support.patterns import pattern
from tests.support.platform import accepted_dataset, open_task, person, write_zip

OWNERS, RIVALS = "besitzstueck", "nebenbuhlergut"
"""In every private name, path and reason of the owner's, and of another participant's in the same task."""
HIDDEN = "verborgenheit"
"""In every name of the hidden set."""
INTERNAL = "betriebssache"
"""In what is for those who run the task: who changed what, and which worker did it."""
HOUSE = "hausmeisterei"
"""In what is for all organizers of the site: names of its workers and queues, and what they refused."""
DRAFT = "entwurfstueck"
"""In a task that is not ready to be shown."""
NEXT_DOOR = "nachbarsache"
"""In a task of other organizers that is not ready to be shown."""
CLOSED_FIGURES = ("0.43717", "0.4372", "0.61729", "0.6173", "0.53119", "0.5312", "0.34315", "0.3432", "0.09401")
"""Of the owner's scored entry: its exact public and private accuracy, each seed's, and their spread."""
GUARDED: dict[str, object] = {
    "public_share": 0.5,
    "score_decimals": 1,
    "ladder": True,
    "counting": "chosen",
    "seeds": 2,
}
NOBODY = "00000000-0000-4000-8000-000000000000"
"""The id of nothing."""
LINK = f"{NOBODY[:-1]}1"
"""The key by which people come into the open task."""
HIDDEN_IMAGES = 4
BYTES = 1000
"""Of the upload that is under way; half of them have arrived."""

PEOPLE = ("anonymous", "stranger", "owner", "teammate", "neighbour", "organizer", "staff", "steward", "root")
"""The order of every table's columns; who they are stands at the top of pages_table.py."""


@dataclass
class World:
    """What stands in addresses by its name there, and the ids and digests that are nobody else's business."""

    places: dict[str, str] = field(default_factory=dict)
    ids_of_owner: list[str] = field(default_factory=list)
    ids_of_owner_alone: list[str] = field(default_factory=list)
    ids_of_rival: list[str] = field(default_factory=list)
    hidden_digests: list[str] = field(default_factory=list)
    sessions: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """As another process prints it."""
        return json.dumps(asdict(self))


def world_build(folder: Path) -> World:
    """All of it, by the real services where they make such a thing; `folder` is for what programs write."""
    world = World()
    people = _people()
    tasks = _tasks(folder, world)
    for name, task in tasks.items():
        task.organizers.set([people["neighbour"]] if name == "theirs" else [people["organizer"], people["steward"]])
    _things(people["owner"], tasks["open"], folder, world)
    _join(people["teammate"], people["owner"], tasks["open"], world)
    _things_of_rival(people["rival"], tasks["open"], folder, world)
    _drafts(people["organizer"], world)
    _operation(people, world)
    world.places |= _running(people["organizer"], tasks["open"], people["owner"], world.places["rivals_scored"])
    world.places |= _awarded(tasks["closed"], Submission.objects.get(pk=world.places["rivals_scored"]))
    world.places |= {f"{name}_id": str(user.pk) for name, user in people.items()}
    world.places |= {name: task.slug for name, task in tasks.items()}
    world.sessions = {name: _session(people[name]) for name in PEOPLE if name in people}
    world.places["nobody"] = NOBODY
    return world


def _drafts(owner: User, world: World) -> None:
    """What the organizer alone has begun, with a file on its way, and another that was deleted."""
    begun = Draft.objects.create(owner=owner, fields={"title": DRAFT})
    gone = Draft.objects.create(owner=owner, fields={"title": DRAFT}, deleted_at=timezone.now())
    coming = Upload.objects.create(
        owner=owner,
        draft=begun,
        field="hidden_test",
        length=BYTES,
        name=DRAFT,
        filename=f"{DRAFT}.zip",
        expires_at=timezone.now() + timedelta(days=7),
    )
    part_path(coming.pk).write_bytes(b"x" * (BYTES // 2))
    world.places |= {"begun": str(begun.pk), "gone": str(gone.pk), "join": LINK, "drafted": str(coming.pk)}


def _people() -> dict[str, User]:
    people = {name: person(name) for name in ("owner", "teammate", "rival", "stranger", "staff")}
    people |= {name: person(name, role="organizer") for name in ("organizer", "steward", "neighbour")}
    for name in ("staff", "steward"):
        people[name].is_staff = True
        people[name].save()
    people["root"] = User.objects.create_superuser("root", "root@example.org", "correct horse battery")
    for user in people.values():
        user.email = f"{user.username}@{post_of(user.username)}"
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, primary=True)
    return people


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def _tasks(folder: Path, world: World) -> dict[str, Task]:
    week = timedelta(days=7)
    now = timezone.now()
    tasks = {
        "open": open_task("numerals", hidden=0, entries_per_day=50, entries_total=50, join_key=LINK, **GUARDED),
        "upcoming": open_task("numerals-to-come", title="To come", opens_at=now + week),
        "closed": open_task("numerals-that-were", title="That were", closes_at=now - week),
        "draft": open_task(
            f"{DRAFT}-slug",
            title=DRAFT,
            summary=DRAFT,
            status="preparing",
            workers=INTERNAL,
            training_data_sha256=_blob(folder, DRAFT.encode()),
        ),
        "unpublished": open_task(f"{DRAFT}-unpublished", title=DRAFT, summary=DRAFT, published_at=None),
        "archived": open_task(f"{DRAFT}-archived", title=DRAFT, summary=DRAFT, archived_at=now, archived_why=INTERNAL),
        "theirs": open_task(f"{NEXT_DOOR}-slug", title=NEXT_DOOR, summary=NEXT_DOOR, status="preparing"),
        "broken": open_task(f"{DRAFT}-broken", title=DRAFT, summary=DRAFT, status="error"),
    }
    for name in ("open", "draft", "broken"):
        _material(tasks[name], folder, world)
    tasks["open"].training_data_sha256 = _blob(folder, b"PK the starter data")
    tasks["open"].save()
    return tasks


def _material(task: Task, folder: Path, world: World) -> None:
    """A hidden set in which three of the owner's images stand, and a label book."""
    hidden = {f"{n}": pattern(n if n < 3 else 8_000 + n) for n in range(HIDDEN_IMAGES)}
    packed_material(task, Material.Role.HIDDEN, write_zip(folder / f"{task.slug}.zip", hidden), folder)
    task.hidden_images.all().delete()
    for n in range(HIDDEN_IMAGES):
        digest = f"{n}{task.slug.encode().hex()}".ljust(64, "e")[:64]
        name = f"{HIDDEN}/{CLASSES[n % 2]}/{n}.png"
        HiddenImage.objects.create(
            task=task, number=n + 1, name=name, label=n % 2, sha256=digest, is_public=n < HIDDEN_IMAGES // 2
        )
        world.hidden_digests.append(digest)
    book = packed_material(
        task,
        Material.Role.LABEL_BOOK,
        write_zip(folder / f"{task.slug}-book.zip", {f"{name}/a.png": pattern(7_000) for name in CLASSES}),
        folder,
    )
    Material.objects.filter(pk=book.pk).update(
        sheet_sha256=_blob(folder, b"\x89PNG\r\n\x1a\nbook"), archive_sha256=_blob(folder, b"PK the label book")
    )
    kept = task.materials.get(role=Material.Role.HIDDEN)
    world.hidden_digests += [task.hidden_key, kept.pack_sha256, kept.manifest_sha256, kept.looks_sha256]


def _join(mate: User, owner: User, task: Task, world: World) -> None:
    team = team_ensure(user=owner, task=task)
    Member.objects.create(team=team, task=task, user=mate)
    team.events.create(who=owner.username, what=OWNERS)
    world.places |= {"team": str(team.pk), "invitation": team.invitation}
    world.ids_of_owner.append(team.invitation)


def _things(owner: User, task: Task, folder: Path, world: World) -> None:
    datasets = {name: _read(owner, task, folder, name, OWNERS) for name in ("accepted", "newer")}
    Remark.objects.create(
        dataset=datasets["accepted"], severity="finding", rule="extra-frames", path=f"{OWNERS}.gif", detail=OWNERS
    )
    reasons = {"missing-class": [(f"val/{OWNERS}/", OWNERS)], "unexpected-file": [(f"train/{OWNERS}.txt", OWNERS)]}
    datasets["refused"] = refused_dataset(owner, task, reasons)
    for name, status in (("ingesting", "ingesting"), ("error_dataset", "error"), ("cancelled_dataset", "cancelled")):
        datasets[name] = accepted_dataset(owner, task, f"{OWNERS}-{status}")
        Dataset.objects.filter(pk=datasets[name].pk).update(
            status=status, reason=OWNERS, digest="", pack_sha256="", manifest_sha256=""
        )
    datasets["deleted"] = accepted_dataset(owner, task, f"{OWNERS}-deleted")
    Dataset.objects.filter(pk=datasets["deleted"].pk).update(deleted_at=timezone.now())
    Dataset.objects.filter(pk=datasets["newer"].pk).update(archive_sha256=_blob(folder, b"PK as it was handed in"))
    Dataset.objects.filter(pk=datasets["refused"].pk).update(name=f"{OWNERS}-refused", reason=OWNERS)
    entries = dict(_entries(datasets["accepted"]))
    uploads = {"upload": _upload(owner, task), "finished": _upload(owner, task, became=datasets["newer"])}
    part_path(uploads["upload"].pk).write_bytes(b"x" * (BYTES // 2))
    for found in (datasets, entries, uploads):
        world.places |= {name: str(thing.pk) for name, thing in found.items()}
        world.ids_of_owner += [str(thing.pk) for name, thing in found.items() if name != "scored"]
    world.places["blob"] = read_token(datasets["accepted"].pack_sha256)
    world.places["no_blob"] = read_token("7" * 64)
    world.ids_of_owner_alone = [world.places[name] for name in ("deleted", "upload", "finished")]
    world.places["forged"] = world.places["blob"][:-4] + "AAAA"
    world.places["slot"] = write_token(Slot(NOBODY, "weights.safetensors", 10))


def _things_of_rival(rival: User, task: Task, folder: Path, world: World) -> None:
    dataset = _read(rival, task, folder, "of a rival", RIVALS)
    world.places["rivals_dataset"] = str(dataset.pk)
    world.places["rivals_team"] = str(team_ensure(user=rival, task=task).pk)
    world.places["rivals_scored"] = str(scored(training(entry_of(dataset), [(1.0, 0.5)])).pk)
    fallen = scored(training(entry_of(dataset), [(1.0, 0.5)]))
    submission_disqualify(submission=fallen, why="The hidden images were in it.", who=INTERNAL)
    world.places["disqualified"] = str(fallen.pk)
    running = training(entry_of(dataset), [(1.0, 0.5)])
    world.ids_of_rival += [str(dataset.pk), str(running.pk)]


def _read(owner: User, task: Task, folder: Path, name: str, word: str) -> Dataset:
    """A dataset with thumbnails, sheet, findings and images of the hidden set; each version has an image more."""
    files = {
        f"{split}/{label}/{word}-{n}.png": pattern(4 * at + n)
        for at, (split, label) in enumerate((s, c) for s in ("train", "val") for c in CLASSES)
        for n in range(4)
    }
    files[f"train/{CLASSES[0]}/{word}-more.png"] = pattern(500 + len(name))
    return examined_dataset(owner, task, write_zip(folder / f"{word}-{name}.zip", files), folder, f"{word}-{name}")


def _entries(dataset: Dataset) -> Iterator[tuple[str, Submission]]:
    """One in every state, with the attempt of each that is told to organizers."""
    for status in Submission.Status.values:
        entry = entry_of(dataset, seeds=dataset.task.entry_seeds)
        if status == Submission.Status.SCORED:
            _guarded(scored(training(entry, [(1.0, 0.5)]), Score(accuracy=0.4)))
        elif status != Submission.Status.QUEUED:
            training(entry, [(1.0, 0.5)])
            is_over = status in Submission.FINAL
            Submission.objects.filter(pk=entry.pk).update(status=status, reason=OWNERS if is_over else "")
        entry.transitions.create(attempt=1, from_status="queued", to_status="queued", why=INTERNAL, who="worker")
        Attempt.objects.create(
            handler="submission",
            kind="evaluate",
            subject_id=entry.pk,
            number=1,
            queue=f"evaluate.{HOUSE}",
            worker=f"worker-{INTERNAL}",
            refusal=HOUSE,
            refused_at=timezone.now(),
        )
        yield status, entry


def _guarded(entry: Submission) -> None:
    """It is told with one decimal, and is not exactly that."""
    seeds = [each | {"accuracy_private": 0.61729} for each in entry.result.per_seed]
    seeds[0]["accuracy"], seeds[1]["accuracy"] = 0.53119, 0.34315
    exact = {"accuracy_public": 0.43717, "accuracy_private": 0.61729, "spread": 0.09401}
    Result.objects.filter(pk=entry.pk).update(per_seed=seeds, **exact)


def _upload(owner: User, task: Task, became: Dataset | None = None) -> Upload:
    return Upload.objects.create(
        owner=owner,
        task=task,
        length=BYTES,
        name=f"{OWNERS}-coming",
        filename=f"{OWNERS}.zip",
        fingerprint=OWNERS,
        expires_at=timezone.now() + timedelta(days=7),
        ended_at=timezone.now() if became else None,
        dataset=became,
    )


def _running(organizer: User, task: Task, owner: User, scored: str) -> dict[str, str]:
    """What its organizer announced, and gave to a team."""
    announcement = announcement_publish(task=task, title="New data", text="More sevens.", who=organizer)
    team = Team.objects.get(task=task, members__user=owner)
    team_extra_entries(team=team, extra=2, why="A worker broke.", who=organizer)
    entry_feature(entry=Submission.objects.get(pk=scored), why="Half the images.", who=organizer)
    nominated = entry_nominate(entry=Submission.objects.get(pk=scored), description="Half the images.", who=organizer)
    juror_name(task=task, username="stranger", who=organizer)
    return {
        "announcement": str(announcement.pk),
        "team": str(team.pk),
        "nominated": str(nominated.pk),
        "juror": str(Juror.objects.get().pk),
    }


def _awarded(task: Task, entry: Submission) -> dict[str, str]:
    """An award on record that was not published."""
    revision = standings_freeze(task_id=task.pk)
    award = Award.objects.create(task=task, kind="performance", submission=entry, grounds=HOUSE, revision=revision)
    return {"award": str(award.pk)}


def _operation(people: dict[str, User], world: World) -> None:
    now = timezone.now()
    world.places["group"] = str(Group.objects.create(name="a group").pk)
    world.places["address"] = str(EmailAddress.objects.get(user=people["owner"]).pk)
    factor = Authenticator.objects.create(user=people["rival"], type="totp", data={"secret": "x"})
    identity = SocialAccount.objects.create(user=people["rival"], provider="oidc", uid="rival")
    world.places |= {"factor": str(factor.pk), "identity": str(identity.pk)}
    world.places["way_out"] = unsubscribe_path(people["owner"]).split("/")[2]
    token, _text = token_make(user=people["owner"], name=OWNERS, days=30)
    world.places["token"] = str(token.pk)
    incident = incident_begin(title="Slow", text="A disk is being changed.", began_at=now, who=people["organizer"])
    world.places["incident"] = str(incident.pk)
    Worker.objects.create(
        name=f"worker-{HOUSE}",
        instance="1",
        started_at=now,
        heartbeat_at=now,
        contract=1,
        queues=[f"evaluate.{HOUSE}"],
        sandbox="docker",
        device=HOUSE,
        gpu=False,
        resting_since=now,
        resting_by=HOUSE,
    )
    for name in ("organizer", "steward", "root"):
        path = f"/entries/{world.places['error']}/"
        Notice.objects.create(user=people[name], subject=INTERNAL, text=INTERNAL, path=path)


def _blob(folder: Path, data: bytes) -> str:
    path = folder / "blob"
    path.write_bytes(data)
    return blob_take(path).sha256


def post_of(name: str) -> str:
    """Where this person gets mail: nobody else's business."""
    return f"{name}-bekommt-post.example"
