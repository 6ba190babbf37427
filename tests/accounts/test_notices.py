"""Notices: kept for each person, mailed together, and never lost to a mail server."""

from collections.abc import Iterator
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.utils import timezone

from fixpoint.accounts import notices
from fixpoint.accounts.jobs import mail_notices
from fixpoint.accounts.models import Notice
from fixpoint.accounts.notices import notices_mail, organizers_tell
from tests.support.mail_servers import BACKEND, ScriptedServer
from tests.support.platform import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings) -> Iterator[type[ScriptedServer]]:
    settings.EMAIL_BACKEND = BACKEND
    yield ScriptedServer
    ScriptedServer.reset()


@pytest.fixture
def two():
    person("one", "organizer")
    person("two", "organizer")


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
    assert mail.outbox[0].subject == "[Fixpoint] 3 notices, the newest: Entry 2 was given up"
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


def test_a_round_is_one_connection(two, server):
    tell()
    assert notices_mail() == 2
    assert server.opened == 1


def test_without_notices_there_is_no_connection(two, server):
    assert notices_mail() == 0
    assert server.opened == 0


def test_the_round_ends_with_the_first_failure_of_the_mail_server(two, server):
    server.answers = dict.fromkeys(["one@example.org", "two@example.org"], SMTPServerDisconnected("gone"))
    tell()
    assert notices_mail() == 0
    assert len(server.tried) == 1
    assert Notice.objects.filter(mailed_at=None).count() == 2

    server.answers = {}
    assert notices_mail() == 2


def test_a_slow_mail_server_gets_the_rest_in_the_next_round(two, server, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(notices, "monotonic", lambda: now[0])
    server.on_mail = lambda: now.append(now.pop() + 6)
    tell()
    assert notices_mail() == 1
    assert notices_mail() == 1
    assert sorted(server.taken) == ["one@example.org", "two@example.org"]


@pytest.mark.parametrize(
    "answer",
    [
        ValueError("Invalid address"),
        UnicodeEncodeError("idna", "x", 0, 1, "label too long"),
        SMTPRecipientsRefused({"one@example.org": (550, b"no such mailbox")}),
        SMTPDataError(554, b"refused"),
    ],
)
def test_an_address_that_cannot_be_mailed_stops_nobody_and_is_not_tried_for_ever(two, server, answer):
    server.answers = {"one@example.org": answer}
    tell()
    assert notices_mail() == 1
    assert server.taken == ["two@example.org"]
    assert notices_mail() == 0
    assert server.tried.count("one@example.org") == 1
    assert Notice.objects.count() == 2, "it stays on the page"


def test_an_address_that_is_refused_for_now_is_tried_again(two, server):
    server.answers = {"one@example.org": SMTPRecipientsRefused({"one@example.org": (450, b"greylisted")})}
    tell()
    assert notices_mail() == 1
    server.answers = {}
    assert notices_mail() == 1
    assert sorted(server.taken) == ["one@example.org", "two@example.org"]


def test_a_flood_is_one_mail_that_tells_the_newest_and_counts_the_others():
    person("one", "organizer")
    for number in range(25):
        tell(number)
    assert notices_mail() == 1
    [message] = mail.outbox
    assert message.subject == "[Fixpoint] 25 notices, the newest: Entry 24 was given up"
    assert message.body.count("was given up") == 20
    assert "Entry 4 was given up" not in message.body
    assert message.body.endswith("and 5 more, see http://127.0.0.1:8000/me/notices/")
    assert not Notice.objects.filter(mailed_at=None).exists()
    assert notices_mail() == 0


def test_old_notices_are_deleted_by_the_same_job():
    person("one", "organizer")
    for number in range(2):
        tell(number)
    oldest = Notice.objects.last()
    Notice.objects.filter(pk=oldest.pk).update(created_at=timezone.now() - timedelta(days=91))
    mail_notices()
    assert [each.subject for each in Notice.objects.all()] == ["Entry 1 was given up"]
    assert len(mail.outbox) == 1
