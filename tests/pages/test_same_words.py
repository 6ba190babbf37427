"""The same thing is said in the same words and units wherever it stands."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from fixpoint.datasets.models import Dataset
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task

pytestmark = pytest.mark.django_db


def pills(client: Client, name: str, *args: object) -> list[str]:
    page = client.get(reverse(name, args=args), headers={"Accept-Language": "fr"}).content.decode()
    found = re.findall(r'<span class="pill[^"]*">.*?</svg>(.*?)</span>', page, re.DOTALL)
    return [each.strip() for each in found]


def test_a_cancelled_entry_and_a_cancelled_dataset_have_each_the_word_of_its_kind(
    signed_in: Client, running: Submission, accepted: Dataset
) -> None:
    Submission.objects.update(status="cancelled")
    Dataset.objects.update(status="cancelled")

    assert pills(signed_in, "entry", running.pk) == ["Annulée"]
    assert pills(signed_in, "dataset", accepted.pk)[0] == "Annulé"


def test_the_limits_of_a_task_name_how_many_entries_it_takes(task: Task) -> None:
    Task.objects.update(entries_per_day=3, entries_total=40)

    page = Client().get(reverse("task", args=[task.slug])).content.decode()

    assert "3 entries in 24 hours, 40 in all" in page[page.index('id="limits"') :]


def test_one_limit_is_told_in_one_unit_on_the_page_that_takes_uploads(signed_in: Client, task: Task) -> None:
    Task.objects.update(max_archive_bytes=2**30)

    page = signed_in.get(reverse("upload")).content.decode()

    assert "The zip is at most 1.0\N{NO-BREAK SPACE}GiB." in page
    assert "1,024 MiB" not in page


@pytest.mark.parametrize("link", ["http://example.org/", "nonsense", "https://"])
def test_a_wrong_address_is_told_once_and_what_it_must_be(signed_in: Client, done: Submission, link: str) -> None:
    page = signed_in.post(reverse("entry_describe", args=[done.pk]), {"link": link}).content.decode()

    assert page.count("<li>Give an address that begins with https://.</li>") == 1
    assert "Enter a valid URL" not in page


def test_without_scripts_nothing_claims_to_be_live(signed_in: Client, running: Submission) -> None:
    page = signed_in.get(reverse("entry", args=[running.pk])).content.decode()

    assert '<span class="scripted">Live.</span> Last updated' in page
    assert "<noscript> This page loads itself again every 5 seconds." in page
