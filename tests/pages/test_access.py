"""What of an entry is public; who may see what at every address is tests/access."""

import pytest
from django.test import Client
from django.urls import reverse

from fixpoint.datasets.models import Dataset
from fixpoint.submissions.models import Submission

pytestmark = pytest.mark.django_db


def test_a_scored_entry_is_public_by_its_public_facts_alone(
    signed_in: Client, done: Submission, accepted: Dataset
) -> None:
    address = reverse("entry", args=[done.pk])

    public = Client().get(address).content.decode()
    own = signed_in.get(address).content.decode()

    for fact in ("0.7500", done.recipe, accepted.digest[:12], "abababababab", "GFLOP"):
        assert fact in public
    for secret in (accepted.name, reverse("dataset", args=[accepted.pk]), "Loss over epochs"):
        assert secret in own
        assert secret not in public
