"""Incidents: told to everybody while they last, kept for 90 days, never changed."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.utils import timezone

from fixpoint.dispatch.models import Sweep
from fixpoint.organizing.incidents import incident_begin, incident_tell, incident_withdraw
from fixpoint.organizing.models import Incident, IncidentUpdate
from fixpoint.organizing.refusals import ActRefusedError
from tests.support.hellos import hello_from

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(organizer) -> Incident:
    began = timezone.now() - timedelta(hours=1)
    return incident_begin(title="Runs are <slow>", text="A disk is full.", began_at=began, who=organizer)


def page(path: str = "/") -> str:
    return Client().get(path).content.decode()


def test_an_open_one_stands_in_a_banner_on_every_page_and_on_the_status_page(incident):
    for path in ("/", "/emissions/", "/accounts/login/"):
        assert "Runs are &lt;slow&gt;" in page(path)
    status = page("/status/")
    assert "A disk is full." in status
    assert "Going on since" in status


def test_one_that_has_ended_leaves_the_banner_and_stays_on_the_status_page_for_90_days(incident, organizer):
    incident_tell(incident=incident, text="There is room again.", ends=True, who=organizer)

    assert "Runs are" not in page()
    assert "There is room again." in page("/status/")
    assert "There is room again." in page("/status/feed.xml")
    Incident.objects.update(ended_at=timezone.now() - timedelta(days=91))
    assert "Runs are" not in page("/status/")
    assert "Runs are" not in page("/status/feed.xml")


def test_planned_work_is_announced_and_is_no_banner_yet(organizer):
    tomorrow = timezone.now() + timedelta(days=1)
    incident_begin(title="New disks", text="An hour without runs.", began_at=tomorrow, who=organizer)

    assert "New disks" not in page()
    status = page("/status/")
    assert "Planned: <time datetime=" in status
    assert f">{tomorrow:%Y-%m-%d %H:%M} UTC</time>" in status
    assert "Going on" not in status


def test_what_was_written_by_mistake_is_seen_by_organizers_alone(client, incident, organizer):
    incident_withdraw(incident=incident)

    assert "Runs are" not in page() + page("/status/") + page("/status/feed.xml")
    client.force_login(organizer)
    assert "Runs are &lt;slow&gt;" in client.get("/status/incidents/").content.decode()
    with pytest.raises(ActRefusedError, match="withdrawn"):
        incident_tell(incident=incident, text="More.", ends=False, who=organizer)


def test_nothing_is_told_without_words_and_it_ends_once(incident, organizer):
    with pytest.raises(ActRefusedError, match="Say what is known"):
        incident_tell(incident=incident, text=" ", ends=True, who=organizer)
    incident_tell(incident=incident, text="Over.", ends=True, who=organizer)

    with pytest.raises(ActRefusedError, match="ended already"):
        incident_tell(incident=incident, text="Over.", ends=True, who=organizer)
    assert incident.updates.count() == 2


def test_it_is_written_and_ended_in_the_browser(client, organizer):
    client.force_login(organizer)
    client.post("/status/incidents/", {"title": "Slow", "text": "Why?", "began_at": "2026-01-02T03:04"})
    incident = Incident.objects.get()
    assert f"{incident.began_at:%Y-%m-%d %H:%M}" == "2026-01-02 03:04"

    client.post(f"/status/incidents/{incident.pk}/tell/", {"text": "It was a cable.", "ends": "1"})

    incident.refresh_from_db()
    assert incident.ended_at is not None


def test_who_plans_work_is_told_when_the_banner_comes(client, organizer):
    client.force_login(organizer)
    said = {"title": "New disks", "text": "An hour without runs."}

    def told(began_at):
        answer = client.post("/status/incidents/", said | {"began_at": f"{began_at:%Y-%m-%dT%H:%M}"}, follow=True)
        return answer.content.decode()

    assert "The banner on every page comes when it begins." in told(timezone.now() + timedelta(days=1))
    assert "It stands on the status page, and in a banner on every page." in told(timezone.now() - timedelta(days=1))


def test_the_feed_says_when_work_begins_and_that_it_is_over(organizer):
    tomorrow = timezone.now() + timedelta(days=1)
    planned = incident_begin(title="New disks", text="An hour <at most>.", began_at=tomorrow, who=organizer)
    assert items() == [
        (
            "Planned: New disks",
            f"<p>It begins on {tomorrow:%Y-%m-%d %H:%M} UTC.</p>\n\n<p>An hour &lt;at most&gt;.</p>",
        )
    ]
    began = timezone.now() - timedelta(hours=2)
    Incident.objects.filter(pk=planned.pk).update(began_at=began)

    incident_tell(incident=planned, text="All is back.", ends=True, who=organizer)

    planned.refresh_from_db()
    span = f"From {began:%Y-%m-%d %H:%M} to {planned.ended_at:%Y-%m-%d %H:%M} UTC."
    assert items()[0] == ("Over: New disks", f"<p>{span}</p>\n\n<p>All is back.</p>")


def test_while_one_lasts_the_status_page_does_not_say_that_it_works_and_begins_with_it(incident, organizer):
    Sweep.objects.create(pk=1, at=timezone.now())
    hello_from("worker-1")
    tomorrow = timezone.now() + timedelta(days=1)
    incident_begin(title="New disks", text="An hour.", began_at=tomorrow, who=organizer)

    status = page("/status/live/")

    assert "It works" not in status
    assert status.index("Runs are &lt;slow&gt;") < status.index('id="queues"') < status.index("New disks")
    assert status.count(f'id="incident-{incident.pk}"') == 1
    assert f"/status/#incident-{incident.pk}" in page()
    incident_tell(incident=incident, text="Over.", ends=True, who=organizer)
    assert "It works" in page("/status/live/")


def items():
    feed = ET.fromstring(page("/status/feed.xml"))
    atom = "{http://www.w3.org/2005/Atom}"
    return [(each.findtext(f"{atom}title"), each.findtext(f"{atom}summary")) for each in feed.iter(f"{atom}entry")]


def test_the_feed_is_in_the_sites_language_and_nothing_said_is_markup_in_it(organizer):
    now = timezone.now()
    incident_begin(title="Disk", text="<img src=x onerror=alert(1)> a < b", began_at=now, who=organizer)

    answer = Client().get("/status/feed.xml", headers={"Accept-Language": "fr"})
    feed = ET.fromstring(answer.content)
    summary = feed.find("{*}entry/{*}summary")

    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert summary.get("type") == "html"
    began = f"<p>It began on {now:%Y-%m-%d %H:%M} UTC.</p>"
    assert summary.text == f"{began}\n\n<p>&lt;img src=x onerror=alert(1)&gt; a &lt; b</p>"


def test_what_was_typed_for_a_refused_word_more_stays_and_nothing_is_cut(client, incident, organizer):
    client.force_login(organizer)
    text = "<b>" + "x" * 1998

    answer = client.post(f"/status/incidents/{incident.pk}/tell/", {"text": text}).content.decode()

    assert f"required>&lt;b&gt;{'x' * 1998}</textarea>" in answer
    assert "This has 2,001 characters, and 2,000 are told at most" in answer
    assert incident.updates.count() == 1


def test_an_end_of_a_line_counts_as_one_character_as_in_the_browser(client, incident, organizer):
    client.force_login(organizer)
    text = "\r\n".join("x" * 1000)  # 1,999 characters to a browser

    client.post(f"/status/incidents/{incident.pk}/tell/", {"text": text})
    client.post("/status/incidents/", {"title": "Slow", "text": text, "began_at": "2026-01-02T03:04"})

    told = IncidentUpdate.objects.order_by("-pk").values_list("text", flat=True)[:2]
    assert list(told) == [text.replace("\r\n", "\n")] * 2


def test_one_is_withdrawn_by_who_says_that_it_is_meant(client, incident, organizer):
    client.force_login(organizer)
    address = f"/status/incidents/{incident.pk}/withdraw/"

    answer = client.post(address, follow=True)

    assert "tick that it never was one" in answer.content.decode()
    assert "A disk is full." in page("/status/")
    client.post(address, {"is_meant": "1"})
    assert "A disk is full." not in page("/status/")
