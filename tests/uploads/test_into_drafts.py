"""Files of drafts by the protocol: begun by whom, taken as the plain form takes them."""

import hashlib
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from fixpoint.accounts.models import User
from fixpoint.organizing.wizard.steps import STEPS
from fixpoint.pages.account_export import account_zip
from fixpoint.tasks.draft_files import STEP_OF
from fixpoint.tasks.models import Draft, DraftFile
from fixpoint.uploads.announced import Announced
from fixpoint.uploads.models import Upload
from fixpoint.uploads.part import Part, part_path
from fixpoint.uploads.refusals import UploadRefusedError
from fixpoint.uploads.selectors import bytes_announced
from fixpoint.uploads.services import upload_begin
from tests.support.platform import open_task, person
from tests.uploads.drafted import DATA, Begin, finish

pytestmark = pytest.mark.django_db


def facts(file: DraftFile) -> dict[str, object]:
    return {name: getattr(file, name) for name in ("field", "sha256", "size", "name", "title", "role")}


@pytest.mark.parametrize("field", sorted(STEP_OF))
def test_a_whole_file_is_in_the_draft_as_the_plain_form_puts_it_there(
    client: Client, draft: Draft, begin: Begin, organizer: User, field: str
) -> None:
    client.force_login(organizer)
    file = SimpleUploadedFile("hidden.zip", DATA, "application/zip")
    client.post(reverse("draft", args=[draft.pk, STEP_OF[field]]), {field: file})
    by_form = facts(draft.files.get())
    draft.files.all().delete()

    finish(begin(field=field))

    assert facts(draft.files.get()) == by_form
    assert by_form["sha256"] == hashlib.sha256(DATA).hexdigest()
    assert not part_path(Upload.objects.get().pk).exists()


def test_every_file_of_the_wizard_stands_in_the_step_that_is_said(draft: Draft) -> None:
    found = {name: step.name for step in STEPS.values() for name in step.fields if name in STEP_OF}
    assert found == STEP_OF


def test_a_file_takes_the_place_of_the_one_before_and_baselines_are_added(draft: Draft, begin: Begin) -> None:
    finish(begin(field="hidden_test", filename="first.zip"))
    finish(begin(field="hidden_test", filename="second.zip"))
    finish(begin(field="baseline", name="as drawn", role="reference"))
    finish(begin(field="baseline", name="without doubles", role="baseline"))

    assert [(each.name, each.title, each.role) for each in draft.files.all()] == [
        ("second.zip", "", ""),
        ("hidden.zip", "as drawn", "reference"),
        ("hidden.zip", "without doubles", "baseline"),
    ]


def test_what_is_no_zip_is_refused_for_good_in_the_language_of_who_sends_it(draft: Draft, begin: Begin) -> None:
    upload = begin(data=b"PK" + bytes(100))

    with translation.override("fr"), pytest.raises(UploadRefusedError, match="il ne finit pas comme un zip") as refusal:
        finish(upload)

    assert refusal.value.status == 415
    assert not draft.files.exists()
    assert not part_path(upload.pk).exists()
    assert Upload.objects.get().is_over


def test_what_has_another_sha256_than_was_announced_is_not_kept(draft: Draft, begin: Begin) -> None:
    with pytest.raises(UploadRefusedError, match="announced was") as refusal:
        finish(begin(sha256="ab" * 32))
    assert (refusal.value.status, draft.files.exists()) == (460, False)


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"field": "title"}, 400),
        ({"field": ""}, 400),
        ({"field": "baseline", "role": "winner"}, 400),
        ({"data": b"PK"}, 400),
        ({"filename": "hidden.tar.gz"}, 415),
        ({"draft": "no-such"}, 404),
        ({"draft": "00000000-0000-4000-8000-000000000000"}, 404),
    ],
)
def test_what_makes_no_sense_is_not_begun(begin: Begin, told: dict[str, str], status: int) -> None:
    with pytest.raises(UploadRefusedError) as refusal:
        begin(**told)
    assert refusal.value.status == status
    assert not Upload.objects.exists()


