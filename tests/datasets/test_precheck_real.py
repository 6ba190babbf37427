"""The pre-check on the data of 2021, of which it is known what is wrong with it."""

from pathlib import Path

import pytest

from fixpoint.accounts.models import User
from tests.support.ingested import examined_dataset, packed_material
from tests.support.platform import open_task
from tests.support.roman import CLASSES

pytestmark = [pytest.mark.data, pytest.mark.django_db]


def test_the_competitions_data_tell_their_49_leaks_3_images_of_the_label_book_and_the_blank_one(
    owner: User, real_data: Path, tmp_path: Path
) -> None:
    task = open_task("roman", classes=list(CLASSES))
    packed_material(task, "label_book", real_data / "roman" / "label-book.zip", tmp_path)

    dataset = examined_dataset(owner, task, real_data / "roman" / "original.zip", tmp_path)

    found = {finding.kind: finding for finding in dataset.findings.all()}
    assert len(found["leakage"].groups) == 49
    assert found["leakage"].images == 98
    assert len(found["in-book"].groups) == 3
    assert len(found["blank"].groups) == 1
    assert found.keys().isdisjoint({"contradiction", "against-book", "duplicates", "tiny"})
