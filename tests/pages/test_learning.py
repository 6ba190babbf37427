"""How an entry learns is shown seed by seed, and as a mean where there are several."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from fixpoint.datasets.models import Dataset
from fixpoint.pages.cost import cost_of
from fixpoint.pages.learning import progress_of
from fixpoint.submissions.models import Submission
from tests.pages.conftest import CURVE
from tests.pages.rows import Score, entry_of, scored, training

pytestmark = pytest.mark.django_db


def read(client: Client, entry: Submission) -> str:
    return client.get(reverse("entry", args=[entry.pk])).content.decode().replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def several(accepted: Dataset) -> Submission:
    """Three seeds in no order of number: one has three epochs, one has one, one has not begun."""
    entry = training(entry_of(accepted, seeds=[7, 2, 5]), CURVE, epochs=5)
    entry.epochs.filter(seed=2, epoch__gt=1).delete()
    entry.epochs.filter(seed=5).delete()
    return entry


def test_one_seed_is_its_own_mean(running: Submission) -> None:
    progress = progress_of(running)

    assert progress
    assert progress.only
    assert (progress.only.last.epoch, progress.only.best.epoch) == (3, 3)
    assert (progress.done, progress.total, progress.epochs) == (3, 5, 5)
    assert progress.val_accuracies == [accuracy for _, accuracy in CURVE]


def test_several_seeds_stand_in_the_entrys_order_and_those_to_come_count(several: Submission) -> None:
    progress = progress_of(several)

    assert progress
    assert progress.only is None
    assert [each.last.seed for each in progress.seeds] == [7, 2]
    assert [each.last.epoch for each in progress.seeds] == [3, 1]
    assert (progress.done, progress.total) == (4, 15)


def test_a_mean_is_over_the_seeds_that_have_ended_the_epoch(several: Submission) -> None:
    several.epochs.filter(seed=2).update(loss=CURVE[0][0] + 1)

    progress = progress_of(several)

    assert progress
    assert progress.losses == pytest.approx([CURVE[0][0] + 0.5, CURVE[1][0], CURVE[2][0]])


def test_of_equal_epochs_the_first_is_the_best(running: Submission) -> None:
    running.epochs.update(val_accuracy=0.5)

    progress = progress_of(running)

    assert progress
    assert progress.seeds[0].best.epoch == 1


def test_an_entry_that_has_not_learned_yet_shows_nothing(accepted: Dataset) -> None:
    assert progress_of(entry_of(accepted)) is None


def test_the_page_tells_how_far_each_seed_is(signed_in: Client, several: Submission) -> None:
    page = read(signed_in, several)

    for told in ("4 of 15 epochs over 3 seeds", "How far each seed is", "3 of 5", "1 of 5", "mean over the seeds"):
        assert told in page
    assert '<progress max="15" value="4"' in page
    assert "<dt>Seeds</dt><dd>7, 2, 5</dd>" in page


def test_the_page_of_one_seed_has_no_table_of_seeds(signed_in: Client, done: Submission) -> None:
    page = read(signed_in, done)

    assert "Epoch 3 of 3" in page
    assert "each seed" not in page.lower()
    assert "<dt>Seed</dt><dd>0</dd>" in page
    assert "<dt>Kept epoch</dt><dd>1</dd>" in page


def test_a_score_of_several_seeds_is_told_with_its_spread_and_each_of_them(accepted: Dataset) -> None:
    entry = scored(entry_of(accepted, seeds=[7, 2, 5]), Score(accuracy=0.75))

    page = read(Client(), entry)

    for told in ("0.7500 <small>±", "mean over 3 seeds, whose spread is 0.0100", "0.7400", "0.7600", "01" * 32):
        assert told in page
    assert "<dt>Kept epoch</dt><dd>1, 2, 3</dd>" in page


def test_the_kind_of_device_is_told_beside_the_device(done: Submission) -> None:
    page = read(Client(), done)

    assert "<dt>Kind of device</dt><dd>cpu-x86_64-avx512</dd>" in page


def test_the_tasks_page_says_that_a_score_is_a_mean(client: Client, accepted: Dataset) -> None:
    task = accepted.task
    address = reverse("task", args=[task.slug])
    assert "its score is the mean" not in client.get(address).content.decode()
    task.seed, task.seeds = 3, 2
    task.save()

    page = client.get(address).content.decode()

    assert "An entry is trained 2 times, each from another seed; its score is the mean." in page
    assert "<dt>Seeds</dt><dd>3, 4</dd>" in page


def test_the_cost_of_several_seeds_is_of_all_of_them_but_they_start_once(accepted: Dataset) -> None:
    one = cost_of(accepted)
    accepted.task.seeds = 4
    four = cost_of(accepted)
    assert one
    assert four
    assert one.kwh < four.kwh < 4 * one.kwh


def test_in_both_charts_what_is_solid_and_named_is_val_and_a_key_says_so(
    signed_in: Client, running: Submission
) -> None:
    last = running.epochs.get(epoch=3)
    assert f"{last.val_loss:.3f}" != f"{last.loss:.3f}"

    page = read(signed_in, running)
    charts = re.findall(r'<figure class="chart">.*?</figure>', page, re.DOTALL)

    named = [re.findall(r'<text class="name"[^>]*>([^<]*)<', chart) for chart in charts]
    assert named == [[f"{last.val_loss:.3f}"], [f"{last.val_accuracy:.3f}"]]
    assert all("val: solid" in chart and "train: dashed" in chart for chart in charts)