def test_a_name_that_is_no_zips_is_refused_as_for_a_task_but_asks_for_no_train_and_val(begin: Begin) -> None:
    with pytest.raises(UploadRefusedError) as refusal:
        begin(filename="hidden.rar")

    assert refusal.value.detail == "'hidden.rar' is not named as a zip. Pack the images into a .zip and send that."
    assert begin(filename="").filename == ""
    assert begin(filename="HIDDEN.ZIP").filename == "HIDDEN.ZIP"


def test_a_draft_is_nobody_elses(begin: Begin) -> None:
    for other in (person("otto", role="organizer"), person("paula")):
        with pytest.raises(UploadRefusedError, match="no such draft of yours"):
            begin(owner=other)


def test_the_limits_are_those_of_every_upload(settings, organizer: User, begin: Begin) -> None:
    settings.MAX_BODY_BYTES = len(DATA) - 1
    with pytest.raises(UploadRefusedError, match="at most") as refusal:
        begin()
    assert refusal.value.status == 413
    settings.MAX_BODY_BYTES = len(DATA)
    settings.MAX_UPLOADS_BYTES = 2 * len(DATA) - 1
    begin()
    with pytest.raises(UploadRefusedError, match="unfinished uploads") as refusal:
        begin()
    assert refusal.value.status == 429
    settings.MAX_UPLOADS = 1
    task = open_task("numerals")
    with pytest.raises(UploadRefusedError, match="no more are kept"):
        upload_begin(owner=organizer, file=Announced(length=100, task=task.slug))


def test_it_takes_nothing_of_the_room_that_a_person_has_for_datasets(organizer: User, begin: Begin) -> None:
    begin()
    assert bytes_announced(organizer, None) == 0


def test_an_upload_is_for_one_thing(draft: Draft, organizer: User) -> None:
    task = open_task("numerals")
    kept = {"owner": organizer, "length": 100, "name": "x", "expires_at": timezone.now()}
    for wrong in ({}, {"task": task, "draft": draft, "field": "baseline"}, {"draft": draft}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Upload.objects.create(**kept, **wrong)


def test_the_list_of_the_unfinished_leads_to_the_step_where_it_goes_on(
    client: Client, draft: Draft, organizer: User, begin: Begin
) -> None:
    client.force_login(organizer)
    upload = begin(field="label_book", arrived=len(DATA) // 2)

    page = client.get(reverse("uploads")).content.decode()
    [told] = client.get(reverse("uploads"), headers={"accept": "application/json"}).json()["uploads"]

    assert reverse("draft", args=[draft.pk, "what"]) in page
    assert (told["task"], told["draft"], told["field"]) == ("", str(draft.pk), "label_book")
    assert client.get(reverse("upload_go", args=[upload.pk])).headers["Location"] == reverse("uploads")
    with Part(upload.pk) as part:
        part.append(DATA[len(DATA) // 2 :])
    finish(upload)
    answer = client.get(reverse("upload_go", args=[upload.pk]))
    assert answer.headers["Location"] == reverse("draft", args=[draft.pk, "what"])


def test_it_stands_in_what_a_person_takes_away_of_their_account(organizer: User, draft: Draft, begin: Begin) -> None:
    Draft.objects.filter(pk=draft.pk).update(fields={"title": "Ledgers of 1890"})
    begin(arrived=100)

    with account_zip(organizer) as file, zipfile.ZipFile(file) as taken:
        [told] = json.loads(taken.read("uploads.json"))

    place = {"draft": "Ledgers of 1890", "field": "hidden_test"}
    upload = Upload.objects.get()
    kept = {name: getattr(upload, name) for name in ("enters", "sha256", "fingerprint", "metadata")}
    times = {name: getattr(upload, name).isoformat() for name in ("created_at", "expires_at")} | {"ended_at": None}
    assert told == {"name": "hidden", "filename": "hidden.zip", "bytes": len(DATA)} | place | kept | times
