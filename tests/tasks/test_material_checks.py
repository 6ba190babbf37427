"""The tree of a baseline is held to the rule of participants' datasets, in words of its own."""

import pytest

from fixpoint.archives.tree import Place
from fixpoint.datasets.layout import layout_of
from fixpoint.tasks.material_checks import split_problems

CLASSES = ("i", "ii")
WHOLE = ("train/i/a.png", "train/ii/a.png", "val/i/a.png", "val/ii/a.png")
NONE = "There is no folder train or val in it: a dataset holds both, each with a folder a class."
TOPS = "Its folders train and val must lie at the top, or under one top folder."
TREES = {
    "bare": (WHOLE, []),
    "under one top folder": ([f"data/{each}" for each in WHOLE], []),
    "with folders of their own": ([*WHOLE, "train/", "train/i/", "train/i/deep/", "train/i/deep/b.png"], []),
    "an empty folder of no class": ([*WHOLE, "val/iii/"], ["'val/iii' is no class of this task (0 files)."]),
    "a folder of no class": ([*WHOLE, "val/iii/a.png"], ["'val/iii' is no class of this task (1 file)."]),
    "a file of no class": ([*WHOLE, "val/a.png"], ["'val/a.png' is no class of this task (1 file)."]),
    "a text": ([*WHOLE, "val/i/a.txt"], ["'val/i/a.txt' is not an image."]),
    "files beside": ([*WHOLE, "readme.txt", "more/a.png"], ["2 files lie outside of train and val."]),
    "a file beside one top folder": (
        [*(f"data/{each}" for each in WHOLE), "readme.txt"], ["1 file lies outside of train and val."]
    ),
    "a class without images": (WHOLE[:3], ["No image of class 'ii' in val."]),
    "an empty val": ([*WHOLE[:2], "val/"], [f"No image of class '{name}' in val." for name in CLASSES]),
    "no val": (WHOLE[:2], ["There is no folder val in it, or it is empty."]),
    "a file that is called val": (
        [*WHOLE[:2], "val"],
        ["There is no folder val in it, or it is empty.", "1 file lies outside of train and val."],
    ),
    "classes alone": (["i/a.png", "ii/a.png"], [NONE]),
    "two top folders": (["a/train/i/a.png", "b/val/i/a.png"], [TOPS]),
}  # fmt: skip


def placed(path: str) -> Place:
    *folders, file = path.split("/")
    return Place(tuple(folders), file)


@pytest.mark.parametrize(("paths", "told"), TREES.values(), ids=TREES.keys())
def test_a_baselines_tree_is_wrong_exactly_where_a_datasets_is(paths: list[str], told: list[str]) -> None:
    places = [placed(each) for each in paths]

    assert split_problems(places, CLASSES) == told
    assert bool(layout_of(places, CLASSES).refusals) == bool(told)
