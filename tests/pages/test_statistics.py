"""A task's statistics: what everybody may know of it, by day, as charts, as a table and as a file."""

import csv
import io
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from fixpoint.energy.estimates import grams
from fixpoint.tasks.models import Task
from tests.pages.rows import entry_of, scored, set_time, training

FIRST, SECOND, THIRD = (datetime(2026, 5, day, 12, tzinfo=UTC) for day in (1, 2, 3))


@pytest.fixture
def entries(rows, owner, stranger, task):
    """Two people on two days; one entry is scored the day after it came, two wait."""
    dataset = rows.accepted_dataset(owner, task)
    entry = scored(training(entry_of(dataset, at=FIRST), [(1.0, 0.5)]))
    set_time(entry, "ended_at", SECOND)
    found = [entry, entry_of(dataset, at=SECOND), entry_of(rows.accepted_dataset(stranger, task), at=SECOND)]
    with time_machine.travel(THIRD, tick=False):
        yield found


def test_a_viewer_sees_participants_entries_and_energy_by_day(client, entries, task):
    page = client.get(f"/tasks/{task.slug}/statistics/").content.decode()

    assert page.count("<figure") == 4
    assert "<dt>participants</dt><dd>2</dd>" in page
    assert "<dt>entries</dt><dd>3</dd>" in page
    assert 'class="nowrap">2026-05-02</th><td class="num">1</td><td class="num">1</td><td class="num">2</td>' in page


def test_the_file_says_the_same_and_an_unchanged_one_is_not_sent_again(client, entries, task):
    answer = client.get(f"/tasks/{task.slug}/statistics.csv")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    spent = sum(each.kwh for each in entries[0].energies.all())

    assert answer["Content-Disposition"] == 'attachment; filename="numerals-statistics.csv"'
    assert [(line["day"], line["participants"], line["entries"]) for line in lines] == [
        ("2026-05-01", "1", "1"), ("2026-05-02", "1", "2"), ("2026-05-03", "0", "0"),
    ]  # fmt: skip
    assert float(lines[1]["grams"]) == pytest.approx(grams(spent, task.grid_g_per_kwh, task.pue))
    again = client.get(f"/tasks/{task.slug}/statistics.csv", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


@pytest.mark.django_db(transaction=True)
def test_they_are_made_once_a_minute_however_often_the_board_changes(client, entries, task):
    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    for address in (f"/tasks/{task.slug}/statistics/", f"/tasks/{task.slug}/statistics.csv"):
        first = asked(address)
        Task.objects.update(board_number=F("board_number") + 1)
        assert asked(address) == 1 < first


def test_neither_names_anybody_nor_tells_how_entries_ended(client, entries, owner, task):
    page = client.get(f"/tasks/{task.slug}/statistics/").content.decode()
    header = client.get(f"/tasks/{task.slug}/statistics.csv").content.decode("utf-8-sig").splitlines()[0]

    assert owner.username not in page.partition("<main")[2]
    assert not any(word in page for word in ("Failed", "Cancelled", "Scored"))
    assert header == '"day","participants","teams","entries","kwh","grams"'


def test_a_task_without_entries_says_so(client, task):
    assert "Nobody has entered yet." in client.get(f"/tasks/{task.slug}/statistics/").content.decode()


def test_its_task_and_its_board_lead_there(client, entries, task):
    for address in (f"/tasks/{task.slug}/", f"/tasks/{task.slug}/board/"):
        assert f'href="/tasks/{task.slug}/statistics/"' in client.get(address).content.decode(), address
