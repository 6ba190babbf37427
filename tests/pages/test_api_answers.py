"""What goes wrong under /api/ is JSON that says what; what a token cannot open is not told to it."""

import pytest
from django.test import Client

from fixpoint.accounts.models import User
from fixpoint.accounts.tokens import token_make
from tests.support.platform import accepted_dataset

pytestmark = pytest.mark.django_db


def test_another_method_is_answered_as_json_with_those_that_there_are(client: Client):
    answer = client.put("/api/datasets/")

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert answer.json() == {"detail": "This address takes GET, HEAD alone."}


@pytest.mark.parametrize("path", ["/api/nothing/", "/api/datasets/no-id/"])
def test_an_address_that_there_is_not_is_answered_as_json(client: Client, path: str):
    answer = client.get(path)

    assert answer.status_code == 404
    assert answer.json() == {"detail": "There is no such address."}


def test_no_link_is_told_that_a_token_does_not_open(client: Client, owner: User, task):
    dataset = accepted_dataset(owner, task)
    _token, text = token_make(user=owner, name="my script", days=1)

    told = client.get(f"/api/datasets/{dataset.pk}/", headers={"Authorization": f"Bearer {text}"}).json()

    assert "zip" not in told
    assert told["zip_sha256"] == dataset.archive_sha256
