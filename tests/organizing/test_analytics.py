"""A task day by day: what is counted on which day, and drawn as it is told."""

import csv
import io
import re
from datetime import UTC, date, datetime

import pytest
import time_machine

from fixpoint.energy.estimates import grams
from fixpoint.organizing.analytics import days_of
from fixpoint.pages.charts.columns import columns_of
from tests.pages.rows import entry_of, scored, set_time, training
from tests.support.platform import open_task

FIRST, SECOND, THIRD = (datetime(2026, 5, day, 12, tzinfo=UTC) for day in (1, 2, 3))


@pytest.fixture
def told(rows, owner, stranger, task):
    """Two people on two days; one entry is scored the day after it came, one waits."""
    dataset = rows.accepted_dataset(owner, task)
    entry = scored(training(entry_of(dataset, at=FIRST), [(1.0, 0.5)]))
    set_time(entry, "ended_at", SECOND)
    entry_of(dataset, at=SECOND)
    entry_of(rows.accepted_dataset(stranger, task), at=SECOND)
    with time_machine.travel(THIRD, tick=False):
        yield days_of(task)


def test_there_is_a_line_for_each_day_until_today(told):
    assert [each.day for each in told] == [date(2026, 5, 1), date(2026, 5, 2), date(2026, 5, 3)]


def test_people_and_teams_count_on_the_day_of_their_first_entry(told):
    assert [(each.participants, each.teams, each.entries) for each in told] == [(1, 1, 1), (1, 1, 2), (0, 0, 0)]


def test_an_entry_waits_until_it_has_ended_and_is_told_with_those_of_its_day(told):
    assert [each.waiting for each in told] == [1, 2, 2]
    assert [each.scored for each in told] == [1, 0, 0]


def test_energy_counts_on_the_day_when_the_run_was_over(told, task):
    spent = sum(each.kwh for each in task.submissions.get(status="scored").energies.all())

    assert [each.kwh for each in told] == [0.0, pytest.approx(spent), 0.0]
    assert told[1].grams == pytest.approx(grams(spent, task.grid_g_per_kwh, task.pue))


def test_what_ran_before_anybody_entered_is_in_the_sums(rows, organizer, owner, task):
    baseline = scored(
        training(entry_of(rows.accepted_dataset(organizer, task), role="baseline", at=FIRST), [(1.0, 0.5)])
    )
    set_time(baseline, "ended_at", FIRST)
    spent = sum(each.kwh for each in baseline.energies.all())

    with time_machine.travel(SECOND, tick=False):
        assert [(each.day.day, each.entries, each.kwh) for each in days_of(task)] == [
            (1, 0, pytest.approx(spent)),
            (2, 0, 0.0),
        ]
        entry_of(rows.accepted_dataset(owner, task), at=SECOND)
        assert sum(each.kwh for each in days_of(task)) == pytest.approx(spent)


def test_a_day_is_one_of_the_tasks_time_zone(rows, owner):
    task = open_task(time_zone="Asia/Tokyo")
    entry_of(rows.accepted_dataset(owner, task), at=datetime(2026, 5, 1, 20, tzinfo=UTC))

    with time_machine.travel(SECOND, tick=False):
        assert [each.day for each in days_of(task)] == [date(2026, 5, 2)]


def test_the_page_and_the_file_say_the_same(running, told, task):
    page = running.get(f"/organize/{task.slug}/analytics/").content.decode()
    listed = running.get(f"/organize/{task.slug}/analytics.csv").content.decode("utf-8-sig")

    assert page.count("<figure") == 6
    rows = list(csv.DictReader(io.StringIO(listed)))
    assert [(row["day"], row["entries"]) for row in rows][:2] == [("2026-05-01", "1"), ("2026-05-02", "2")]
    assert 'scope="row" class="nowrap">2026-05-02</th>' in page


def only(entry, *, kwh: float) -> None:
    """All energy that its run took; it was over at once, and not on a day that has not come."""
    entry.energies.exclude(pk=entry.energies.first().pk).delete()
    entry.energies.update(kwh=kwh)
    set_time(entry, "ended_at", entry.created_at)


@pytest.mark.parametrize(
    "path", ["/tasks/{}/statistics/", "/organize/{}/analytics/", "/organize/{}/teams/", "/organize/{}/entries/"]
)
def test_columns_tell_energy_in_wh_as_the_boards_do(running, standing, task, path):
    only(standing, kwh=0.012345)

    page = running.get(path.format(task.slug)).content.decode().partition("<main")[2]

    assert re.search(r'<td class="num">12\.3(<br>|</td>)', page)
    assert re.search(r"Wh(</span>|, g CO₂)", page)
    assert "kWh" not in page.partition("<table")[2]


def test_files_keep_energy_in_kwh(running, standing, task):
    only(standing, kwh=0.012345)

    for path in ("/tasks/{}/statistics.csv", "/organize/{}/analytics.csv", "/organize/{}/entries.csv"):
        listed = running.get(path.format(task.slug)).content.decode("utf-8-sig")
        assert "0.012345" in [row["kwh"] for row in csv.DictReader(io.StringIO(listed))], path


def test_a_task_without_entries_says_so(running, task):
    page = running.get(f"/organize/{task.slug}/analytics/").content.decode()
    assert "Nobody has entered yet, and nothing has run." in page


def test_columns_are_as_high_as_their_values():
    chart = columns_of([date(2026, 5, day) for day in (1, 2, 3)], [0.0, 2.0, 4.0])

    assert chart is not None
    nought, half, whole = (each.height for each in chart.columns)
    assert nought == 0
    assert whole == pytest.approx(2 * half, abs=0.2)
    assert all(chart.left <= each.x <= chart.right - chart.breadth for each in chart.columns)


def test_columns_of_a_year_stay_apart_and_are_named_a_few_times():
    days = [date.fromordinal(date(2026, 1, 1).toordinal() + n) for n in range(365)]

    chart = columns_of(days, [1.0] * 365)

    assert chart is not None
    assert len(chart.days) <= 5
    assert columns_of([], []) is None


@pytest.mark.parametrize("most", [0.0, 1.0, 2.0, 3.0, 4.0, 9.0, 130.0])
def test_the_axis_of_whole_things_has_whole_marks(most):
    chart = columns_of([date(2026, 5, 1)], [most], are_whole=True)

    assert chart is not None
    assert all(tick.value == int(tick.value) and tick.decimals == 0 for tick in chart.y_ticks)
    assert chart.y_ticks[-1].value >= most
