"""From a zip that arrived to a dataset that is accepted, or refused with every reason."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from fixpoint.accounts.models import User
from fixpoint.blobs.arriving import file_write, taking_folder
from fixpoint.blobs.store import Stored, blob_take, path_identity
from fixpoint.datasets.archive import inspect
from fixpoint.datasets.daily import expect_another_today
from fixpoint.datasets.models import EXAMINE_JOB, Dataset, DatasetEnergy, Remark
from fixpoint.datasets.refusing import known_refuse, refusals_add, refusals_keep, remarks_keep
from fixpoint.datasets.selectors import archive_rules
from fixpoint.datasets.storage import expect_storage
from fixpoint.datasets.telling_people import end_tell
from fixpoint.dispatch.sending import attempt_open, own_job_send
from fixpoint.energy.phases import energy_keep
from fixpoint.sayings.saying import said
from fixpoint.states import status_change
from fixpoint.tasks.ingestion import LOOKS, THUMBNAILS
from fixpoint.tasks.models import Task
from fixpoint.tasks.outcomes import Ingested, Refused
from fixpoint.tasks.running import runners_tell
from worker.contract import Energy, Kind


def dataset_upload(*, owner: User, task: Task, name: str, file: UploadedFile, enters: bool = False) -> Dataset:
    """Take an uploaded zip: inspected at once, then refused with every reason or sent to be read by a worker.

    StorageFullError where its owner may not keep it, TooManyDatasetsError where it is one too many for a day.
    """
    with taking_folder() as folder:
        path = file_write(file, folder / "archive.zip")
        return dataset_take(owner=owner, task=task, name=name, path=path, enters=enters)


def dataset_take(
    *,
    owner: User,
    task: Task,
    name: str,
    path: Path,
    enters: bool = False,
    entry_seeds: Sequence[int] = (),
    known: Stored | None = None,
    taken: Callable[[Dataset], None] | None = None,
) -> Dataset:
    """The same for a file on this disk, which is moved into the store; `enters`: as soon as it is accepted.

    `known` is the file's identity, just taken; `taken` is called in the transaction that creates the dataset, of a file
    that was announced and is counted already. What its directory refuses is read all the same where that can be done:
    all reasons are told at once, those of images too. Raises as `dataset_upload`.
    """
    expect_another_today(owner)
    rules = archive_rules(task)
    inspection = inspect(path, rules)
    stored = known or path_identity(path)
    is_read = inspection.can_be_read(rules)
    if is_read:
        # What is not read is known by its digest and not kept: a stranger's bytes must not fill the disk.
        expect_storage(owner, task, more=0 if taken else stored.size, sha256=stored.sha256)
        blob_take(path, stored)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=owner.pk)  # two at once would both find the last room free
        expect_another_today(owner)
        dataset = Dataset.objects.create(
            owner=owner,
            task=task,
            name=name[:120],
            status=Dataset.Status.INSPECTING,
            archive_sha256=stored.sha256,
            archive_bytes=stored.size,
            archive_freed_at=None if is_read else timezone.now(),
            images=inspection.images,
            counts=inspection.counts,
            clutter=inspection.clutter,
            enters=enters,
            entry_seeds=list(entry_seeds),
        )
        if inspection.refusals:
            refusals_keep(dataset=dataset, refusals=inspection.refusals, counts=inspection.refusal_counts)
        if not is_read:
            known_refuse(dataset=dataset)
        elif status_change(dataset, to="ingesting", why=_why_read(dataset)):
            _send(dataset)
        if taken:
            taken(dataset)
        if is_read:
            expect_storage(owner, task)
    return dataset


@transaction.atomic
def dataset_cancel(*, dataset: Dataset, who: User) -> bool:
    """Stop working on it; False if it was over already."""
    # Held, so that an end in the same moment comes before or after, never between look and change.
    dataset.refresh_from_db(from_queryset=Dataset.objects.select_for_update())
    if dataset.is_final:
        return False
    why = "cancelled on request"
    cancelled = status_change(dataset, to="cancelled", why=why, who=who.username, ended_at=timezone.now())
    if cancelled and who.pk != dataset.owner_id:  # who cancels their own knows
        end_tell(dataset=dataset)
    return cancelled


@transaction.atomic
def dataset_accept(*, dataset: Dataset, outcome: Ingested, blobs: dict[str, str], provenance: dict[str, Any]) -> None:
    """A worker has read and packed every image; who asked for it has it entered in the same moment."""
    if dataset.is_refused_already:
        _refuse(dataset)  # by its directory: what the worker thinks of that does not count
        return
    if dataset.enters:
        # Entering holds the owner's row, and so does deleting before it looks at a dataset: always in this order.
        User.objects.select_for_update(no_key=True).get(pk=dataset.owner_id)
    accepted = status_change(
        dataset,
        to="accepted",
        why="every image was read",
        who="worker",
        images=outcome.images,
        counts=outcome.counts,
        clutter=outcome.clutter,
        decoded_megapixels=outcome.decoded_megapixels,
        digest=outcome.dataset_digest,
        pack_sha256=blobs["pack.safetensors"],
        manifest_sha256=blobs["manifest.json"],
        sheet_sha256=blobs.get("sheet.png", ""),
        sheet=outcome.model_dump(include={"sheet_cell", "sheet_columns", "sheet_rows"}),
        looks_sha256=blobs.get(LOOKS, ""),
        thumbnails_sha256=blobs.get(THUMBNAILS, ""),
        provenance=provenance,
        remark_counts=outcome.finding_counts,
        ended_at=timezone.now(),
    )
    if accepted:
        remarks_keep(dataset=dataset, severity=Remark.Severity.FINDING, named=outcome.findings)
        own_job_send(EXAMINE_JOB, str(dataset.pk), expires=settings.EXAMINE_SECONDS)
        if dataset.enters:
            _enter(dataset)
        end_tell(dataset=dataset)


@transaction.atomic
def dataset_refuse(*, dataset: Dataset, outcome: Refused) -> None:
    """A worker found reasons against it, or all that there are beside those of its directory."""
    refusals_add(dataset=dataset, named=outcome.refusals, counts=outcome.refusal_counts)
    _refuse(dataset)


@transaction.atomic
def dataset_fail(*, dataset: Dataset, reason: str) -> None:
    """A limit was reached while it was read: the data's fault, told in one sentence."""
    if dataset.is_refused_already:
        _refuse(dataset, also=reason)
    elif status_change(dataset, to="refused", why=reason, who="worker", reason=reason, ended_at=timezone.now()):
        end_tell(dataset=dataset)


