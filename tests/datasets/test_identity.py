"""The same dataset again is recognised, and what was read from it is stored once."""

import random
import zipfile
from pathlib import Path

import pytest

from fixpoint.accounts.models import User
from fixpoint.datasets.selectors import twins
from fixpoint.tasks.models import Task
from tests.support.bundles import write_zip
from tests.support.ingested import ingested_dataset
from tests.support.patterns import entry, pattern
from tests.support.platform import open_task

pytestmark = pytest.mark.django_db


def blobs(folder: Path) -> int:
    return sum(path.is_file() for path in (folder / "blobs").rglob("*"))


def test_another_zip_of_the_same_images_is_recognised_and_stores_nothing_anew(
    owner: User, task: Task, tmp_path: Path
) -> None:
    files = list(entry().items())
    first = ingested_dataset(owner, task, write_zip(tmp_path / "first.zip", dict(files)), tmp_path)
    before = blobs(tmp_path)
    random.Random(1).shuffle(files)
    again = write_zip(tmp_path / "again.zip", dict(files), zipfile.ZIP_STORED)
    assert again.read_bytes() != (tmp_path / "first.zip").read_bytes()

    second = ingested_dataset(owner, task, again, tmp_path)

    assert second.digest == first.digest
    assert blobs(tmp_path) == before
    assert list(twins(second)) == [first]


def test_one_image_or_one_label_more_is_another_dataset(owner: User, task: Task, tmp_path: Path) -> None:
    first = ingested_dataset(owner, task, write_zip(tmp_path / "first.zip", entry()), tmp_path)
    more = entry({"train/klasse-eins/more.png": pattern(900)})
    second = ingested_dataset(owner, task, write_zip(tmp_path / "second.zip", more), tmp_path)
    swapped = entry()
    swapped["train/klasse-eins/0.png"], swapped["train/klasse-zwei/0.png"] = (
        swapped["train/klasse-zwei/0.png"],
        swapped["train/klasse-eins/0.png"],
    )
    third = ingested_dataset(owner, task, write_zip(tmp_path / "third.zip", swapped), tmp_path)
    assert len({first.digest, second.digest, third.digest}) == 3
    assert not twins(second).exists()


def test_nobody_is_told_of_the_same_images_of_somebody_else_or_in_another_task(
    owner: User, stranger: User, task: Task, tmp_path: Path
) -> None:
    zipped = write_zip(tmp_path / "entry.zip", entry())
    mine = ingested_dataset(owner, task, zipped, tmp_path)
    ingested_dataset(stranger, task, zipped, tmp_path)
    ingested_dataset(owner, open_task("another"), zipped, tmp_path)
    assert not twins(mine).exists()
