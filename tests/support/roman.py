"""The Roman numerals as tasks: YAML files over the folder of real data."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tests.support.bundles import picture

CLASSES = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
QUICK, FULL = "resnet50-dcai2021-quick", "resnet50-dcai2021"
_TASK = """\
slug: {slug}
title: Roman numerals
classes: [{classes}]
recipe: {recipe}
seed: {seed}
seeds: {seeds}
limits:
  train_seconds: 10800
  memory_gib: 4
  cpus: 2
  entries_per_day: 50
  entries_total: 500
hidden_test: {data}/roman/hidden-test-half.zip
"""


def write_task(folder: Path, data: Path, *, slug: str, recipe: str = QUICK, seed: int = 0, seeds: int = 1) -> Path:
    """The YAML of one task."""
    path = folder / f"{slug}.yaml"
    classes = ", ".join(CLASSES)
    path.write_text(_TASK.format(slug=slug, recipe=recipe, seed=seed, seeds=seeds, data=data, classes=classes))
    return path


def with_more_images(source: Path, target: Path, more: int) -> Path:
    """The same zip with so many images more in the first class of train."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
        names = old.namelist()
        folder = next(name for name in names if "/i/" in f"/{name}" and "train/" in name).rpartition("/")[0]
        for info in old.infolist():
            new.writestr(info, old.read(info))
        for number in range(more):
            new.writestr(f"{folder}/one-more-{number}.png", picture(number))
    return target
