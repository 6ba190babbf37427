"""Organizers read in the admin why a run or a reading ended; nobody changes anything there."""

import pytest
from django.test import Client

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset
from fixpoint.states import status_change
from fixpoint.submissions.models import Submission

pytestmark = pytest.mark.django_db
WHY = "The worker node-7 went silent."


@pytest.fixture
def organizers_client() -> Client:
    root = User.objects.create_superuser("root", "root@example.org", "correct horse battery")
    client = Client()
    client.force_login(root)
    return client


def test_an_organizer_reads_why_an_entry_ended(organizers_client: Client, running: Submission) -> None:
    status_change(running, to="error", why=WHY, reason="Our fault.")

    listed = organizers_client.get("/admin/submissions/submission/").content.decode()
    page = organizers_client.get(f"/admin/submissions/submission/{running.pk}/change/").content.decode()

    assert "Our fault." in listed
    assert WHY in page
    assert 'name="_save"' not in page


def test_an_organizer_reads_why_a_dataset_ended(organizers_client: Client, ingesting: Dataset) -> None:
    status_change(ingesting, to="error", why=WHY, reason="Our fault.")

    assert "Our fault." in organizers_client.get("/admin/datasets/dataset/").content.decode()
    assert WHY in organizers_client.get(f"/admin/datasets/dataset/{ingesting.pk}/change/").content.decode()


def test_staff_with_the_role_of_organizer_reads_and_changes_nothing(running: Submission, owner: User) -> None:
    staff = User.objects.create_user("staff", is_staff=True, role="organizer")
    client = Client()
    client.force_login(staff)

    page = f"/admin/submissions/submission/{running.pk}/change/"

    assert client.get(page).status_code == 200
    assert client.post(page, {"status": "scored"}).status_code == 403
    assert client.get("/admin/submissions/submission/add/").status_code == 403


def test_staff_without_the_role_reads_no_entries(running: Submission) -> None:
    client = Client()
    client.force_login(User.objects.create_user("staff", is_staff=True))

    assert client.get("/admin/submissions/submission/").status_code == 403


def test_an_organizer_whom_another_task_names_reads_nothing_of_this_one(running: Submission, organizer: User) -> None:
    running.task.organizers.add(organizer)
    client = Client()
    client.force_login(User.objects.create_user("neighbour", is_staff=True, role="organizer"))

    listed = client.get("/admin/submissions/submission/").content.decode()

    assert str(running.pk) not in listed
    assert running.task.title not in listed
    assert client.get(f"/admin/submissions/submission/{running.pk}/change/").status_code == 302
