"""What each page tells first."""

import pytest
from django.test import Client
from django.urls import reverse

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset
from fixpoint.dispatch.models import Attempt
from fixpoint.pages.task_facts import task_facts
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task
from tests.pages.rows import Score, entry_of, scored
from tests.support.hellos import hello_from
from tests.support.platform import accepted_dataset, person

pytestmark = pytest.mark.django_db


def read(client: Client, name: str, *args: object, query: str = "") -> str:
    return client.get(reverse(name, args=args) + query).content.decode()


def test_home_tells_of_every_open_task_who_leads(done: Submission) -> None:
    page = read(Client(), "home")

    for told in ("Numerals", "leader, owner", "0.7500", "1.78"):
        assert told in page


def test_home_counts_the_entries_of_participants_and_the_grams_of_all(
    done: Submission, organizer: User, task: Task
) -> None:
    alone = task_facts(task)
    scored(entry_of(accepted_dataset(organizer, task, "as given"), role="baseline"))

    beside = task_facts(task)

    assert (alone.entries, beside.entries) == (1, 1)
    assert beside.grams > alone.grams


def test_an_empty_home_says_what_to_do(db: None, client: Client) -> None:
    assert "come back later" in read(client, "home")
    assert reverse("drafts") not in read(client, "home")

    client.force_login(person("organizer", role="organizer"))

    assert f'<a class="button main" href="{reverse("drafts")}">Make a task</a>' in read(client, "home")


def test_a_task_tells_the_quota_that_is_left(signed_in: Client, running: Submission, task: Task) -> None:
    assert "<strong>2</strong> entries left within 24 hours, 9 in all" in read(signed_in, "task", task.slug)
    assert "3 entries in 24 hours, 10 in all" in read(Client(), "task", task.slug)


@pytest.mark.parametrize(("kept", "told"), [(5 * 2**30, True), (0, False)])
def test_a_task_tells_how_much_one_person_keeps_where_it_limits_that(
    client: Client, task: Task, kept: int, told: bool
) -> None:
    Task.objects.filter(pk=task.pk).update(max_storage_bytes=kept)
    page = client.get(reverse("task", args=[task.slug])).content.decode()
    assert ("<dt>Kept by one person</dt><dd>5.0\N{NO-BREAK SPACE}GiB</dd>" in page) is told


def test_a_floor_is_written_as_the_organizer_wrote_it(done: Submission, task: Task) -> None:
    Task.objects.filter(pk=task.pk).update(accuracy_floor=0.6)

    for name in ("task", "board"):
        page = read(Client(), name, task.slug)
        assert "accuracy of 0.6" in page
        assert "0.6000" not in page


def test_the_board_sorts_by_link_and_marks_the_front(done: Submission, stranger: User, task: Task) -> None:
    scored(entry_of(accepted_dataset(stranger, task)), Score(accuracy=0.6, kwh=0.001, measured_kwh=0.02, level="M0"))

    by_accuracy, by_emissions, by_measured = (
        read(Client(), "board", task.slug, query=f"?order={order}") for order in ("accuracy", "emissions", "measured")
    )

    for page, first in ((by_accuracy, "owner"), (by_emissions, "stranger"), (by_measured, "owner")):
        body = page[page.index("<tbody>") :]
        assert min(("owner", "stranger"), key=body.index) == first
        assert page.count("aria-sort") == 1
        assert page.count('<span class="badge front">') == 2


def test_an_order_that_does_not_exist_is_accuracy(done: Submission, task: Task) -> None:
    assert 'aria-sort="descending"' in read(Client(), "board", task.slug, query="?order=luck")


def test_an_empty_board_says_what_to_do(task: Task) -> None:
    page = read(Client(), "board", task.slug)

    assert "No entry is scored yet." in page
    assert reverse("upload") in page


def test_entries_of_another_digest_are_left_out_in_a_plain_line(done: Submission, owner: User, task: Task) -> None:
    line = "1 scored entry was trained by another version of the recipe or with other seeds and is not ranked here."
    assert line not in read(Client(), "board", task.slug)
    old = scored(entry_of(accepted_dataset(owner, task, "old")), Score(accuracy=0.99))
    Submission.objects.filter(pk=old.pk).update(recipe_digest="f" * 64)

    page = read(Client(), "board", task.slug)

    assert line in page
    assert "0.9900" not in page
    shown = read(Client(), "entry", old.pk)
    assert "not ranked: the board is of another version of the recipe or of other seeds" in shown


