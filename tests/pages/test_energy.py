"""What pages tell of energy: before an entry, of every phase, of a run that took too much, and of all runs together."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset, DatasetEnergy
from fixpoint.energy.constants import CAL_2026_11_22
from fixpoint.energy.estimates import standardised_cpu_seconds
from fixpoint.pages.energy_facts import energy_of
from fixpoint.submissions.models import Result, Run, Submission, SubmissionEnergy
from fixpoint.tasks.models import Task
from tests.pages.rows import PROVENANCE

pytestmark = pytest.mark.django_db
NBSP = "\N{NO-BREAK SPACE}"
HOST = {"device_class": "cpu-x86_64-intel-avx512", "device": "Intel(R) Xeon(R) Processor"}


def words(client: Client, name: str, *args: object) -> str:
    """The text of a page, without its tags."""
    page = client.get(reverse(name, args=args)).content.decode()
    return " ".join(re.sub(r"<[^>]*>", " ", page).replace(NBSP, " ").split())


def took(entry: Submission, ratio: float) -> None:
    """The run took this many times the standardised CPU-seconds, on a kind of host whose runs are published."""
    Task.objects.filter(pk=entry.task_id).update(calibration=CAL_2026_11_22.version)
    Run.objects.filter(submission=entry).update(provenance=PROVENANCE | HOST)
    result = entry.result
    seconds = standardised_cpu_seconds(result.gflop, entry.dataset.decoded_megapixels or 0.0, CAL_2026_11_22)
    DatasetEnergy.objects.filter(dataset=entry.dataset).update(cpu_seconds=0.0)
    SubmissionEnergy.objects.filter(submission=entry, phase="predict").update(cpu_seconds=0.0)
    SubmissionEnergy.objects.filter(submission=entry, phase="train").update(cpu_seconds=ratio * seconds)


def facts(entry: Submission):
    fresh = Submission.objects.select_related("task", "dataset").get(pk=entry.pk)
    return energy_of(fresh, Result.objects.select_related("run").get(submission=entry))


def test_codecarbon_stands_beside_each_phase_with_how_far_it_is_off(done: Submission) -> None:
    SubmissionEnergy.objects.filter(phase="train").update(kwh=0.002, codecarbon_kwh=0.005, band=0.5)

    page = words(Client(), "entry", done.pk)

    assert "2.00 ± 50 %" in page
    assert "5.00 × 2.50" in page
    assert "it models the whole machine" in page


def test_codecarbon_is_not_held_against_itself(done: Submission) -> None:
    SubmissionEnergy.objects.filter(phase="train").update(level="M0", kwh=0.005, codecarbon_kwh=0.005)

    assert {each.row.phase: each.disagreement for each in facts(done).phases} == {
        "ingest": pytest.approx(1.9),
        "train": None,
        "predict": pytest.approx(1.9),
    }


def test_a_figure_without_a_band_shows_none(done: Submission) -> None:
    SubmissionEnergy.objects.update(band=None)
    DatasetEnergy.objects.update(band=None)
    Result.objects.update(measured_band=None)

    assert "± 25 %" not in words(Client(), "entry", done.pk)


def test_after_the_run_the_prediction_is_told_with_its_error(done: Submission) -> None:
    found = facts(done)

    assert found.energy is not None
    assert found.energy.taken == pytest.approx(0.0051)
    assert found.energy.error == pytest.approx(0.004 / 0.0051 - 1)
    assert found.carbon is not None
    assert found.carbon.error == pytest.approx(found.energy.error)
    assert found.time is not None
    assert found.time.taken == pytest.approx(4.2 + 842.0 + 5.1)
    assert f"{100 * found.energy.error:.0f} %".replace("-", "−") in words(Client(), "entry", done.pk)


def test_what_was_not_measured_has_no_error(done: Submission) -> None:
    SubmissionEnergy.objects.filter(phase="train").update(kwh=None)

    found = facts(done)

    assert found.energy is not None
    assert (found.energy.taken, found.energy.error) == (None, None)


@pytest.mark.parametrize(("ratio", "is_outside"), [(1.0, False), (2.0, True), (0.5, True)])
def test_a_run_out_of_its_band_is_marked(done: Submission, ratio: float, is_outside: bool) -> None:
    took(done, ratio)

    found = facts(done).judged

    assert found is not None
    assert found.ratio == pytest.approx(ratio)
    assert found.is_outside is is_outside
    assert ("It took what its work does not explain" in words(Client(), "entry", done.pk)) is is_outside


def test_on_a_kind_of_host_without_published_runs_nobody_is_judged(done: Submission) -> None:
    assert facts(done).judged is None
    assert "is not judged" in words(Client(), "entry", done.pk)


def test_a_median_says_of_how_many_runs_it_is(done: Submission) -> None:
    Result.objects.update(measured_runs=3, measured_band=0.25)

    page = words(Client(), "entry", done.pk)

    assert "± 25 % M1 median of 3 runs" in page


def test_grams_where_the_worker_stands_are_kept_beside(done: Submission) -> None:
    for rows in (DatasetEnergy.objects, SubmissionEnergy.objects):
        rows.update(country="FRA", country_g_per_kwh=56.0)

    local = facts(done).local

    assert local is not None
    assert local.grams == pytest.approx(0.0051 * 56.0)
    assert "The worker stands in FRA" in words(Client(), "entry", done.pk)


def test_where_the_phases_ran_in_two_places_no_place_is_told(done: Submission) -> None:
    SubmissionEnergy.objects.update(country="FRA", country_g_per_kwh=56.0)

    assert facts(done).local is None


def test_before_an_entry_the_page_tells_the_factor_and_the_range_of_grids(signed_in: Client, accepted: Dataset) -> None:
    page = words(signed_in, "dataset", accepted.pk)

    assert "emits 107 g per kilometre (EEA)" in page
    assert "(Lesotho, the cleanest, 20.0 g/kWh)" in page
    assert "(Turkmenistan, the dirtiest, 1,306 g/kWh)" in page


def test_ones_own_page_sums_up_all_runs_beside_the_best(
    signed_in: Client, done: Submission, running: Submission
) -> None:
    running.energies.create(attempt=1, phase="train", seconds=1.0, level="M1", method="cpu", kwh=0.02)

    page = words(signed_in, "me")

    assert "25.1 Wh" in page
    assert "5.10 Wh" in page


def test_ones_own_page_tells_what_is_missing_in_the_sum(signed_in: Client, running: Submission) -> None:
    running.energies.create(attempt=1, phase="train", seconds=1.0, level="M1", method="cpu", kwh=None)

    assert "and 1 phase that was not measured" in words(signed_in, "me")


def test_the_table_of_ones_own_energy_scrolls_in_a_box_of_its_own(signed_in: Client, running: Submission) -> None:
    running.energies.create(attempt=1, phase="train", seconds=1.0, level="M1", method="cpu", kwh=0.001)

    page = signed_in.get(reverse("me")).content.decode()

    assert re.search(r'<div class="scroll"[^>]*aria-labelledby="my-energy">\s*<table>', page)


def test_who_has_run_nothing_is_told_nothing(signed_in: Client, owner: User) -> None:
    assert "Energy of all your runs" not in words(signed_in, "me")


def test_the_method_has_a_page_of_its_own(db: None) -> None:
    page = words(Client(), "emissions")

    assert "0.0209 × GFLOP + 0.0084 × decoded megapixels + 6.93" in page
    assert "± 25 % or ± 50 %" in page
    assert "Intel(R) Xeon(R) Processor" in page
    assert "Beyond 3 standard deviations" in page
    assert "less than 60 standardised CPU-seconds" in page


def test_the_page_of_the_method_is_linked_where_its_figures_stand(
    signed_in: Client, done: Submission, accepted: Dataset, task: Task
) -> None:
    link = f'<a href="{reverse("emissions")}">'
    for name, args in (("entry", [done.pk]), ("dataset", [accepted.pk]), ("me", []), ("task", [task.slug])):
        page = signed_in.get(reverse(name, args=args)).content.decode()
        assert page.split("<footer")[0].count(link) >= 1, name
