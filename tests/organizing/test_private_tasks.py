"""A private task is there for who was let in, and for nobody else; an unlisted one for who has its address."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from fixpoint.accounts.models import Notice, User
from fixpoint.organizing.entrants import entrants_of
from fixpoint.organizing.entry_acts import entry_cancel
from fixpoint.organizing.jury import juror_name, vote_cast
from fixpoint.organizing.models import Act, Nomination
from fixpoint.organizing.refusals import ActRefusedError
from fixpoint.organizing.wizard.people import (
    NotLetInError,
    participant_come,
    participant_invite,
)
from fixpoint.pages.logbook import logbook
from fixpoint.submissions.services import EntryRefusedError, submission_enter
from fixpoint.submissions.teaming import team_join
from fixpoint.tasks.models import Participant, Task
from fixpoint.tasks.selectors import sees, tasks_for, tasks_open
from fixpoint.teams.noting import team_note
from fixpoint.teams.services import team_create, team_ensure
from tests.support.platform import accepted_dataset, open_task, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def organizer():
    return person("olga", role="organizer")


@pytest.fixture
def task(organizer) -> Task:
    task = open_task("secret-numerals", visibility="private", title="Secret numerals")
    task.organizers.set([organizer])
    return task


@pytest.fixture
def guest():
    return person("gast")


def page(user, name: str, *args: object) -> int:
    client = Client()
    client.force_login(user)
    return client.get(reverse(name, args=args)).status_code


def state(user) -> str:
    return Participant.objects.get(user=user).state


def test_only_organizers_and_who_was_let_in_see_a_private_task(task, organizer, guest):
    other = person("other")
    Participant.objects.create(task=task, user=guest, state="in")

    assert [page(user, "task", task.slug) for user in (organizer, guest, other)] == [200, 200, 404]
    assert Client().get(reverse("board", args=[task.slug])).status_code == 404
    assert [task in tasks_for(user) for user in (organizer, guest, other)] == [True, True, False]
    assert (task in tasks_open(guest), task in tasks_open(other), task in tasks_open()) == (True, False, False)


@pytest.mark.parametrize("kind", ["invited", "asked", "refused"])
def test_who_is_not_in_sees_nothing(task, guest, kind):
    Participant.objects.create(task=task, user=guest, state=kind)
    assert not sees(guest, task)


def test_a_private_draft_is_not_there_for_its_participants_either(task, guest):
    Participant.objects.create(task=task, user=guest, state="in")
    Task.objects.update(published_at=None)
    assert page(guest, "task", task.slug) == 404


def test_an_unlisted_task_is_on_no_list_and_asks_not_to_be_indexed(client):
    task = open_task("hidden-away", visibility="unlisted", title="Hidden away")

    assert "Hidden away" not in client.get(reverse("home")).content.decode()
    shown = client.get(reverse("task", args=[task.slug]))
    assert '<meta name="robots" content="noindex">' in shown.content.decode()
    listed = open_task("plain")
    assert "noindex" not in client.get(reverse("task", args=[listed.slug])).content.decode()


def test_who_was_turned_away_enters_nothing_more(task, guest):
    Participant.objects.create(task=task, user=guest, state="refused")
    with pytest.raises(EntryRefusedError, match="not among its participants"):
        submission_enter(owner=guest, dataset=accepted_dataset(guest, task))


def test_somebody_is_invited_by_name_told_and_let_in_by_taking_it(client, task, organizer, guest):
    client.force_login(organizer)
    client.post(reverse("people", args=[task.slug]), {"act": "invite", "named": "gast"})
    notice = Notice.objects.get(user=guest)
    assert state(guest) == "invited"

    client.force_login(guest)
    assert "You are invited" in client.get(notice.path).content.decode()
    assert client.post(notice.path).headers["Location"] == reverse("task", args=[task.slug])

    assert state(guest) == "in"
    assert Notice.objects.filter(user=organizer, subject__contains="has taken the invitation").exists()
    assert [(each.who, each.what) for each in Act.objects.order_by("pk")] == [("olga", "invited"), ("gast", "came")]


@pytest.mark.parametrize("named", ["gats", "not-an@address"])
def test_who_is_nobody_and_no_address_stays_in_the_field_with_the_reason(client, task, organizer, guest, named):
    client.force_login(organizer)

    answer = client.post(reverse("people", args=[task.slug]), {"act": "invite", "named": named})

    assert answer.status_code == 422
    assert f'value="{named}"' in answer.content.decode()
    assert f"There is nobody named “{named}”." in answer.content.decode()
    assert not Participant.objects.exists()


def test_an_invitation_is_of_no_use_to_anybody_else(task, organizer, guest):
    invited = participant_invite(task=task, named="gast", who=organizer)
    with pytest.raises(NotLetInError):
        participant_come(key=invited.key, user=person("thief"))
    assert page(person("other"), "join", invited.key) == 404


def test_an_address_without_an_account_gets_a_link_that_works_once(task, organizer, guest):
    invited = participant_invite(task=task, named="new@example.org", who=organizer)

    participant_come(key=invited.key, user=guest)

    assert state(guest) == "in"
    with pytest.raises(NotLetInError):
        participant_come(key=invited.key, user=person("second"))


def test_people_come_by_the_link_ask_and_are_let_in(client, task, organizer, guest):
    client.force_login(organizer)
    client.post(reverse("people", args=[task.slug]), {"act": "link"})
    task.refresh_from_db()
    client.force_login(guest)

    client.post(reverse("join", args=[task.join_key]), {"text": "I teach numerals."})

    assert state(guest) == "asked"
    assert not sees(guest, task)
    asked = Participant.objects.get(user=guest)
    assert Notice.objects.get(user=organizer).text == "I teach numerals."
    client.force_login(organizer)
    assert "I teach numerals." in client.get(reverse("people", args=[task.slug])).content.decode()
    client.post(reverse("people", args=[task.slug]), {"act": "let_in", "person": asked.pk})
    assert sees(guest, task)
    assert Notice.objects.filter(user=guest, subject__contains="You are in").exists()


def test_a_link_may_let_in_at_once_and_ends(client, task, organizer, guest):
    client.force_login(organizer)
    client.post(reverse("people", args=[task.slug]), {"act": "link", "at_once": "1"})
    task.refresh_from_db()
    key = task.join_key

    participant_come(key=key, user=guest)
    client.post(reverse("people", args=[task.slug]), {"act": "end"})

    assert sees(guest, task)
    assert page(person("late"), "join", key) == 404


def test_who_was_turned_away_does_not_come_back_by_the_link(client, task, organizer, guest):
    Task.objects.update(join_key=uuid.uuid4(), join_at_once=True)
    known = Participant.objects.create(task=task, user=guest, state="in")
    client.force_login(organizer)
    client.post(reverse("people", args=[task.slug]), {"act": "turn_away", "person": known.pk})

    with pytest.raises(NotLetInError, match="turned you away"):
        participant_come(key=Task.objects.get().join_key, user=guest)
    assert not sees(guest, task)


def test_who_was_turned_away_does_not_come_back_by_an_invitation_to_somebody_else(task, organizer, guest):
    Participant.objects.create(task=task, user=guest, state="refused")
    invited = participant_invite(task=task, named="friend@example.org", who=organizer)

    with pytest.raises(NotLetInError, match="turned you away"):
        participant_come(key=invited.key, user=guest)

    assert state(guest) == "refused"
    assert Participant.objects.filter(pk=invited.pk, state="invited").exists()


def teamed_and_turned_away(task, guest):
    """Another participant, whose team the guest is in, who was turned away since."""
    mate = person("mate")
    for user in (guest, mate):
        Participant.objects.create(task=task, user=user, state="in")
    team = team_create(user=mate, task=task, name="Engine")
    team_join(user=guest, invitation=team.invitation)
    own = submission_enter(owner=guest, dataset=accepted_dataset(guest, task, "own"))
    Participant.objects.filter(user=guest).update(state="refused")
    Notice.objects.all().delete()
    return mate, team, own


def test_who_was_turned_away_reads_nothing_more_of_their_team_and_keeps_what_is_their_own(task, guest):
    mate, _team, own = teamed_and_turned_away(task, guest)
    dataset = accepted_dataset(mate, task, "later")
    entry = submission_enter(owner=mate, dataset=dataset)

    assert [page(user, "dataset", dataset.pk) for user in (mate, guest)] == [200, 404]
    assert [page(user, "entry", entry.pk) for user in (mate, guest)] == [200, 404]
    assert [page(guest, "dataset", own.dataset_id), page(guest, "entry", own.pk)] == [200, 200]
    assert [line.entry for line in logbook(guest)] == [own]
    assert [line.entry for line in logbook(mate)] == [entry, own]


def test_who_was_turned_away_is_told_nothing_more_of_task_and_team(task, organizer, guest):
    mate, team, own = teamed_and_turned_away(task, guest)
    entry = submission_enter(owner=mate, dataset=accepted_dataset(mate, task, "later"))

    team_note(team=team, who=organizer, what="Something became of it.")
    entry_cancel(entry=entry, why="It is broken.", who=organizer)

    assert list(entrants_of(task)) == [mate]
    assert not Notice.objects.filter(user=guest).exists()
    assert Notice.objects.filter(user=mate).count() == 2
    entry_cancel(entry=own, why="This too.", who=organizer)
    assert Notice.objects.get(user=guest).path == f"/entries/{own.pk}/"


def test_organizers_in_a_team_of_a_private_task_are_told_of_it(task, organizer):
    root = User.objects.create_superuser("root", "root@example.org", "x")
    others = [person("another", role="organizer"), person("stranger")]
    for user in (organizer, root, *others):
        team_ensure(user=user, task=task)
    assert set(entrants_of(task)) == {organizer, root}
    task.organizers.clear()
    assert set(entrants_of(task)) == {organizer, root, others[0]}


def test_a_juror_who_was_turned_away_is_no_judge_of_their_own_team(task, organizer, guest):
    mate, _team, _own = teamed_and_turned_away(task, guest)
    entry = submission_enter(owner=mate, dataset=accepted_dataset(mate, task, "later"))
    nomination = Nomination.objects.create(submission=entry)
    juror_name(task=task, username=guest.username, who=organizer)

    with pytest.raises(ActRefusedError, match="their own team"):
        vote_cast(nomination=nomination, points=5, comment="", who=guest)


def test_inviting_nobody_says_so_and_asking_first_is_enough(task, organizer, guest):
    with pytest.raises(NotLetInError, match="nobody named"):
        participant_invite(task=task, named="niemand", who=organizer)
    Participant.objects.create(task=task, user=guest, state="asked")
    participant_invite(task=task, named="gast", who=organizer)
    assert state(guest) == "in"


def test_the_people_of_a_task_are_its_organizers_business(task, guest):
    Participant.objects.create(task=task, user=guest, state="in")
    assert page(guest, "people", task.slug) == 404
    assert page(person("another", role="organizer"), "people", task.slug) == 404
