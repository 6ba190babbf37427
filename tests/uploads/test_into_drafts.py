"""Files of drafts by the protocol: begun by whom, taken as the plain form takes them, given up with their draft."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from fixpoint.accounts.models import User
from fixpoint.organizing.erasing import account_erase
from fixpoint.organizing.wizard.becoming import draft_become
from fixpoint.organizing.wizard.drafts import draft_delete
from fixpoint.organizing.wizard.steps import STEPS
from fixpoint.tasks.draft_files import STEP_OF
from fixpoint.tasks.models import Draft, DraftFile
from fixpoint.uploads.announced import Announced
from fixpoint.uploads.models import Upload
from fixpoint.uploads.part import Part, part_path
from fixpoint.uploads.refusals import UploadRefusedError
from fixpoint.uploads.selectors import bytes_announced
from fixpoint.uploads.services import upload_begin, upload_finish, uploads_sweep
from tests.organizing.test_wizard import fill
from tests.support.bundles import hidden_files
from tests.support.platform import open_task, person, zip_of

pytestmark = pytest.mark.django_db
DATA = zip_of(hidden_files())
Begin = Callable[..., Upload]


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)


@pytest.fixture
def organizer() -> User:
    return person("olga", role="organizer")


@pytest.fixture
def draft(organizer: User) -> Draft:
    return Draft.objects.create(owner=organizer, fields={})


@pytest.fixture
def begin(draft: Draft, organizer: User) -> Begin:
    def begun(*, owner: User = organizer, data: bytes = DATA, arrived: int | None = None, **told: str) -> Upload:
        facts = {"draft": str(draft.pk), "field": "hidden_test", "filename": "hidden.zip", "name": "hidden"} | told
        upload = upload_begin(owner=owner, file=Announced(length=len(data), **facts))  # type: ignore[arg-type]
        with Part(upload.pk) as part:
            part.append(data[:arrived])
        return upload

    return begun


def finish(upload: Upload) -> None:
    with Part(upload.pk) as part:
        upload_finish(upload=upload, part=part)


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
        ({"draft": "no-such"}, 404),
        ({"draft": "00000000-0000-4000-8000-000000000000"}, 404),
    ],
)
def test_what_makes_no_sense_is_not_begun(begin: Begin, told: dict[str, str], status: int) -> None:
    with pytest.raises(UploadRefusedError) as refusal:
        begin(**told)
    assert refusal.value.status == status
    assert not Upload.objects.exists()


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


def test_who_makes_no_tasks_any_more_puts_nothing_into_a_draft(draft: Draft, organizer: User, begin: Begin) -> None:
    upload = begin()
    User.objects.update(role=User.Role.PARTICIPANT)

    with pytest.raises(UploadRefusedError, match="no such draft of yours"):
        finish(upload)

    assert not draft.files.exists()


def test_deleting_a_draft_frees_what_was_on_its_way_into_it(
    draft: Draft, begin: Begin, django_capture_on_commit_callbacks
) -> None:
    half, whole = begin(arrived=100), begin()

    with django_capture_on_commit_callbacks(execute=True):
        draft_delete(draft=draft)

    assert not part_path(half.pk).exists()
    assert not part_path(whole.pk).exists()
    with pytest.raises(UploadRefusedError, match="discarded"):
        finish(whole)
    with pytest.raises(UploadRefusedError, match="no such draft"):
        begin()


def test_what_is_being_sent_when_its_draft_is_deleted_goes_with_the_sweep(
    draft: Draft, begin: Begin, django_capture_on_commit_callbacks
) -> None:
    upload = begin(arrived=100)

    with Part(upload.pk), django_capture_on_commit_callbacks(execute=True):
        draft_delete(draft=draft)
        assert part_path(upload.pk).exists()
    uploads_sweep()

    assert not part_path(upload.pk).exists()


def test_a_draft_that_has_become_a_task_takes_no_more_files(
    client: Client, draft: Draft, organizer: User, begin: Begin, django_capture_on_commit_callbacks
) -> None:
    client.force_login(organizer)
    fill(client, draft)
    upload = begin(arrived=100)

    with django_capture_on_commit_callbacks(execute=True):
        draft_become(draft=draft, who=organizer)

    assert not part_path(upload.pk).exists()
    with pytest.raises(UploadRefusedError, match="is a task by now") as refusal:
        begin()
    assert refusal.value.status == 403


def test_the_sweep_takes_what_is_whole_and_forgets_what_has_expired(draft: Draft, begin: Begin) -> None:
    whole, late = begin(), begin(field="label_book", arrived=100)
    Upload.objects.filter(pk=late.pk).update(expires_at=timezone.now() - timedelta(seconds=1))

    uploads_sweep()

    assert [each.field for each in draft.files.all()] == ["hidden_test"]
    assert [part_path(each.pk).exists() for each in (whole, late)] == [False, False]
    uploads_sweep()
    assert draft.files.count() == 1


def test_it_is_remembered_as_long_as_its_file_is_there(draft: Draft, begin: Begin) -> None:
    finish(begin())
    Upload.objects.update(ended_at=timezone.now() - timedelta(days=2))
    uploads_sweep()
    assert Upload.objects.get().draft_file == draft.files.get()

    draft.files.all().delete()

    assert not Upload.objects.exists()


def test_an_account_that_is_erased_leaves_neither_upload_nor_file(settings, organizer: User, begin: Begin) -> None:
    upload = begin(arrived=100)
    long_ago = timezone.now() - timedelta(days=settings.KEEP_ACCOUNT_DAYS + 1)
    User.objects.filter(pk=organizer.pk).update(closed_at=long_ago)

    assert account_erase(user_id=organizer.pk)

    assert not part_path(upload.pk).exists()
    assert not Upload.objects.exists()


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
