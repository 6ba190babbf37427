"""The pages of a board: what stands on which, and who is told where they stand."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fixpoint.datasets.models import Dataset
from fixpoint.leaderboard import page as paging
from fixpoint.submissions.describing import submission_describe
from fixpoint.submissions.models import Result, Submission
from fixpoint.tasks.models import Task
from fixpoint.teams.models import Member
from tests.pages.rows import Score, entry_of, scored

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(rows, task):
    """A scored entry of somebody, so many days ago."""

    def make(name: str, accuracy: float, *, days: float = 3, kwh: float = 0.004, **values: object) -> Submission:
        owner = rows.person(name)
        at = timezone.now() - timedelta(days=days)
        entry = entry_of(rows.accepted_dataset(owner, task), at=at, **values)
        return scored(entry, Score(accuracy, kwh, None))

    return make


def read(task: Task, query: str = "", client: Client | None = None) -> str:
    return (client or Client()).get(reverse("board", args=[task.slug]) + query).content.decode()


def names_in(page: str, people: list[str]) -> list[str]:
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    return [name for name in people if f">{name}</a>" in body]


def test_rows_go_over_several_pages_and_no_page_is_past_the_last(enter, task, monkeypatch):
    monkeypatch.setattr(paging, "PAGE_ROWS", 2)
    people = [f"person{n}" for n in range(5)]
    for n, name in enumerate(people):
        enter(name, 0.9 - n / 10)

    pages = [names_in(read(task, f"?page={number}"), people) for number in (1, 2, 3)]
    others = [Client().get(reverse("board", args=[task.slug]), {"page": no}).status_code for no in (4, 0, "x", -1, "٣")]

    assert pages == [people[:2], people[2:4], people[4:]]
    assert others == [404] * 5


def test_who_signed_in_is_led_to_their_own_line_on_its_page(enter, task, monkeypatch):
    monkeypatch.setattr(paging, "PAGE_ROWS", 2)
    for n in range(3):
        enter(f"person{n}", 0.9)
    mine = enter("me", 0.5)
    client = Client()
    client.force_login(mine.owner)

    page = read(task, "", client)

    assert "By accuracy you stand at place 4 of 4." in page
    assert f"?order=accuracy&amp;page=2#entry-{mine.pk}" in page
    assert f'id="entry-{mine.pk}"' in read(task, "?page=2")
    assert "you stand at place" not in read(task)


def test_ones_own_place_is_by_what_the_board_shown_ranks_by(enter, task, monkeypatch):
    monkeypatch.setattr(paging, "PAGE_ROWS", 2)
    for n in range(3):
        enter(f"person{n}", 0.9, kwh=0.001 * (n + 1))
    mine = enter("me", 0.5, kwh=0.0025)
    client = Client()
    client.force_login(mine.owner)

    page, both = (read(task, f"?order={order}", client) for order in ("emissions", "both"))

    assert "By emissions you stand at place 3 of 4." in page
    assert f"?order=emissions&amp;page=2#entry-{mine.pk}" in page
    assert f'id="entry-{mine.pk}"' in read(task, "?order=emissions&page=2")
    assert "By accuracy you stand" not in page
    assert "By emissions you stand" not in read(task, "", client)
    assert "By accuracy you stand at place 4 of 4." in both
    assert "By emissions you stand at place 3 of 4." in both


def test_below_the_floor_one_has_no_place_by_emissions(enter, task):
    Task.objects.update(accuracy_floor=0.6)
    mine = enter("me", 0.5)
    client = Client()
    client.force_login(mine.owner)

    page = read(task, "?order=emissions", client)

    assert "By emissions you have no place: none of your entries that count has reached an accuracy of 0.6." in page
    assert "you stand at place" not in page
    assert "No entry has reached an accuracy of 0.6 yet." in read(task)


def test_a_baseline_is_told_the_place_that_it_would_take_by_what_the_board_shown_ranks_by(enter, task):
    Task.objects.update(accuracy_floor=0.4)
    enter("ada", 0.9, kwh=0.004)
    enter("bob", 0.8, kwh=0.001)
    enter("host", 0.85, kwh=0.005, role="baseline")
    enter("weak", 0.3, kwh=0.0001, role="reference")

    def apart(query: str) -> list[str]:
        body = read(task, f"?show=baselines&{query}")
        return re.findall(r'<td class="num quiet">(.*?)</td>', body)

    assert apart("order=accuracy") == ["(2)", "(3)"]
    assert apart("order=emissions") == ["(3)", "–"]
    assert "the place that it would take by emissions." in read(task, "?order=emissions")


def test_the_board_by_accuracy_tells_what_each_entry_cost(enter, task):
    entry = enter("ada", 0.9)

    page = read(task)
    line = page[page.index(f'<tr id="entry-{entry.pk}"') :]
    line = line[: line.index("</tr>")]

    assert re.search(r'<td class="num wide emissions">[\d.]+</td>', line)
    assert re.search(r"<dt>Standardised</dt><dd[^>]*>[\d.]+\N{NO-BREAK SPACE}g</dd>", line)


def test_ones_own_teams_lines_are_marked_for_its_members_alone(enter, task, rows):
    enter("ada", 0.9)
    mine = enter("me", 0.5)
    mate = rows.person("mate")
    Member.objects.create(team=mine.team, task=task, user=mate)

    for person, marks in ((mine.owner, True), (mate, True), (rows.person("other"), False)):
        client = Client()
        client.force_login(person)
        page = read(task, "", client)
        line = page[page.index(f'<tr id="entry-{mine.pk}"') :]
        assert ("your team" in line[: line.index("</tr>")]) is marks
        assert page.count("your team<") == marks, "on one line alone"
    assert "your team<" not in read(task)


def test_a_line_names_three_members_and_counts_the_others(enter, task, rows):
    entry = enter("ada", 0.9)
    for name in ("bob", "cyd", "dan", "eve"):
        Member.objects.create(team=entry.team, task=task, user=rows.person(name))

    page = read(task)

    assert "ada, bob, cyd and 2 more</a>" in page
    assert 'title="ada, bob, cyd, dan, eve"' in page


def test_what_is_shown_can_be_chosen_by_links(enter, task):
    enter("host", 0.60, role="baseline")
    enter("ada", 0.75)
    mine = enter("me", 0.5, kwh=0.001)
    client = Client()
    client.force_login(mine.owner)

    assert names_in(read(task, "?show=mine", client), ["ada", "me", "host"]) == ["me"]
    assert "Sign in to see your team" in read(task, "?show=mine")
    assert "Baselines and references, unranked" in read(task, "?show=baselines")
    assert ">ada</a>" not in read(task, "?show=baselines")
    assert read(task, "?show=nonsense").count(">ada</a>") == read(task).count(">ada</a>")
    Task.objects.update(closes_at=timezone.now() - timedelta(days=1))
    enter("late", 0.8, days=0.5)
    assert names_in(read(task, "?show=late"), ["ada", "me", "late"]) == ["late"]


def test_baselines_stand_apart_and_everybody_beside_them(enter, task):
    enter("host", 0.60, role="baseline")
    enter("ada", 0.75)

    page = read(task)

    assert names_in(page, ["ada", "host"]) == ["ada"]
    assert "Baselines and references, unranked" in page
    assert "+0.1500" in page


def test_baselines_are_told_apart_by_the_names_that_organizers_gave(enter, task):
    first, second = enter("host", 0.60, role="baseline"), enter("guest", 0.65, role="reference")
    theirs = enter("ada", 0.75)
    for entry, name in ((first, "as collected"), (second, "drawn by a program"), (theirs, "my secret way")):
        Dataset.objects.filter(pk=entry.dataset_id).update(name=name)

    page = read(task)

    assert page.index('>Reference</a> <span class="quiet small">drawn by a program') < page.index("as collected")
    assert "my secret way" not in page


def test_entries_after_the_close_stand_apart(enter, task):
    enter("ada", 0.7, days=9)
    enter("late", 0.9, days=1)
    Task.objects.filter(pk=task.pk).update(closes_at=timezone.now() - timedelta(days=5))

    page = read(task)

    assert names_in(page, ["ada", "late"]) == ["ada"]
    assert page.index("Entered after the close") < page.index(">late</a>", page.index("Entered after the close"))


def test_at_the_end_the_private_scores_rank_and_the_shake_up_is_told(enter, task):
    lucky, steady = enter("lucky", 0.8), enter("steady", 0.7)
    for entry, private in ((lucky, 0.61), (steady, 0.69)):
        Result.objects.filter(submission=entry).update(accuracy_private=private)
    Task.objects.filter(pk=task.pk).update(public_share=0.5)
    running = read(task)
    Task.objects.filter(pk=task.pk).update(status=Task.Status.CLOSED)

    final = read(task)

    assert "0.6100" not in running
    assert "0.6900" not in running
    assert running.index(">lucky</a>") < running.index(">steady</a>")
    assert final.index(">steady</a>") < final.index(">lucky</a>")
    assert "Shake-up" in final
    assert "▲\N{NO-BREAK SPACE}1" in final


def test_the_page_of_both_aims_lists_all_that_its_picture_shows_and_marks_the_front(enter, task):
    enter("frugal", 0.6, kwh=0.001)
    enter("able", 0.8, kwh=0.004)
    enter("neither", 0.55, kwh=0.005)

    page = read(task, "?order=both")

    assert names_in(page, ["frugal", "able", "neither"]) == ["frugal", "able", "neither"]
    assert page.count('<a class="dot') == 3
    assert page.count('<a class="dot on-front"') == page.count('<span class="badge front">') == 2


def test_the_title_that_a_team_gave_stands_beside_its_entry_and_a_new_one_moves_the_board(enter, task):
    entry, _ = enter("ada", 0.9), enter("bob", 0.8)
    assert "entry-title" not in read(task)
    before = Task.objects.get(pk=task.pk).board_number

    submission_describe(submission=entry, title="Only <clean> ones", description="", link="", notes="")

    for order in ("accuracy", "emissions", "both"):
        page = read(task, f"?order={order}")
        assert "Only &lt;clean&gt; ones" in page
        assert "<clean>" not in page
    told = Task.objects.get(pk=task.pk).board_number
    assert told == before + 1
    entry.refresh_from_db()
    submission_describe(submission=entry, title="Only <clean> ones", description="More.", link="", notes="")
    assert Task.objects.get(pk=task.pk).board_number == told