@transaction.atomic
def dataset_retire(*, dataset: Dataset, why: str) -> None:
    """Its task's recipe was retired while it waited: no worker would read it any more."""
    if dataset.is_refused_already:
        _refuse(dataset, also=why)
    elif status_change(dataset, to="error", why=why, reason=why, ended_at=timezone.now()):
        end_tell(dataset=dataset)


@transaction.atomic
def dataset_retry(*, dataset: Dataset, why: str) -> None:
    """Our fault: a new attempt, or after the last one an error that says so."""
    if dataset.attempt >= settings.MAX_ATTEMPTS:
        _give_up(dataset, why)
    elif status_change(dataset, to="ingesting", why=why, attempt=dataset.attempt + 1):
        _send(dataset)


def dataset_energy(*, dataset: Dataset, energy: Energy) -> None:
    """Keep what this attempt's reading took."""
    energy_keep(DatasetEnergy, energy, dataset=dataset, attempt=dataset.attempt)


def _why_read(dataset: Dataset) -> str:
    if dataset.remark_counts:
        return "refused by the directory of the zip; its images are read for what else there is"
    return "the directory of the zip is in order"


def _refuse(dataset: Dataset, also: str = "") -> bool:
    refused = known_refuse(dataset=dataset, also=also)
    if refused:
        end_tell(dataset=dataset)
    return refused


def _give_up(dataset: Dataset, why: str) -> None:
    if dataset.is_refused_already:
        ended = _refuse(dataset, also="Its images could not be read, which is our fault: there may be more.")
    else:
        reason = "This is our fault, not your data's: reading it failed three times. The organizers can see why."
        ended = status_change(dataset, to="error", why=why, reason=reason, ended_at=timezone.now())
        if ended:
            end_tell(dataset=dataset)
    if ended:
        runners_tell(
            task=dataset.task,
            subject=lambda: _("A dataset of %(task)s was given up") % {"task": dataset.task},
            text=lambda: (
                _("Reading %(dataset)s failed %(count)s times, through no fault of its own. The last time: %(why)s")
                % {"dataset": dataset, "count": dataset.attempt, "why": said(why)}
            ),
            path=f"/datasets/{dataset.pk}/",
        )


def _enter(dataset: Dataset) -> None:
    """By the app that knows entries, named in the settings. Its refusal is kept and takes nothing back."""
    enter: Callable[[Dataset], str] = import_string(settings.DATASET_ENTRY)
    if refusal := enter(dataset):
        dataset.entry_refusal = refusal
        dataset.save(update_fields=["entry_refusal"])


def _send(dataset: Dataset) -> None:
    queue = dataset.task.queue(Kind.INGEST)
    attempt_open(handler="dataset", kind=Kind.INGEST, subject_id=dataset.pk, number=dataset.attempt, queue=queue)
