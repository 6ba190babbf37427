"""The demo as files: the zips of a competition and the YAML that `manage.py task_import` reads."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from demo.collection import Sample, draw, mislabelled
from demo.strokes import NUMERALS

NEUTRAL_TIME = (1980, 1, 1, 0, 0, 0)
RECIPE = "resnet50-dcai2021-quick"

DESCRIPTION = """\
slug: roman-demo
title: Roman numerals, drawn
summary: Handwritten numerals from i to x, some under a wrong label. The model is fixed; make the data better.
description: |
  A generator drew every image: strokes, paper, light and mistakes. {wrong:.0%} of the training labels are wrong
  on purpose, by one or two numerals. Correct them, choose images, add your own, and hand in a zip.
rules: |
  At most 10,000 images. No image of the hidden test set is known to you.
classes: [{classes}]
recipe: {recipe}
seed: {seed}
accuracy_floor: 0.3
limits:
  train_seconds: 1800
  entries_per_day: 50
  entries_total: 500
hidden_test: hidden-test.zip
label_book: label-book.zip
training_data: as-generated.zip
"""


@dataclass(frozen=True)
class Amounts:
    """Images of each class, and the share of wrong labels in train and val."""

    train: int = 150
    val: int = 30
    hidden: int = 100
    book: int = 6
    wrong_label_rate: float = 0.3


@dataclass(frozen=True)
class DemoFiles:
    """Where everything lies. The two entries hold the same images under other labels."""

    bundle: Path
    as_generated: Path
    cleaned: Path
    hidden_test: Path
    label_book: Path


def generate(folder: Path, amounts: Amounts, *, seed: int) -> DemoFiles:
    """Writes the whole competition into `folder`. The same seed and amounts give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    right = [*draw("train", amounts.train, seed), *draw("val", amounts.val, seed)]
    wrong = mislabelled(right, amounts.wrong_label_rate, seed)
    files = DemoFiles(
        bundle=folder / "roman-demo.yaml",
        as_generated=folder / "as-generated.zip",
        cleaned=folder / "cleaned.zip",
        hidden_test=folder / "hidden-test.zip",
        label_book=folder / "label-book.zip",
    )
    write_zip(files.as_generated, ((f"original/{each.split}/{each.given}/{each.name}", each) for each in wrong))
    write_zip(files.cleaned, ((f"cleaned/{each.split}/{each.label}/{each.name}", each) for each in right))
    for target, amount in ((files.hidden_test, amounts.hidden), (files.label_book, amounts.book)):
        drawn = draw(target.stem, amount, seed)
        write_zip(target, ((f"{target.stem}/{each.label}/{each.name}", each) for each in drawn))
    described = DESCRIPTION.format(wrong=amounts.wrong_label_rate, classes=", ".join(NUMERALS), recipe=RECIPE, seed=0)
    files.bundle.write_text(described, encoding="utf-8")
    return files


def write_zip(target: Path, members: Iterable[tuple[str, Sample]]) -> None:
    """Stored, for PNG does not shrink; without a date, so that the bytes are always the same."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, sample in members:
            archive.writestr(zipfile.ZipInfo(name, NEUTRAL_TIME), sample.data)
