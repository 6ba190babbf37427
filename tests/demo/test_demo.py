"""The demo draws the same competition from the same seed, with exactly as many mistakes as it says."""

import io
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from demo.__main__ import main
from demo.bundle import Amounts, DemoFiles, generate
from demo.collection import draw, mislabelled
from demo.hand import write
from demo.paper import picture
from demo.strokes import LETTERS, NUMERALS, Manner, strokes_of
from fixpoint.archives.magic import image_format
from fixpoint.datasets.archive import ArchiveRules, inspect
from fixpoint.recipes import recipe_facts
from fixpoint.tasks.bundle import load_bundle
from fixpoint.tasks.hidden_archive import neutral_archive

SMALL = Amounts(train=4, val=2, hidden=3, book=1, wrong_label_rate=0.3)
PLAIN = Manner(gap=0.3, is_dotted=False, has_serifs=False, has_bars=False)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    return generate(tmp_path_factory.mktemp("demo"), SMALL, seed=7)


def _members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _labels(path: Path) -> dict[str, str]:
    return {name.split("/")[-1]: name.split("/")[-2] for name in _members(path)}


def test_the_same_seed_and_amounts_give_the_same_bytes(files: DemoFiles, tmp_path: Path) -> None:
    again = generate(tmp_path, SMALL, seed=7)
    for one, other in zip(vars(files).values(), vars(again).values(), strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_another_seed_draws_other_images(files: DemoFiles, tmp_path: Path) -> None:
    other = generate(tmp_path, SMALL, seed=8)
    assert not set(_members(files.cleaned).values()) & set(_members(other.cleaned).values())


def test_an_image_is_the_same_however_many_are_drawn() -> None:
    few, more = list(draw("train", 1, seed=3)), list(draw("train", 2, seed=3))
    assert few == more[::2]


def test_both_entries_are_clean_archives_with_the_same_images(files: DemoFiles) -> None:
    rules = ArchiveRules(classes=NUMERALS)
    for path in (files.as_generated, files.cleaned):
        assert inspect(path, rules).is_clean
        assert inspect(path, rules).images == 60
    assert sorted(_members(files.as_generated).values()) == sorted(_members(files.cleaned).values())


def test_exactly_the_stated_share_is_mislabelled_by_a_place_or_two(files: DemoFiles) -> None:
    given, right = _labels(files.as_generated), _labels(files.cleaned)
    wrong = {name for name in right if given[name] != right[name]}
    assert len(wrong) == round(0.3 * 60)
    assert all(0 < abs(NUMERALS.index(given[name]) - NUMERALS.index(right[name])) <= 2 for name in wrong)


def test_no_mistakes_are_made_where_none_are_asked_for() -> None:
    samples = list(draw("train", 1, seed=3))
    assert mislabelled(samples, 0.0, seed=3) == samples


def test_one_image_of_each_class_keeps_its_label_whatever_the_rate() -> None:
    samples = [*draw("train", 2, seed=3), *draw("val", 2, seed=3)]
    right = [(each.split, each.label) for each in mislabelled(samples, 1.0, seed=3) if each.given == each.label]
    assert sorted(right) == sorted((split, name) for split in ("train", "val") for name in NUMERALS)


def test_hidden_test_and_label_book_are_other_images_with_right_labels(files: DemoFiles) -> None:
    drawn = [set(_members(path).values()) for path in (files.cleaned, files.hidden_test, files.label_book)]
    assert len(set.union(*drawn)) == sum(map(len, drawn)) == 60 + 30 + 10
    assert Counter(_labels(files.hidden_test).values()) == dict.fromkeys(NUMERALS, 3)


def test_names_tell_no_label(files: DemoFiles) -> None:
    names = list(_labels(files.cleaned))
    assert len(set(names)) == 60
    assert all(len(name) == 20 and int(name.removesuffix(".png"), 16) >= 0 for name in names)


def test_the_bundle_loads_as_a_task_of_the_quick_recipe(files: DemoFiles) -> None:
    bundle = load_bundle(files.bundle)
    assert bundle.classes == NUMERALS
    assert recipe_facts(bundle.recipe).epochs == 5
    assert (bundle.hidden_test, bundle.label_book) == (files.hidden_test, files.label_book)
    assert "30% of the training labels are wrong" in bundle.description


def test_the_hidden_test_can_be_hidden(files: DemoFiles, tmp_path: Path) -> None:
    entries = neutral_archive(files.hidden_test, tmp_path / "neutral.zip", classes=NUMERALS, key=b"k")
    assert Counter(entry.label for entry in entries) == dict.fromkeys(range(10), 3)


def test_every_image_is_a_grey_png_of_40_to_120_pixels(files: DemoFiles) -> None:
    for data in _members(files.cleaned).values():
        assert image_format(data) == "PNG"
        image = Image.open(io.BytesIO(data))
        assert image.mode == "L"
        assert all(40 <= side <= 120 for side in image.size)


@pytest.mark.parametrize("numeral", NUMERALS)
def test_every_numeral_is_dark_ink_on_lighter_paper(numeral: str) -> None:
    pixels = np.asarray(picture(numeral, np.random.default_rng(5)), dtype=float)
    share = (pixels < (pixels.min() + pixels.max()) / 2).mean()
    assert 0.005 < share < 0.5
    assert pixels.max() - pixels.min() > 60


@pytest.mark.parametrize("numeral", NUMERALS)
def test_a_plain_numeral_has_the_strokes_of_its_letters(numeral: str) -> None:
    assert len(strokes_of(numeral, PLAIN)) == sum(len(LETTERS[letter][1]) for letter in numeral)


def test_dots_serifs_and_bars_are_added_where_they_belong() -> None:
    dotted = strokes_of("vii", Manner(0.3, is_dotted=True, has_serifs=False, has_bars=False))
    assert sum(len(stroke) == 1 for stroke in dotted) == 2
    assert len(strokes_of("x", Manner(0.3, is_dotted=True, has_serifs=False, has_bars=True))) == 4
    assert len(strokes_of("vi", Manner(0.3, is_dotted=False, has_serifs=True, has_bars=False))) == 6


def test_letters_stand_side_by_side_from_left_to_right() -> None:
    strokes = strokes_of("iii", PLAIN)
    assert [float(stroke[:, 0].mean()) for stroke in strokes] == sorted(
        float(stroke[:, 0].mean()) for stroke in strokes
    )


def test_a_hand_writes_the_same_numeral_in_many_ways() -> None:
    traces = [write("iv", np.random.default_rng(seed)) for seed in range(20)]
    assert len({len(each) for each in traces}) > 1
    assert len({round(float(each[0].points[0, 0]), 6) for each in traces}) == 20
    assert all((trace.radii > 0).all() and np.isfinite(trace.points).all() for each in traces for trace in each)


def test_the_command_writes_a_competition_and_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    amounts = ["--train-per-class", "1", "--val-per-class", "1", "--hidden-per-class", "1"]
    asked = [*amounts, "--seed", "1", "--wrong-label-rate", "0.5"]
    main([str(tmp_path / "new" / "folder"), *asked])
    said = [Path(line) for line in capsys.readouterr().out.split()]
    assert [path.name for path in said] == ["roman-demo.yaml", "as-generated.zip", "cleaned.zip"]
    assert all(path.exists() for path in said)
