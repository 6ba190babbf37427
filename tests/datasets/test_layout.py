"""Places in the tree are told apart by their folders alone."""

from fixpoint.archives.tree import Place
from fixpoint.datasets.layout import layout_of

CLASSES = ("i", "ii")


def _places(*paths: str) -> list[Place]:
    return [Place(tuple(path.split("/")[:-1]), path.split("/")[-1]) for path in paths]


def test_a_top_folder_is_told_by_a_split_below_it() -> None:
    assert layout_of(_places("data/train/i/a.png"), CLASSES).top == "data"
    assert layout_of(_places("data/train/"), CLASSES).top == "data"
    assert layout_of(_places("train/i/a.png", "data/train/i/a.png"), CLASSES).top == ""


def test_a_top_folder_may_be_called_like_a_class() -> None:
    found = layout_of(_places("i/train/i/a.png", "i/val/i/a.png"), ("i",))
    assert (found.top, found.refusals) == ("i", ())


def test_a_class_may_be_called_like_a_split() -> None:
    found = layout_of(
        _places("train/train/a.png", "train/val/a.png", "val/train/a.png", "val/val/a.png"), ("train", "val")
    )
    assert found.refusals == ()
    assert found.images["train", "val"] == 1


def test_refusals_name_the_path_with_its_top_folder() -> None:
    found = layout_of(_places("d/train/i/a.png", "d/train/ii/a.png", "d/val/i/a.png"), CLASSES)
    assert [(refusal.rule, refusal.path) for refusal in found.refusals] == [("missing-class", "d/val/ii/")]


def test_a_split_that_is_a_file_is_no_split() -> None:
    rules = [refusal.rule for refusal in layout_of(_places("train/i/a.png", "train/ii/a.png", "val"), CLASSES).refusals]
    assert rules == ["missing-split", "unexpected-file"]


def test_a_place_knows_its_path() -> None:
    assert [place.path for place in _places("a/b/c.png", "a/b/", "c.png")] == ["a/b/c.png", "a/b/", "c.png"]
