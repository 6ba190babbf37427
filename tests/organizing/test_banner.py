"""The banner of incidents: pages do not ask the database for it each time, and tell what is new at once."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fixpoint.organizing import banner
from fixpoint.organizing.incidents import incident_begin, incident_tell, incident_withdraw
from fixpoint.organizing.models import Incident
from tests.support import platform as rows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nothing_kept():
    banner.banner_forget()
    yield
    banner.banner_forget()


def begin(title: str = "Slow", *, ahead: timedelta = timedelta()) -> Incident:
    who = rows.person(f"organizer of {title}", role="organizer")
    return incident_begin(title=title, text="Why?", began_at=timezone.now() + ahead, who=who)


def told() -> list[str]:
    return [each.title for each in banner.incidents_now()]


def test_it_is_asked_for_once_and_each_act_is_told_at_once():
    assert told() == []
    with CaptureQueriesContext(connection) as asked:
        assert told() == []
    assert len(asked) == 0

    incident = begin()
    assert told() == ["Slow"]
    incident_tell(incident=incident, text="It goes on.", ends=False, who=incident.author)
    assert told() == ["Slow"]
    incident_tell(incident=incident, text="Over.", ends=True, who=incident.author)
    assert told() == []

    other = begin("Written by mistake")
    assert told() == ["Written by mistake"]
    incident_withdraw(incident=other)
    assert told() == []


def test_planned_work_is_told_from_its_moment_on_though_it_was_read_before(time_machine):
    begin("New disks", ahead=timedelta(seconds=8))
    assert told() == []

    time_machine.move_to(timezone.now() + timedelta(seconds=9))

    assert told() == ["New disks"]


def test_what_another_process_wrote_is_told_when_what_is_kept_is_old(monkeypatch):
    assert told() == []
    Incident.objects.create(title="Elsewhere", began_at=timezone.now(), author=rows.person("ada", role="organizer"))
    assert told() == []

    monkeypatch.setattr(banner, "FRESH_SECONDS", -1.0)

    assert told() == ["Elsewhere"]


def test_what_a_transaction_wrote_that_is_undone_is_told_to_nobody_after_it():
    with transaction.atomic():
        begin()
        assert told() == ["Slow"]
        transaction.set_rollback(True)

    assert told() == []


def test_what_was_read_while_it_changed_is_not_kept(monkeypatch):
    read = banner._open_or_planned

    def meanwhile():
        found = list(read())
        monkeypatch.setattr(banner, "_open_or_planned", read)
        begin()
        return found

    monkeypatch.setattr(banner, "_open_or_planned", meanwhile)
    told()

    assert told() == ["Slow"]
