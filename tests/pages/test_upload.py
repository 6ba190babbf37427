"""Handing in a dataset: the form, the refusal with every reason, and entering what was accepted."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fixpoint.datasets.models import Dataset
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task
from tests.pages.conftest import REASONS
from tests.pages.rows import refused_dataset
from tests.support.platform import open_task, zip_of

pytestmark = pytest.mark.django_db
PIXEL = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def good_zip(task: Task) -> bytes:
    return zip_of({f"{split}/{name}/1.png": PIXEL for split in ("train", "val") for name in task.classes})


def sent(client: Client, task: Task, data: bytes, name: str = "mine") -> Dataset:
    file = SimpleUploadedFile("data.zip", data, "application/zip")
    answer = client.post(f"{reverse('upload')}?task={task.slug}", {"name": name, "file": file})
    assert answer.status_code == 302, answer.content.decode()
    return Dataset.objects.get(pk=answer["Location"].strip("/").split("/")[-1])


def test_a_good_zip_leads_to_its_page_while_its_images_are_read(signed_in: Client, task: Task) -> None:
    dataset = sent(signed_in, task, good_zip(task))

    page = signed_in.get(reverse("dataset", args=[dataset.pk])).content.decode()

    assert dataset.status == "ingesting"
    assert "Reading images" in page
    assert reverse("dataset_cancel", args=[dataset.pk]) in page


def test_a_bad_zip_leads_to_every_reason_at_once(signed_in: Client, task: Task) -> None:
    bad = zip_of({"train/klasse-eins/1.png": PIXEL, "train/Klasse-Zwei/1.png": PIXEL, "readme.txt": b"x"})

    dataset = sent(signed_in, task, bad)
    page = signed_in.get(reverse("dataset", args=[dataset.pk])).content.decode()

    assert dataset.is_refused_already
    for told in (
        "Refused by 4 rules already",
        "There is no folder",
        "is no class of this task",
        "readme.txt",
        "What to do:",
    ):
        assert told in page


def test_reading_that_was_stopped_of_a_refused_zip_says_so_and_leads_on(signed_in: Client, task: Task) -> None:
    dataset = sent(signed_in, task, zip_of({"train/klasse-eins/1.png": PIXEL, "readme.txt": b"x"}))
    address = reverse("dataset", args=[dataset.pk])
    assert "Stop reading</button>" in signed_in.get(address).content.decode()

    page = signed_in.post(reverse("dataset_cancel", args=[dataset.pk]), follow=True).content.decode()

    for told in ("It was refused already; its images were not all read.", "Reasons so far", "Upload a corrected zip"):
        assert told in page
    assert "Every reason" not in page
    assert "Upload it again if you want it back" not in page


def test_a_good_zip_that_was_cancelled_is_to_be_uploaded_again(signed_in: Client, task: Task) -> None:
    dataset = sent(signed_in, task, good_zip(task))

    page = signed_in.post(reverse("dataset_cancel", args=[dataset.pk]), follow=True).content.decode()

    assert "Upload it again if you want it back" in page
    assert "Upload a corrected zip" not in page


def test_reasons_are_grouped_by_rule_with_ten_files_and_the_count_of_the_rest(
    signed_in: Client, refused: Dataset
) -> None:
    page = signed_in.get(reverse("dataset", args=[refused.pk])).content.decode()

    assert page.count('<article class="reason">') == len(REASONS)
    assert page.count("train/notes") == 10
    assert "and 4 more" in page
    assert page.index("Rule 12") < page.index("Rule 14")


def test_a_name_in_an_archive_is_text_and_never_markup(signed_in: Client, task: Task, owner: object) -> None:
    hostile = "train/<script>alert(1)</script>.png"
    dataset = refused_dataset(owner, task, {"unexpected-file": [(hostile, "<b>")]})  # type: ignore[arg-type]

    page = signed_in.get(reverse("dataset", args=[dataset.pk])).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_form_without_a_file_comes_back_and_says_so(signed_in: Client, task: Task) -> None:
    answer = signed_in.post(f"{reverse('upload')}?task={task.slug}", {"name": "no file"})

    assert answer.status_code == 422
    assert "This field is required." in answer.content.decode()


def test_the_form_tells_the_rules_with_the_limits_of_this_task(signed_in: Client, task: Task) -> None:
    page = signed_in.get(reverse("upload")).content.decode()

    limit = f'data-limit="{task.max_archive_bytes}"'
    for told in ("The zip is at most 10.0\N{NO-BREAK SPACE}MiB.", "at most 10,000 images", "klasse-eins/", limit):
        assert told in page


def test_with_several_open_tasks_the_form_asks_for_which(signed_in: Client, task: Task) -> None:
    open_task("other", title="Other numerals")

    page = signed_in.get(reverse("upload")).content.decode()

    assert "Other numerals" in page
    assert 'type="file"' not in page


def test_a_closed_task_takes_no_dataset(signed_in: Client) -> None:
    closed = open_task("past", title="Past numerals", status=Task.Status.CLOSED)

    page = signed_in.get(f"{reverse('upload')}?task={closed.slug}").content.decode()

    assert "Past numerals takes no datasets now." in page
    assert 'type="file"' not in page


def test_an_accepted_dataset_tells_its_cost_and_can_be_entered(signed_in: Client, accepted: Dataset) -> None:
    page = signed_in.get(reverse("dataset", args=[accepted.pk])).content.decode()
    assert "What a run will cost" in page
    assert "entries left within 24 hours" in page

    answer = signed_in.post(reverse("enter", args=[accepted.pk]))

    entry = Submission.objects.get(dataset=accepted)
    assert answer["Location"] == reverse("entry", args=[entry.pk])
    assert entry.status == "queued"


def test_when_the_quota_is_used_up_the_page_says_so_and_nothing_is_entered(
    signed_in: Client, accepted: Dataset
) -> None:
    for _ in range(4):
        signed_in.post(reverse("enter", args=[accepted.pk]))

    page = signed_in.get(reverse("dataset", args=[accepted.pk])).content.decode()

    assert Submission.objects.count() == accepted.task.entries_per_day == 3
    assert "entries in 24 hours are used" in page
    assert "disabled" in page
    assert "the next is free" in page


def test_cancelling_stops_a_dataset_and_an_entry(signed_in: Client, ingesting: Dataset, running: Submission) -> None:
    signed_in.post(reverse("dataset_cancel", args=[ingesting.pk]))
    signed_in.post(reverse("entry_cancel", args=[running.pk]))

    ingesting.refresh_from_db()
    running.refresh_from_db()
    assert (ingesting.status, running.status) == ("cancelled", "cancelled")


def test_cancelling_what_is_over_changes_nothing_and_says_so(signed_in: Client, done: Submission) -> None:
    page = signed_in.post(reverse("entry_cancel", args=[done.pk]), follow=True).content.decode()

    done.refresh_from_db()
    assert done.status == "scored"
    assert "it was over already" in page
