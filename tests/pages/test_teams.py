"""The pages of teams: who sees what, what a link means, and that it works without JavaScript."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fixpoint.accounts.models import User
from fixpoint.submissions.models import Submission
from fixpoint.submissions.services import submission_enter
from fixpoint.submissions.teaming import team_join
from fixpoint.tasks.models import Participant, Task
from fixpoint.teams.models import Team
from fixpoint.teams.selectors import members_of, team_of
from fixpoint.teams.services import team_create
from tests.pages.rows import Score, entry_of, scored, training
from tests.support.platform import accepted_dataset, open_task, person


@pytest.fixture
def team(owner: User, task: Task) -> Team:
    return team_create(user=owner, task=task, name="Engine")


def browser(user: User | None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def page(user: User | None, address: str) -> str:
    return browser(user).get(address).content.decode()


def address(team: Team, name: str = "team") -> str:
    return reverse(name, args=[team.pk])


def test_a_team_is_made_by_its_name_and_ones_own_page_leads_to_it(owner: User, task: Task) -> None:
    client, own = browser(owner), reverse("own_team", args=[task.slug])
    assert "Make the team" in client.get(own).content.decode()

    answer = client.post(own, {"name": "Engine"}, follow=True)

    assert "<h1>Engine</h1>" in answer.content.decode()
    assert client.get(own)["Location"] == address(Team.objects.get())


def test_a_name_that_is_refused_is_told_why(owner: User, task: Task) -> None:
    answer = browser(owner).post(reverse("own_team", args=[task.slug]), {"name": "x"}, follow=True)
    assert "A name has 3 to 60 signs." in answer.content.decode()


def test_everybody_sees_members_place_energy_and_scored_entries(team: Team, owner: User, task: Task) -> None:
    entry = scored(entry_of(accepted_dataset(owner, task, "by hand")), Score(0.75, 0.004, 0.0051))
    running = training(entry_of(accepted_dataset(owner, task, "secret")), [(1.0, 0.5)])

    seen = page(None, address(team))

    for told in (
        "Engine",
        "place of 1 by accuracy",
        "0.7500",
        f"Entry of {entry.created_at:%Y-%m-%d}</a>",
        '<td class="wide">owner</td>',
    ):
        assert told in seen
    for untold in ("secret", "by hand", str(running.pk), team.invitation, "What happened", "Quota"):
        assert untold not in seen


def test_an_entry_goes_by_its_title_and_its_datasets_name_stays_in_the_team(
    team: Team, owner: User, task: Task
) -> None:
    scored(entry_of(accepted_dataset(owner, task, "secret"), title="By hand"))
    scored(entry_of(accepted_dataset(owner, task, "unnamed")))

    for reader, told, untold in (
        (None, [">By hand</a>", ">Entry of "], ["secret", "unnamed"]),
        (owner, [">By hand</a>", ">unnamed</a>"], ["secret", "Entry of "]),
    ):
        seen = page(reader, address(team))
        assert all(each in seen for each in told)
        assert not any(each in seen for each in untold)


def test_ones_own_page_names_ones_teams_in_one_statement(owner: User, stranger: User, task: Task) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            browser(owner).get(reverse("me"))
        return len(queries)

    asked()
    none = asked()
    assert 'id="teams"' not in page(owner, reverse("me"))
    engine = team_create(user=owner, task=task, name="Engine")
    team_join(user=stranger, invitation=engine.invitation)
    one = asked()
    team_create(user=owner, task=open_task("letters"), name="Mill")

    seen = page(owner, reverse("me"))

    assert f'<a href="{address(engine)}">Engine</a>' in seen
    assert '<td class="num">2</td>' in seen
    assert ">Mill</a>" in seen
    assert asked() == one == none


def test_members_see_link_quota_events_and_all_entries(team: Team, owner: User, task: Task) -> None:
    running = training(entry_of(accepted_dataset(owner, task, "secret")), [(1.0, 0.5)])

    seen = page(owner, address(team))

    for told in (
        reverse("team_join", args=[team.invitation]),
        "2</strong> entries left",
        "owner made the team",
        "secret",
    ):
        assert told in seen
    assert str(running.pk) in seen


def test_who_runs_the_task_sees_all_but_the_link(team: Team, organizer: User) -> None:
    seen = page(organizer, address(team))
    assert "owner made the team" in seen
    assert team.invitation not in seen


def test_the_link_says_who_invites_and_takes_nobody_in_before_a_post(team: Team, stranger: User) -> None:
    client, link = browser(stranger), reverse("team_join", args=[team.invitation])

    asked = client.get(link).content.decode()

    assert "The team Engine invites you" in asked
    assert "owner (captain)" in asked
    assert members_of(team) == ["owner"]
    client.post(link)
    assert members_of(team) == ["owner", "stranger"]


def test_who_is_signed_out_is_led_to_sign_in_and_back(team: Team) -> None:
    link = reverse("team_join", args=[team.invitation])
    assert browser(None).get(link)["Location"] == f"{reverse('account_login')}?next={link}"


def test_who_has_a_team_is_told_that_it_will_be_merged(team: Team, stranger: User, task: Task) -> None:
    scored(entry_of(accepted_dataset(stranger, task)))
    asked = page(stranger, reverse("team_join", args=[team.invitation]))
    assert "Your team stranger, of 1 person, is merged into it" in asked
    assert "count together" in asked


def test_what_cannot_be_is_told_with_the_reason_and_without_a_button(team: Team, stranger: User) -> None:
    Task.objects.update(teams_until=timezone.now() - timedelta(days=1))
    asked = page(stranger, reverse("team_join", args=[team.invitation]))
    assert "they stay as they are now" in asked
    assert "Join Engine</button>" not in asked
    assert f'href="{reverse("task", args=[team.task.slug])}">Back to the task</a>' in asked


def test_a_link_opens_no_task_that_is_not_there_for_its_reader(team: Team, stranger: User) -> None:
    Task.objects.update(status="preparing")
    link = reverse("team_join", args=[team.invitation])
    assert [browser(stranger).get(link).status_code, browser(stranger).post(link).status_code] == [404, 404]
    assert members_of(team) == ["owner"]


def test_a_merged_teams_page_leads_to_the_other_one(team: Team, stranger: User, task: Task) -> None:
    scored(entry_of(accepted_dataset(stranger, task)))
    old = team_of(stranger, task)
    team_join(user=stranger, invitation=team.invitation)
    assert browser(None).get(address(old))["Location"] == address(team)


def test_the_captain_acts_by_forms(team: Team, owner: User, stranger: User) -> None:
    team_join(user=stranger, invitation=team.invitation)
    client, old = browser(owner), team.invitation
    client.post(address(team, "team_rename"), {"name": "Another"})
    client.post(address(team, "team_renew"))
    client.post(address(team, "team_captain"), {"member": "stranger"})
    team.refresh_from_db()
    assert (team.name, team.captain, team.invitation == old) == ("Another", stranger, False)
    browser(stranger).post(address(team, "team_remove"), {"member": "owner"})
    assert members_of(team) == ["stranger"]
    browser(stranger).post(address(team, "team_leave"))
    assert not Team.objects.exists()


def test_a_member_who_is_none_is_told_so(team: Team, owner: User) -> None:
    answer = browser(owner).post(address(team, "team_remove"), {"member": "nobody"}, follow=True)
    assert "This person is not in the team." in answer.content.decode()


def test_a_teammate_enters_and_cancels_but_does_not_delete(team: Team, owner: User, stranger: User, task: Task) -> None:
    team_join(user=stranger, invitation=team.invitation)
    dataset = accepted_dataset(owner, task)
    client = browser(stranger)
    seen = client.get(reverse("dataset", args=[dataset.pk])).content.decode()
    assert "Enter this dataset" in seen
    assert reverse("dataset_delete", args=[dataset.pk]) not in seen
    client.post(reverse("enter", args=[dataset.pk]))
    entry = Submission.objects.get()
    assert (entry.owner, entry.team) == (stranger, team)
    client.post(reverse("entry_cancel", args=[entry.pk]))
    entry.refresh_from_db()
    assert entry.status == "cancelled"


def test_the_task_page_tells_team_quota_of_each_limit_and_dates_in_its_zone(
    team: Team, owner: User, task: Task
) -> None:
    closes = timezone.now().replace(year=2030, month=7, day=1, hour=22, minute=30)
    Task.objects.update(time_zone="Europe/Berlin", closes_at=closes, entries_per_week=4, entries_at_once=2)
    submission_enter(owner=owner, dataset=accepted_dataset(owner, task))

    seen = page(owner, reverse("task", args=[task.slug]))

    assert f'<a href="{address(team)}">Engine</a>' in seen
    for told in (
        "2</strong> entries left within 24 hours, 9 in all",
        "3 left within 7 days",
        "1 more may wait or run now",
    ):
        assert told in seen
    assert "2030-07-02 00:30 Europe/Berlin" in seen
    assert "Make or join one" in page(person("new"), reverse("task", args=[task.slug]))


def test_members_of_a_private_task_find_their_team(team: Team, owner: User, task: Task) -> None:
    Task.objects.update(visibility="private")
    Participant.objects.create(task=task, user=owner, state="in")
    Participant.objects.create(task=task, user=person("new"), state="in")

    assert f'<a href="{address(team)}">Engine</a>' in page(owner, reverse("task", args=[task.slug]))
    assert "Make or join one" in page(User.objects.get(username="new"), reverse("task", args=[task.slug]))


@pytest.mark.parametrize("date", ["closes_at", "teams_until"])
def test_where_teams_stay_as_they_are_none_is_offered(team: Team, owner: User, task: Task, date: str) -> None:
    Task.objects.update(**{date: timezone.now() - timedelta(days=1)})

    assert f'<a href="{address(team)}">Engine</a>' in page(owner, reverse("task", args=[task.slug]))
    assert "Your team<" not in page(person("new"), reverse("task", args=[task.slug]))


def test_a_late_upload_is_offered_as_such_and_not_first(owner: User, task: Task) -> None:
    button = f'<a class="button main" href="{reverse("upload")}?task={task.slug}">'
    assert button in page(owner, reverse("task", args=[task.slug]))

    Task.objects.update(closes_at=timezone.now() - timedelta(days=1), takes_late=True)

    seen = page(owner, reverse("task", args=[task.slug]))
    assert "Upload (late, not ranked)" in seen
    assert button not in seen


def test_ones_own_page_tells_what_the_team_took_beside_ones_own(
    team: Team, owner: User, stranger: User, task: Task
) -> None:
    for user in (owner, stranger):
        scored(entry_of(accepted_dataset(user, task)), Score(measured_kwh=0.002))
    assert "with <a" not in page(owner, reverse("me"))
    team_join(user=stranger, invitation=team.invitation)
    assert f'with <a href="{address(team)}">Engine</a>: 4.00\N{NO-BREAK SPACE}Wh' in page(owner, reverse("me"))


def test_an_entrys_page_names_its_team_and_its_places(team: Team, owner: User, task: Task) -> None:
    entry = scored(entry_of(accepted_dataset(owner, task)))
    seen = page(None, reverse("entry", args=[entry.pk]))
    for told in ("Entry by Engine", "Entered by owner for", "place of 1 by accuracy", "place of 1 by emissions"):
        assert told in seen
