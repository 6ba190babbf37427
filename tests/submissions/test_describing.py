"""What an owner writes about an entry, and who reads it."""

import pytest
from django.test import Client
from django.urls import reverse

from fixpoint.submissions.describing import submission_describe
from tests.pages.rows import entry_of, scored, training
from tests.support.platform import accepted_dataset

pytestmark = pytest.mark.django_db
WRITTEN = {
    "title": "Only the clean ones",
    "description": "I dropped <b>blurred</b> scans.\n\nThen I drew more.",
    "link": "https://example.org/write-up",
    "notes": "Try the mirrored ones next.",
}


@pytest.fixture
def done(owner, task):
    return scored(training(entry_of(accepted_dataset(owner, task)), [(1.0, 0.5)]))


@pytest.fixture
def written(client, owner, done):
    client.force_login(owner)
    assert client.post(reverse("entry_describe", args=[done.pk]), WRITTEN).status_code == 302
    done.refresh_from_db()
    return done


def page_of(entry, person=None):
    client = Client()
    if person:
        client.force_login(person)
    return client.get(reverse("entry", args=[entry.pk])).content.decode()


def test_everybody_reads_title_text_and_link_and_nobody_else_the_notes(written, owner, stranger, organizer):
    for reader in (None, stranger, organizer, owner):
        page = page_of(written, reader)
        assert "<h1>Only the clean ones</h1>" in page
        assert "I dropped &lt;b&gt;blurred&lt;/b&gt; scans.</p>" in page
        assert 'href="https://example.org/write-up" rel="nofollow noopener ugc"' in page
        assert ("Try the mirrored ones next." in page) is (reader == owner)


def test_the_form_shows_what_was_written_and_can_empty_it(client, written):
    form = client.get(reverse("entry_describe", args=[written.pk])).content.decode()
    assert "Try the mirrored ones next." in form

    client.post(reverse("entry_describe", args=[written.pk]), dict.fromkeys(WRITTEN, ""))

    written.refresh_from_db()
    assert (written.title, written.description, written.link, written.notes) == ("", "", "", "")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "x" * 121),
        ("link", "http://example.org/"),
        ("link", "javascript:alert(1)"),
        ("description", "x" * 20_001),
    ],
)
def test_what_does_not_fit_is_refused_with_its_reason_and_nothing_is_kept(client, owner, done, field, value):
    client.force_login(owner)

    answer = client.post(reverse("entry_describe", args=[done.pk]), WRITTEN | {field: value})

    assert answer.status_code == 200
    assert 'class="errorlist"' in answer.content.decode()
    done.refresh_from_db()
    assert done.title == ""


def test_an_organizer_writes_nothing_in_anothers_name(client, organizer, done):
    client.force_login(organizer)

    assert client.get(reverse("entry_describe", args=[done.pk])).status_code == 404
    assert client.post(reverse("entry_describe", args=[done.pk]), WRITTEN).status_code == 404


def test_a_title_makes_the_board_anew_and_is_no_change_of_the_entry_for_who_ranks(done):
    before = (done.board_number, done.task.board_number)

    submission_describe(submission=done, title="Cleaner sevens", description="", link="", notes="")

    done.refresh_from_db()
    done.task.refresh_from_db()
    assert (done.board_number, done.task.board_number) == (before[0], before[1] + 1)
