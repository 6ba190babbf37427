"""What the tests of the locked model share: a device made deterministic, a tiny recipe, a folder that ingest fills."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from fixed_model.device import make_deterministic
from fixed_model.packing import Request
from fixed_model.recipe import DCAI2021, Recipe
from tests.fixed_model.archives import outcome_of, zipped

Judge = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module", autouse=True)
def cpu() -> Iterator[torch.device]:
    """The processor, with one thread (tests share the machine) and no shortcuts."""
    make_deterministic()
    yield torch.device("cpu")
    torch.set_flush_denormal(False)  # or hypothesis, elsewhere, would miss the smallest numbers


@pytest.fixture
def brief() -> Recipe:
    """The real recipe, three epochs of it."""
    return replace(DCAI2021, epochs=3)


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Zips a table of files and returns what ingest says of it; the files it wrote lie in tmp_path/out."""

    def judge(files: Mapping[str, bytes], asked: Request | None = None) -> dict[str, Any]:
        return outcome_of(zipped(tmp_path / "archive.zip", files), tmp_path / "out", asked)

    return judge
