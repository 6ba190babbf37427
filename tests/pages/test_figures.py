"""Numbers as they are written, and pictures as they are drawn."""

import pytest
from django.template import Context, Template
from django.utils import timezone

from fixpoint.pages.charts.bars import bars_of
from fixpoint.pages.charts.curves import curve_of
from fixpoint.pages.charts.scales import log_steps, round_steps
from fixpoint.pages.charts.scatter import Spot, scatter_of
from fixpoint.pages.templatetags.figures import (
    absent,
    amount,
    change,
    duration,
    grams,
    half_width,
    kwh,
    limited,
    share,
    size,
    size_at_least,
)
from fixpoint.pages.templatetags.markdown import markdown
from fixpoint.pages.templatetags.relative import multiple, plus_minus, signed_percent


def spot(name: str, accuracy: float, grams: float | None, **more: bool) -> Spot:
    return Spot(name, f"/entries/{name}/", accuracy, accuracy - 0.02, accuracy + 0.02, grams, **more)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (share(0.84656), "0.8466"),
        (half_width(0.83, 0.86), "± 0.015"),
        (change(0.0835), "+0.0835"),
        (change(-0.02), "−0.0200"),
        (amount(0.0054123), "0.00541"),
        (amount(0), "0"),
        (amount(1234.6), "1,235"),
        (grams(2.414), "2.41 g"),
        (grams(2414), "2.41 kg"),
        (kwh(2.414), "2.41 kWh"),
        (kwh(0.0049), "4.90 Wh"),
        (kwh(0.00000918), "9.18 mWh"),
        (kwh(0), "0 Wh"),
        (duration(4.21), "4.2 s"),
        (duration(750), "12 min 30 s"),
        (duration(7500), "2 h 5 min"),
        (duration(0), "0 s"),
        (size(999), "999 B"),
        (size(20 * 2**20), "20.0 MiB"),
        (size_at_least(20 * 2**30 - 40 * 2**20), "19.9 GiB"),
        (size_at_least(20 * 2**30), "20.0 GiB"),
        (size_at_least(2**30 - 1), "1,023 MiB"),
        (size_at_least(1000), "1,000 B"),
        (limited(3600, "wall_seconds"), "1 h"),
        (limited(3600.4, "wall_seconds"), "1 h 0.4 s"),
        (limited(0.5, "wall_seconds"), "0.5 s"),
        (limited(4 * 2**30, "memory_bytes"), "4.0 GiB"),
        (limited(64, "output_files"), "64"),
    ],
)
def test_a_number_is_written_with_its_unit(written: str, expected: str) -> None:
    assert written.replace("\N{NO-BREAK SPACE}", " ") == expected


def test_what_was_not_measured_is_never_a_nought() -> None:
    assert share(None) == amount(None) == grams(None) == duration(None) == absent()
    assert "not measured" in absent()


def test_a_text_of_an_organizer_is_escaped_and_keeps_its_paragraphs() -> None:
    assert markdown("one\nline\n\n<b>two</b>") == "<p>one\nline</p>\n<p>&lt;b&gt;two&lt;/b&gt;</p>\n"


def test_an_axis_encloses_its_values_with_round_steps() -> None:
    assert round_steps(0.586, 0.8465) == [0.5, 0.6, 0.7, 0.8, 0.9]
    assert log_steps(0.42, 5.6) == pytest.approx([0.2, 0.5, 1, 2, 5, 10])
    assert len(round_steps(0.5, 0.5)) > 1


def test_a_scatter_joins_the_front_from_the_least_grams_on() -> None:
    spots = [spot("b", 0.8, 2.0, is_on_front=True), spot("c", 0.6, 3.0), spot("a", 0.7, 1.0, is_on_front=True)]

    chart = scatter_of(spots, measured=False)

    assert chart is not None
    assert [dot.spot.name for dot in chart.dots] == ["a", "b", "c"]
    assert chart.front == " ".join(f"{dot.x},{dot.y}" for dot in chart.dots[:2])
    assert chart.dots[0].y > chart.dots[1].y


def test_a_scatter_of_measured_grams_leaves_out_what_was_not_measured_and_draws_no_front() -> None:
    chart = scatter_of([spot("a", 0.7, None), spot("b", 0.8, 2.5, is_on_front=True)], measured=True)

    assert chart is not None
    assert [dot.spot.name for dot in chart.dots] == ["b"]
    assert chart.front == ""
    assert scatter_of([spot("a", 0.7, None)], measured=True) is None


def test_of_a_point_at_the_edge_the_figures_stand_on_the_side_that_has_room() -> None:
    chart = scatter_of([spot("left", 0.7, 1.0), spot("right", 0.8, 100.0)], measured=False)

    assert chart is not None
    assert [dot.is_told_left for dot in chart.dots] == [False, True]


@pytest.mark.parametrize("epochs", [1, 2, 5, 100])
def test_a_curve_begins_at_the_left_and_grows_towards_the_last_epoch(epochs: int) -> None:
    chart = curve_of([0.5], [0.4], epochs=epochs, best=1)

    assert chart is not None
    assert (chart.last.x, chart.best and chart.best.x) == (chart.left, chart.left)
    assert (chart.x_ticks[0].value, chart.x_ticks[-1].value) == (1, epochs)


def test_there_is_no_curve_before_the_first_epoch() -> None:
    assert curve_of([], [], epochs=100, best=None) is None


def test_bars_show_a_class_without_images_as_nought() -> None:
    bars = bars_of({"train": {"i": 4}}, ["i", "v"])

    assert [(row.train, row.val, row.train_width) for row in bars.rows] == [(4, 0, 100.0), (0, 0, 0.0)]
    assert (bars.train, bars.val) == (4, 0)


def test_no_space_stands_between_a_time_and_what_follows_it() -> None:
    text = Template("{% load marks %}{% ago moment %};").render(Context({"moment": timezone.now()}))
    assert text.endswith("</time>;")


@pytest.mark.parametrize(("value", "told"), [(0.25, "± 25 %"), (0.02, "± 2.0 %"), (1.0, "± 100 %"), (None, "")])
def test_an_uncertainty_is_told_in_per_cent(value: float | None, told: str) -> None:
    assert plus_minus(value).replace("\N{NO-BREAK SPACE}", " ") == told


@pytest.mark.parametrize(("value", "told"), [(0.123, "+12 %"), (-0.31, "−31 %"), (0.0, "±0.0 %"), (0.014, "+1.4 %")])
def test_an_error_has_its_sign(value: float, told: str) -> None:
    assert signed_percent(value).replace("\N{NO-BREAK SPACE}", " ") == told


def test_what_is_not_known_has_neither_error_nor_multiple() -> None:
    assert signed_percent(None) == multiple(None) == absent()
