"""Two versions of a dataset as a worker would have left them, drawn here: for galleries and comparisons."""

import io
import random
import tempfile
from pathlib import Path

from PIL import Image

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset
from fixpoint.tasks.models import Task
from tests.e2e.drawing import numeral
from tests.support.bundles import write_zip
from tests.support.ingested import examined_dataset
from tests.support.patterns import plain

PER_CLASS = {"train": 16, "val": 4}


def checked_datasets(owner: User, task: Task) -> tuple[Dataset, Dataset]:
    """The first as it came, with a leak, a contradiction and a blank picture; the second mended and enlarged."""
    draw = random.Random(7)
    clean = {
        f"{split}/{name}/{number:03d}.png": png(numeral(name, draw))
        for split, count in PER_CLASS.items()
        for name in task.classes
        for number in range(count)
    }
    wrong = {
        "val/iv/leaked.png": clean["train/iv/000.png"],
        "train/vi/a-iv.png": clean["train/iv/001.png"],
        "train/i/blank.png": plain(255),
    }
    more = {f"train/ix/new-{number}.png": png(numeral("ix", draw)) for number in range(9)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = examined_dataset(owner, task, write_zip(folder / "first.zip", clean | wrong), folder, "as it came")
        second = examined_dataset(owner, task, write_zip(folder / "second.zip", clean | more), folder, "mended")
    return first, second


def png(picture: Image.Image) -> bytes:
    """As a file."""
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
