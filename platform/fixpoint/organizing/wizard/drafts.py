"""Drafts from nothing, from a task and from a bundle; deleting and restoring them."""

import shutil
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from fixpoint.accounts.models import User
from fixpoint.blobs.arriving import file_write, taking_folder
from fixpoint.blobs.store import blob_take
from fixpoint.organizing.acts import What, act_record
from fixpoint.organizing.wizard.raw import fields_of
from fixpoint.organizing.wizard.steps import FILES
from fixpoint.tasks.arriving_bundle import MOST_YAML, bundle_unpack, yaml_too_large
from fixpoint.tasks.bundle import bundle_raw, fields_problems, file_problems
from fixpoint.tasks.bundle_fields import TaskBundle
from fixpoint.tasks.bundle_problems import BundleError
from fixpoint.tasks.drafted import drafts_all
from fixpoint.tasks.exporting import YAML, bundle_write
from fixpoint.tasks.from_bundle import HIDDEN, bundle_of
from fixpoint.tasks.models import Draft, DraftFile, Task
from fixpoint.uploads.models import Upload
from fixpoint.uploads.services import uploads_end

KEPT = timedelta(days=30)
"""A deleted draft can be restored for so long."""
_YAMLS = (".yaml", ".yml")


def drafts_deleted(user: User) -> QuerySet[Draft]:
    """Those that can be restored."""
    return drafts_all(user).filter(deleted_at__gt=timezone.now() - KEPT)


def draft_start(*, owner: User) -> Draft:
    """An empty one."""
    return Draft.objects.create(owner=owner, fields={})


def draft_copy(*, owner: User, task: Task) -> Draft:
    """All of a task but its address and its hidden key: another competition parts its hidden images anew.

    Its hidden labels leave it by that, which is written down there.
    """
    with taking_folder() as folder:
        bundle_write(task, folder)
        bundle = bundle_of(task)
        fields = fields_of(bundle, owner.username)
        for name in ("slug", "hidden_key"):
            fields.pop(name, None)
        with transaction.atomic():
            draft = _keep(owner, fields, bundle, folder)
            act_record(who=owner, task=task, what=What.EXPORTED, details={"into_draft": str(draft.pk)})
        return draft


def draft_import(*, owner: User, file: UploadedFile) -> Draft:
    """A bundle's zip as a draft. BundleError with all that is wrong; who is not known here is told at the dates.

    Of a YAML alone the fields are read, and the draft has no files yet.
    """
    with taking_folder() as folder:
        if Path(str(file.name)).suffix.lower() in _YAMLS:
            return _of_yaml(owner, file, folder / YAML)
        source = file_write(file, folder / "bundle.zip")
        inside = folder / "inside"
        inside.mkdir()
        path = bundle_unpack(source, inside)
        raw = bundle_raw(path)
        files = file_problems(raw, inside, is_strangers=True)
        if fields_problems(raw, asks_people=False) or files:
            raise BundleError(fields_problems(raw) + files)
        bundle = TaskBundle.model_validate(raw)
        return _keep(owner, fields_of(bundle, owner.username), bundle, inside)


@transaction.atomic
def draft_delete(*, draft: Draft) -> None:
    """Out of sight; it can be restored for KEPT. What was on its way into it is given up."""
    Draft.objects.filter(pk=draft.pk).update(deleted_at=timezone.now())
    uploads_end(uploads=Upload.objects.filter(draft=draft))


def draft_restore(*, owner: User, draft_id: UUID) -> bool:
    """Back among the others; False where there is none to restore."""
    return bool(drafts_deleted(owner).filter(pk=draft_id).update(deleted_at=None))


def drafts_forget() -> int:
    """Delete for good what was deleted long ago; its files are freed by the sweep. Returns how many rows went."""
    return Draft.objects.filter(deleted_at__lte=timezone.now() - KEPT).delete()[0]


def _of_yaml(owner: User, file: UploadedFile, path: Path) -> Draft:
    if (file.size or 0) > MOST_YAML:
        raise BundleError([yaml_too_large()])
    path.write_bytes(file.read())
    raw = {name: value for name, value in bundle_raw(path).items() if name not in FILES | {"baselines"}}
    raw["hidden_test"] = HIDDEN.name  # stands in for one that is handed in later
    if fields_problems(raw, asks_people=False):
        raise BundleError(fields_problems(raw))
    return Draft.objects.create(owner=owner, fields=fields_of(TaskBundle.model_validate(raw), owner.username))


def _keep(owner: User, fields: dict[str, Any], bundle: TaskBundle, folder: Path) -> Draft:
    names = [(name, getattr(bundle, name), "", "") for name in sorted(FILES - {"baseline"})]
    names += [("baseline", each.zip, each.name, each.role) for each in bundle.baselines]
    rows = [_row(field, folder / path, title, role) for field, path, title, role in names if path is not None]
    with transaction.atomic():
        draft = Draft.objects.create(owner=owner, fields=fields)
        _add(draft, rows)
    return draft


def _row(field: str, path: Path, title: str, role: str) -> DraftFile:
    copy = path.with_name(f"copy-of-{path.name}")
    shutil.copyfile(path, copy)  # two fields may name one file
    stored = blob_take(copy)
    return DraftFile(field=field, sha256=stored.sha256, size=stored.size, name=path.name[:200], title=title, role=role)


def _add(draft: Draft, rows: Iterable[DraftFile]) -> None:
    for row in rows:
        row.draft = draft
    DraftFile.objects.bulk_create(rows)
