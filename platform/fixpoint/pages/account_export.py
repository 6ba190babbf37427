"""All that this site keeps of a person, as files in one zip; of others and of scores no more than pages tell."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.forms.models import model_to_dict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fixpoint.accounts.models import Notice, Token, User
from fixpoint.accounts.second_factor import has_second_factor
from fixpoint.blobs.store import BlobMissingError, blob_read
from fixpoint.datasets.manifest import MOST_BYTES
from fixpoint.datasets.models import Dataset
from fixpoint.pages.account_kept import entries_kept, organizing_kept, participations_kept, teams_kept, votes_kept
from fixpoint.pages.json_facts import REMARK_FACTS, dataset_json, moment_json
from fixpoint.pages.logbook import logbook
from fixpoint.spreadsheets import harmless
from fixpoint.uploads.models import Upload

_IN_MEMORY = 8 * 2**20
_AT_ONCE = 1_000
_README = gettext_noop("""Everything that Fixpoint keeps of the account %(name)s.

account.json        who you are here, and how you sign in
notices.json        what you were told
teams.json          your teams: in which task, since when, as captain or not, and what you did to them
tasks.json          private tasks: invitations, and how you asked to be let in
uploads.json        files that are still on their way
datasets.json       your datasets, each with a link to its zip: sign in, then open it
remarks/            a file a dataset that has some: every reason and finding that is kept of it
manifests/          a file a dataset: each of its images with its class, size and sha256
entries.json, .csv  your entries and your teams': results as their pages tell them now, what was written about them
jury.json           where you are a juror, and your votes
organizing.json     what you did as an organizer: drafts, acts, announcements, incidents
""")
_ENTRY_COLUMNS = (
    "entry", "task", "dataset", "status", "entered_at", "ended_at", "accuracy", "private_accuracy", "is_own_score",
    "standardised_grams", "measured_grams", "withdrawn", "disqualified", "reason", "team", "entered_by", "chosen",
    "title", "description", "link", "notes",
)  # fmt: skip


def account_zip(user: User) -> IO[bytes]:
    """A file at its beginning; small ones stay in memory."""
    file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - whoever sends it closes it
    entries = entries_kept(user, [line.entry for line in logbook(user)])
    datasets = list(Dataset.objects.filter(owner=user).select_related("task"))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as into:
        into.writestr("README.txt", _(_README) % {"name": user.username})
        into.writestr("account.json", _json(_account(user)))
        into.writestr("notices.json", _json([_notice(each) for each in Notice.objects.filter(user=user)]))
        into.writestr("teams.json", _json(teams_kept(user)))
        into.writestr("tasks.json", _json(participations_kept(user)))
        into.writestr("uploads.json", _json([_upload(each) for each in Upload.objects.filter(owner=user)]))
        into.writestr("datasets.json", _json([_dataset(each) for each in datasets]))
        for dataset in datasets:
            _write_remarks(dataset, into)
        for dataset_id, manifest in _manifests(datasets):
            into.writestr(f"manifests/{dataset_id}.json", manifest)
        into.writestr("entries.json", _json(entries))
        into.writestr("entries.csv", _csv(entries))
        into.writestr("jury.json", _json(votes_kept(user)))
        into.writestr("organizing.json", _json(organizing_kept(user)))
    file.seek(0)
    return file


def _account(user: User) -> dict[str, Any]:
    names = ("username", "email", "first_name", "last_name", "role", "language", "mails_runs")
    return model_to_dict(user, names) | {
        "member_since": moment_json(user.date_joined),
        "last_login": moment_json(user.last_login),
        "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "identities": list(SocialAccount.objects.filter(user=user).values("provider", "uid", "extra_data")),
        "second_factor": has_second_factor(user),
        "tokens": [
            {"name": each.name, "made_at": moment_json(each.made_at), "used_at": moment_json(each.used_at)}
            | {"expires_at": moment_json(each.expires_at), "revoked_at": moment_json(each.revoked_at)}
            for each in Token.objects.filter(user=user)
        ],
    }


def _notice(notice: Notice) -> dict[str, Any]:
    times = {"created_at": moment_json(notice.created_at), "read_at": moment_json(notice.read_at)}
    return {"subject": notice.subject, "text": notice.text, "path": notice.path} | times


def _dataset(dataset: Dataset) -> dict[str, Any]:
    """With the link to its zip as long as that is kept; no token opens it."""
    link = settings.SITE_URL.rstrip("/") + reverse("dataset_archive", args=[dataset.pk])
    return dataset_json(dataset) | {"zip": None if dataset.archive_freed_at else link}


def _upload(upload: Upload) -> dict[str, Any]:
    names = ("name", "filename", "enters", "sha256", "fingerprint", "metadata")
    times = {name: moment_json(getattr(upload, name)) for name in ("created_at", "expires_at", "ended_at")}
    told = {name: getattr(upload, name) for name in names} | times
    place = {"task": upload.task.slug} if upload.task else {"draft": str(upload.draft), "field": upload.field}
    return told | {"bytes": upload.length, **place}


def _write_remarks(dataset: Dataset, into: zipfile.ZipFile) -> None:
    """One at a time: there may be ten thousand, and of a hundred datasets."""
    remarks = dataset.remarks.values(*REMARK_FACTS).iterator(chunk_size=_AT_ONCE)
    lines = (json.dumps(each, ensure_ascii=False) for each in remarks)
    if (first := next(lines, None)) is None:
        return
    with into.open(f"remarks/{dataset.pk}.json", "w") as file:
        file.write(f"[\n{first}".encode())
        for line in lines:
            file.write(f",\n{line}".encode())
        file.write(b"\n]\n")


def _manifests(datasets: Sequence[Dataset]) -> Iterator[tuple[str, bytes]]:
    for dataset in datasets:
        if dataset.manifest_sha256:
            try:
                yield str(dataset.pk), blob_read(dataset.manifest_sha256, at_most=MOST_BYTES)
            except BlobMissingError as error:
                yield f"{dataset.pk}-missing", _json({"missing": str(error)}).encode()


def _csv(entries: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(_ENTRY_COLUMNS)
    writer.writerows([harmless(each[name]) for name in _ENTRY_COLUMNS] for each in entries)
    return "\ufeff" + text.getvalue()


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, cls=DjangoJSONEncoder) + "\n"
