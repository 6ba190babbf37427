"""Files of drafts that end otherwise than in the draft: deleted, made a task, expired, erased; what is remembered."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from fixpoint.accounts.models import User
from fixpoint.organizing.erasing import account_erase
from fixpoint.organizing.wizard.becoming import draft_become
from fixpoint.organizing.wizard.drafts import draft_delete
from fixpoint.tasks.bundle_fields import MOST_BASELINES
from fixpoint.tasks.models import Draft, DraftFile
from fixpoint.uploads.models import Upload
from fixpoint.uploads.part import Part, part_path
from fixpoint.uploads.refusals import UploadRefusedError
from fixpoint.uploads.services import uploads_sweep
from tests.organizing.drafting import fill
from tests.uploads.drafted import Begin, finish

pytestmark = pytest.mark.django_db


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


def full(draft: Draft, *, but: int = 0) -> None:
    rows = [DraftFile(draft=draft, field="baseline", sha256="0" * 64, size=1) for _ in range(MOST_BASELINES - but)]
    DraftFile.objects.bulk_create(rows)


def test_a_baseline_without_a_place_is_refused_before_it_is_sent(draft: Draft, begin: Begin) -> None:
    full(draft, but=1)
    begin(field="baseline", arrived=100)

    with pytest.raises(UploadRefusedError, match="20 baselines at most") as refusal:
        begin(field="baseline")

    assert refusal.value.status == 403


def test_a_baseline_whose_place_was_taken_meanwhile_is_not_added_later_by_itself(draft: Draft, begin: Begin) -> None:
    upload = begin(field="baseline")
    full(draft)

    with pytest.raises(UploadRefusedError, match="20 baselines at most"):
        finish(upload)
    draft.files.all().delete()
    uploads_sweep()

    assert not draft.files.exists()
    assert not part_path(upload.pk).exists()


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
