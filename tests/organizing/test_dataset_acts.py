"""Deleting and restoring a dataset is an act where an organizer does it, and nobody's business where its owner does."""

import pytest

from fixpoint.organizing.dataset_acts import dataset_give_back, dataset_take
from fixpoint.organizing.models import Act


@pytest.fixture
def dataset(rows, owner, task):
    return rows.accepted_dataset(owner, task, "mirrored twice")


def test_an_organizers_deleting_and_restoring_stand_in_the_trail(dataset, organizer):
    dataset_take(dataset=dataset, who=organizer)
    dataset.refresh_from_db()
    dataset_give_back(dataset=dataset, who=organizer)

    told = list(Act.objects.order_by("pk").values_list("what", "who", "label"))
    assert told == [(what, "organizer", "mirrored twice") for what in ("dataset_deleted", "dataset_restored")]


def test_deleting_twice_is_one_act(dataset, organizer):
    dataset_take(dataset=dataset, who=organizer)
    dataset_take(dataset=dataset, who=organizer)

    assert Act.objects.count() == 1


def test_what_its_owner_does_is_no_act(dataset, owner):
    dataset_take(dataset=dataset, who=owner)
    dataset.refresh_from_db()
    dataset_give_back(dataset=dataset, who=owner)

    assert not Act.objects.exists()
