"""Notices: kept for each person, mailed together, and never lost to a mail server."""

import pytest
from django.core import mail

from fixpoint.accounts.models import Notice
from fixpoint.accounts.notices import notices_mail, organizers_tell
from tests.support.platform import person

pytestmark = pytest.mark.django_db


def tell(number: int = 1) -> None:
    organizers_tell(subject=f"Entry {number} was given up", text="The disk was full.", path=f"/entries/{number}/")


def test_every_organizer_is_told_and_nobody_else():
    person("one", "organizer")
    person("two", "organizer")
    person("participant")
    tell()
    assert sorted(Notice.objects.values_list("user__username", flat=True)) == ["one", "two"]
    assert notices_mail() == 2
    assert sorted(message.to[0] for message in mail.outbox) == ["one@example.org", "two@example.org"]
    assert "The disk was full.\nhttp://127.0.0.1:8000/entries/1/" in mail.outbox[0].body


def test_what_came_together_is_one_mail_and_is_mailed_once():
    person("one", "organizer")
    for number in range(3):
        tell(number)
    assert notices_mail() == 1
    assert mail.outbox[0].subject == "[Fixpoint] 3 notices, the first: Entry 0 was given up"
    assert notices_mail() == 0


def test_a_mail_server_that_is_away_loses_nothing(settings):
    person("one", "organizer")
    tell()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert notices_mail() == 0
    assert Notice.objects.get().mailed_at is None

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert notices_mail() == 1
    assert Notice.objects.get().mailed_at is not None


def test_a_subject_with_a_line_break_is_still_one_header():
    person("one", "organizer")
    organizers_tell(subject="A task named\nBcc: everybody", text="", path="/")
    assert notices_mail() == 1
    assert mail.outbox[0].subject == "[Fixpoint] A task named Bcc: everybody"