def test_the_logbook_compares_no_two_digests(signed_in: Client, done: Submission, owner: User, task: Task) -> None:
    other = scored(entry_of(accepted_dataset(owner, task, "other")), Score(accuracy=0.7835))
    Submission.objects.filter(pk=other.pk).update(recipe_digest="f" * 64)

    assert "+0.0335" not in read(signed_in, "me")


def test_the_board_draws_its_picture_beside_its_table(done: Submission, task: Task) -> None:
    page = read(Client(), "board", task.slug)

    assert page.count('<a class="dot') == 1
    assert "<caption>" in page
    assert "0.7500" in page


def test_every_dot_of_the_picture_stands_in_a_table(done: Submission, owner: User, task: Task) -> None:
    frugal = scored(entry_of(accepted_dataset(owner, task, "frugal")), Score(accuracy=0.6, kwh=0.001))

    page = read(Client(), "board", task.slug)

    assert page.count('<a class="dot') == 2
    assert reverse("entry", args=[frugal.pk]) in page


def test_over_measured_grams_no_front_is_drawn(done: Submission, task: Task) -> None:
    page = read(Client(), "board", task.slug, query="?order=measured")

    assert "<circle" in page
    assert "<polyline" not in page
    assert "on-front" not in page


def test_the_logbook_tells_what_each_change_was_worth(
    signed_in: Client, done: Submission, owner: User, task: Task
) -> None:
    scored(entry_of(accepted_dataset(owner, task, "relabelled")), Score(accuracy=0.7835))

    page = read(signed_in, "me")

    assert "+0.0335" in page
    assert page.index("relabelled") < page.index("cleaned by hand")


def test_a_failed_entry_tells_the_limit_its_value_and_what_was_used(signed_in: Client, running: Submission) -> None:
    fault = {"limit": "memory_bytes", "allowed": 2 * 2**30, "used": 3 * 2**30}
    Submission.objects.filter(pk=running.pk).update(status="failed", reason="It needed too much.", fault=fault)

    page = read(signed_in, "entry", running.pk).replace("\N{NO-BREAK SPACE}", " ")

    for told in ("It failed, and the data is why", "It needed too much.", "Memory", "2.0 GiB", "3.0 GiB"):
        assert told in page


def test_an_entry_that_was_lost_once_says_so_and_shows_the_newest_attempt(
    signed_in: Client, running: Submission
) -> None:
    Submission.objects.filter(pk=running.pk).update(attempt=2, status="queued")

    page = read(signed_in, "entry", running.pk)

    assert "attempt 2" in page
    assert "Epoch" not in page


def test_an_accepted_dataset_shows_its_counts_and_the_clutter_that_was_ignored(
    signed_in: Client, accepted: Dataset
) -> None:
    Dataset.objects.filter(pk=accepted.pk).update(clutter=14)

    page = read(signed_in, "dataset", accepted.pk)

    assert "Accepted: 8 images" in page
    assert "14 files of the operating system were ignored." in page
    assert page.count("bar-train") == len(accepted.task.classes)


def test_a_dataset_that_was_entered_says_so_first_and_can_be_entered_again(
    signed_in: Client, accepted: Dataset
) -> None:
    before = read(signed_in, "dataset", accepted.pk)
    assert "ready to be entered" in before
    assert 'class="button main" type="submit">Enter this dataset' in before
    first, newest = entry_of(accepted), entry_of(accepted)

    page = read(signed_in, "dataset", accepted.pk)

    assert "Accepted, and entered" in page
    assert "ready to be entered" not in page
    assert 'class="button" type="submit">Enter it again' in page
    assert page.index(f"/entries/{newest.pk}/") < page.index(f"/entries/{first.pk}/")
    assert page.index("Its newest entry") < page.index("Enter it again")


def test_a_dataset_that_nobody_takes_says_why_it_waits(signed_in: Client, ingesting: Dataset) -> None:
    assert "images is now opened" in read(signed_in, "dataset", ingesting.pk)
    Attempt.objects.create(handler="datasets", kind="ingest", subject_id=ingesting.pk, number=1, queue="ingest")

    page = read(signed_in, "dataset", ingesting.pk)
    assert "No worker takes such entries at the moment" in page
    assert "images is now opened" not in page

    hello_from("worker-1")
    assert "images is now opened" in read(signed_in, "dataset", ingesting.pk)
