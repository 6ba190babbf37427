"""Two entries beside each other: what is told of them, to whom, and what is left out while images are guarded."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset
from fixpoint.leaderboard.told_apart import told_apart
from fixpoint.submissions.models import Result, Submission
from fixpoint.tasks.models import HiddenImage, Task
from tests.pages.rows import Score, entry_of, scored, training
from tests.support.platform import accepted_dataset, open_task

pytestmark = pytest.mark.django_db
HIDDEN = 200
APART = "The hidden images tell them apart"
ALIKE = "The hidden images do not tell them apart"
UNSAID = "is not said while the task runs"


@pytest.fixture
def hidden(task: Task) -> Task:
    HiddenImage.objects.filter(task=task).delete()
    HiddenImage.objects.bulk_create(
        HiddenImage(task=task, number=n + 1, name=f"{n}", label=0, sha256="0" * 64) for n in range(HIDDEN)
    )
    return task


def done(dataset: Dataset, accuracy: float, **values: object) -> Submission:
    entry = training(entry_of(dataset, **values), [(1.9, 0.3), (1.0, accuracy)], epochs=2)
    return scored(entry, Score(accuracy=accuracy, hidden=HIDDEN))


@pytest.fixture
def pair(hidden: Task, owner: User) -> tuple[Submission, Submission]:
    given, cleaned = (accepted_dataset(owner, hidden, name) for name in ("as-given", "cleaned-up"))
    return done(given, 0.4), done(cleaned, 0.8)


def page(client: Client, a: Submission, b: Submission) -> str:
    answer = client.get(reverse("entries_compare"), {"a": a.pk, "b": b.pk})
    assert answer.status_code == 200
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_scores_intervals_energy_and_curves_stand_side_by_side(signed_in: Client, pair) -> None:
    shown = page(signed_in, *pair)

    for told in (
        "0.4000",
        "0.8000",
        "+0.4000",
        "0.3346 – 0.4692",
        "as-given",
        "cleaned-up",
        "A solid, B dashed",
        APART,
    ):
        assert told in shown


def test_entries_that_chance_may_have_parted_are_not_told_apart(signed_in: Client, hidden: Task, owner: User) -> None:
    dataset = accepted_dataset(owner, hidden)

    assert ALIKE in page(signed_in, done(dataset, 0.8), done(dataset, 0.805))


@pytest.mark.parametrize("guard", [{"ladder": True}, {"score_decimals": 2}, {"public_share": 0.5}])
def test_while_the_images_are_guarded_no_test_is_told_not_even_to_organizers(
    pair, organizer: User, signed_in: Client, guard: dict[str, object]
) -> None:
    Task.objects.update(**guard)
    judge = Client()
    judge.force_login(organizer)

    for client in (signed_in, judge):
        shown = page(client, *pair)
        assert UNSAID in shown
        assert APART not in shown
        assert ALIKE not in shown


def test_after_the_close_the_private_images_decide(pair, task: Task) -> None:
    HiddenImage.objects.filter(task=task, number__gt=HIDDEN // 2).update(is_public=False)
    Task.objects.update(public_share=0.5, closes_at=timezone.now() - timedelta(days=1))
    # Apart on the public half, the same on the private one.
    right, wrong, half = bytes([255] * 25), bytes(25), bytes(12) + bytes([15]) + bytes([255] * 12)
    for entry, bits in zip(pair, (right, half), strict=True):
        Result.objects.filter(submission=entry).update(correct=bits)
    one, other = (Result.objects.get(submission=each) for each in pair)
    assert told_apart(one, other) is False

    Result.objects.filter(submission=pair[1]).update(correct=wrong)
    assert told_apart(one, other) is True


def test_other_seeds_are_no_pair_for_a_test(pair, hidden: Task, owner: User, signed_in: Client) -> None:
    several = done(accepted_dataset(owner, hidden), 0.9, seeds=[0, 1])

    shown = page(signed_in, pair[0], several)

    assert "Their recipes or seeds are not the same" in shown
    assert APART not in shown
    assert "+0.5" not in shown


def test_strangers_see_scored_entries_by_their_public_facts_alone(pair, stranger: User) -> None:
    for client in (Client(), Client()):
        shown = page(client, *pair)
        assert "0.4000" in shown
        assert "Entry by owner" in shown
        for private in ("as-given", "cleaned-up", "A solid, B dashed", "images added"):
            assert private not in shown
        client.force_login(stranger)


def test_entries_of_two_tasks_are_not_compared(signed_in: Client, pair, owner: User) -> None:
    other = scored(training(entry_of(accepted_dataset(owner, open_task("letters"))), [(1.0, 0.5)]))

    shown = page(signed_in, pair[0], other)

    assert "These are of two tasks" in shown
    assert "From A to B" not in shown


def test_without_a_second_one_ones_own_are_offered(signed_in: Client, pair) -> None:
    shown = signed_in.get(reverse("entries_compare"), {"a": pair[0].pk}).content.decode()

    assert f'<option value="{pair[1].pk}" selected>' in shown
    assert f'<option value="{pair[0].pk}" selected>' in shown


def test_the_newest_beside_the_one_before_it_is_offered_first(signed_in: Client, pair, hidden: Task) -> None:
    elsewhere = accepted_dataset(pair[0].owner, open_task("letters"))
    scored(entry_of(elsewhere, at=pair[1].created_at - timedelta(seconds=1)))
    Submission.objects.filter(pk=pair[0].pk).update(created_at=timezone.now() - timedelta(days=1))

    shown = signed_in.get(reverse("entries_compare"))

    assert shown.context["picked"] == [str(each.pk) for each in pair]
    assert shown.content.decode().count(" selected>") == 2


def test_beside_a_named_one_the_newest_other_is_offered(signed_in: Client, pair) -> None:
    for named, other in (pair, pair[::-1]):
        shown = signed_in.get(reverse("entries_compare"), {"a": named.pk})
        assert shown.context["picked"] == [str(named.pk), str(other.pk)]


def test_who_has_nothing_to_compare_is_told_what_to_do(stranger: User) -> None:
    client = Client()
    client.force_login(stranger)

    assert reverse("upload") in client.get(reverse("entries_compare")).content.decode()
