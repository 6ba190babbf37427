"""Taking a task out of sight, and putting it back as it was."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fixpoint.accounts.models import Notice
from fixpoint.datasets.models import Dataset
from fixpoint.organizing.archiving import task_archive, task_restore
from fixpoint.organizing.models import Act
from fixpoint.organizing.refusals import ActRefusedError
from fixpoint.organizing.wizard.people import NotLetInError, invitation_of
from fixpoint.submissions.reruns import RerunRefusedError, submission_rerun
from fixpoint.submissions.selectors import quota_of
from fixpoint.submissions.services import EntryRefusedError, submission_enter, submission_start
from fixpoint.tasks.models import Task
from fixpoint.tasks.selectors import tasks_closed, tasks_for, tasks_open
from fixpoint.teams.models import Member, Team
from tests.support.platform import person

WHY = "Its hidden images leaked."


def test_an_archived_task_is_there_for_who_runs_it_alone(client, owner, organizer, task, standing):
    task_archive(task=task, why=WHY, who=organizer)

    client.force_login(owner)
    assert {client.get(f"/tasks/{task.slug}/{end}").status_code for end in ("", "board/", "board.json")} == {404}
    assert task.title not in client.get("/").content.decode()
    assert not tasks_open(owner)
    assert not tasks_closed(owner)
    client.force_login(organizer)
    assert WHY in client.get(reverse("task", args=[task.slug])).content.decode()
    assert list(tasks_for(organizer)) == [task]


def test_who_took_part_keeps_what_is_theirs_and_reads_why(client, owner, organizer, task, standing):
    task_archive(task=task, why=WHY, who=organizer)

    client.force_login(owner)
    pages = [client.get(f"/entries/{standing.pk}/"), client.get(f"/datasets/{standing.dataset_id}/")]
    assert [page.status_code for page in pages] == [200, 200]
    assert all(WHY in page.content.decode() for page in pages)
    client.force_login(person("a stranger"))
    assert client.get(f"/entries/{standing.pk}/").status_code == 404


def test_what_waits_or_runs_ends_free_of_charge(owner, organizer, task, standing, waiting):
    submission_start(submission=waiting, worker="w1")
    left = quota_of(owner, task).total_left

    assert task_archive(task=task, why=WHY, who=organizer) == 1

    waiting.refresh_from_db()
    standing.refresh_from_db()
    assert (waiting.status, waiting.quota, standing.status) == ("cancelled", "released", "scored")
    assert WHY in waiting.reason
    assert quota_of(owner, task).total_left == left + 1
    assert set(Notice.objects.filter(user=owner).values_list("subject", flat=True)) == {
        f"{task.title} was archived",
        f"Cancelled: “waiting” in {task.title}",
    }


def test_it_takes_no_entries_baselines_neither_and_nothing_runs_again(rows, organizer, task, standing):
    dataset = rows.accepted_dataset(organizer, task)
    task_archive(task=task, why=WHY, who=organizer)

    for role in ("participant", "baseline"):
        with pytest.raises(EntryRefusedError, match="archived"):
            submission_enter(owner=organizer, dataset=dataset, role=role)
    with pytest.raises(RerunRefusedError, match="archived"):
        submission_rerun(submission=standing, why="To look.")


def test_its_links_lead_nowhere_until_it_is_back(owner, organizer, task):
    Task.objects.filter(pk=task.pk).update(join_key=task.pk)
    task_archive(task=task, why=WHY, who=organizer)

    with pytest.raises(NotLetInError):
        invitation_of(task.pk, owner)
    task_restore(task=task, why="", who=organizer)
    assert invitation_of(task.pk, owner) == (task, None)


def test_put_back_it_is_as_it_was_on_its_board_too(client, owner, organizer, task, standing):
    before = client.get(f"/tasks/{task.slug}/board.json").json()["lists"]["accuracy"]["rows"]
    task_archive(task=task, why=WHY, who=organizer)
    assert client.get(f"/tasks/{task.slug}/board.json").status_code == 404

    task_restore(task=task, why="All is well.", who=organizer)

    assert client.get(f"/tasks/{task.slug}/board.json").json()["lists"]["accuracy"]["rows"] == before
    assert list(tasks_open(owner)) == [task]
    acts = Act.objects.filter(task=task).order_by("pk").values_list("what", "why")
    assert list(acts) == [("archived", WHY), ("unarchived", "All is well.")]


def test_it_is_archived_once_with_a_reason_and_put_back_once(organizer, task):
    with pytest.raises(ActRefusedError, match="Say why"):
        task_archive(task=task, why=" ", who=organizer)
    with pytest.raises(ActRefusedError, match="not archived"):
        task_restore(task=task, why="", who=organizer)
    task_archive(task=task, why=WHY, who=organizer)

    with pytest.raises(ActRefusedError, match="archived already"):
        task_archive(task=task, why=WHY, who=organizer)
    assert Act.objects.filter(task=task).count() == 1


def test_organizers_do_both_in_the_browser(running, task):
    page = running.post(f"/organize/{task.slug}/archive/", {"why": ""})
    assert "This field is required" in page.content.decode()
    running.post(f"/organize/{task.slug}/archive/", {"why": WHY})
    listed = running.get("/organize/").content.decode()
    assert "Archived tasks" in listed
    assert WHY in listed

    running.post(f"/organize/{task.slug}/restore/")

    assert "Archived tasks" not in running.get("/organize/").content.decode()


def test_no_page_of_who_took_part_links_to_what_is_out_of_sight(client, owner, organizer, rows, task, standing):
    team = Team.objects.get()
    Team.objects.filter(pk=team.pk).update(name="The sevens")
    gone = rows.accepted_dataset(owner, task, "gone")
    Dataset.objects.filter(pk=gone.pk).update(deleted_at=timezone.now())
    client.force_login(owner)
    hidden = {f'href="/tasks/{task.slug}/"', f'href="/tasks/{task.slug}/board/"', f'href="/teams/{team.pk}/"'}
    entry, dataset = f"/entries/{standing.pk}/", f"/datasets/{standing.dataset_id}/"
    pages = (
        "/me/",
        "/datasets/deleted/",
        entry,
        f"{entry}provenance/",
        f"{entry}describe/",
        dataset,
        f"{dataset}delete/",
    )
    before = {address: client.get(address).content.decode() for address in pages}
    assert all(f'href="/tasks/{task.slug}/"' in page for page in before.values())

    task_archive(task=task, why=WHY, who=organizer)

    for address in pages:
        page = client.get(address).content.decode()
        assert {each for each in hidden if each in page} == set(), address
        assert task.title in page, address
    client.force_login(organizer)
    assert f'href="/tasks/{task.slug}/board/"' in client.get(entry).content.decode()


def test_what_an_archived_task_refuses_is_not_offered(client, owner, organizer, task, waiting):
    task_archive(task=task, why=WHY, who=organizer)
    client.force_login(owner)
    entry = f"/entries/{waiting.pk}/"
    assert 'id="again"' not in client.get(entry).content.decode()

    task_restore(task=task, why="", who=organizer)

    assert 'id="again"' in client.get(entry).content.decode()


def test_nothing_is_announced_moved_paused_or_closed_out_of_sight(running, task, standing):
    at = f"/organize/{task.slug}/"
    running.post(f"{at}archive/", {"why": WHY})
    Notice.objects.all().delete()
    tomorrow = f"{timezone.now() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    acts = {
        "announcements/": {"title": "New data", "text": "More sevens."},
        "dates/": {"closes_at": tomorrow, "why": "Later."},
        "pause/": {"why": "A rest."},
        "resume/": {},
        "close/": {"why": "Enough.", "is_meant": "on"},
    }

    for address, words in acts.items():
        answer = running.post(f"{at}{address}", words, follow=True).content.decode()
        assert "Put it back first" in answer, address

    assert not Notice.objects.exists()
    assert list(Act.objects.values_list("what", flat=True)) == ["archived"]
    assert Task.objects.get(closes_at=None, paused_at=None).phase == "open"


def test_what_tells_everybody_or_runs_is_not_offered_out_of_sight(running, task, standing):
    at = f"/organize/{task.slug}/"
    offers = {
        "": f'action="{at}pause/"',
        "announcements/": 'name="title"',
        "dates/": 'name="closes_at"',
        "close/": 'name="is_meant"',
        "entries/": '<option value="rerun">',
    }
    for address, offer in offers.items():
        assert offer in running.get(f"{at}{address}").content.decode()

    running.post(f"{at}archive/", {"why": WHY})

    for address, offer in offers.items():
        assert offer not in running.get(f"{at}{address}").content.decode(), address
    page = running.get(at).content.decode()
    assert f'href="{at}close/"' not in page
    assert "takes its jobs" not in page


def test_a_whole_team_is_told_that_its_entry_was_stopped(owner, organizer, task, waiting):
    mate = person("mate")
    Member.objects.create(team=waiting.team, task=task, user=mate)

    task_archive(task=task, why=WHY, who=organizer)

    subjects = set(Notice.objects.filter(user=mate).values_list("subject", flat=True))
    assert f"Cancelled: “waiting” in {task.title}" in subjects


@pytest.mark.parametrize("why", ["x" * 301, "a\x00b"])
def test_a_reason_for_putting_it_back_has_its_bounds(client, organizer, task, why):
    task_archive(task=task, why=WHY, who=organizer)
    client.force_login(organizer)

    client.post(reverse("organize_restore", args=[task.slug]), {"why": why})

    task.refresh_from_db()
    assert task.archived_at
    client.post(reverse("organize_restore", args=[task.slug]), {"why": ""})
    task.refresh_from_db()
    assert task.archived_at is None
