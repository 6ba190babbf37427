"""Same images, recipe and seed: the same weights, bit for bit, wherever, whenever and beside whatever they are trained.

Docker beside bubblewrap: tests/stack/test_real_data.py.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixed_model.archives import outcome_of, small_dataset, zipped
from tests.fixed_model.packs import digests, program, said, stage

FILES = small_dataset(each=5)


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reproducible")
    outcome_of(zipped(folder / "upload.zip", FILES), folder / "ingested")
    return folder / "ingested" / "pack.safetensors"


@pytest.fixture(scope="module")
def digest(pack: Path) -> str:
    out = pack.parent / "once"
    return digests(program(*stage(pack, out)), out)[0]


@pytest.fixture
def busy() -> Iterator[None]:
    """As many processes as there are cores, each counting without end."""
    cores = os.cpu_count() or 1
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(cores)]
    yield
    for loop in loops:
        loop.kill()
        loop.wait()


def test_a_second_time_in_another_directory(pack: Path, digest: str, tmp_path: Path) -> None:
    elsewhere = tmp_path / "another place, with a longer name"
    elsewhere.mkdir()
    shutil.copy(pack, elsewhere / "pack")
    done = program(*stage(elsewhere / "pack", elsewhere / "out"), cwd=elsewhere)
    assert digests(done, elsewhere / "out")[0] == digest


def test_the_order_and_names_of_files_in_the_zip_and_its_own_name_are_not_in_the_pack(
    pack: Path, tmp_path: Path
) -> None:
    renamed = {name.replace(".png", f"-{at}.jpeg"): data for at, (name, data) in enumerate(reversed(FILES.items()))}
    outcome_of(zipped(tmp_path / "other.zip", {f"top/{name}": renamed[name] for name in renamed}), tmp_path / "out")
    assert (tmp_path / "out" / "pack.safetensors").read_bytes() == pack.read_bytes()


@pytest.mark.usefixtures("busy")
def test_beside_other_busy_processes(pack: Path, digest: str, tmp_path: Path) -> None:
    done = program(*stage(pack, tmp_path / "out"))
    assert digests(done, tmp_path / "out")[0] == digest


@pytest.mark.parametrize("seeds", [[0], [3, 0], [0, 5, 9]], ids=str)
def test_with_more_threads_and_beside_other_seeds(pack: Path, digest: str, tmp_path: Path, seeds: list[int]) -> None:
    done = program(*stage(pack, tmp_path / "out", threads=2, seeds=seeds))
    found = digests(done, tmp_path / "out")
    assert list(found) == seeds
    assert found[0] == digest


def test_one_after_another_in_a_process(pack: Path, digest: str, tmp_path: Path) -> None:
    done = program(*stage(pack, tmp_path / "out", seeds=[3, 0]))
    assert digests(done, tmp_path / "out")[0] == digest


def test_history_and_dynamics_too(pack: Path, digest: str, tmp_path: Path) -> None:
    once, out = pack.parent / "once", tmp_path / "out"
    assert digests(program(*stage(pack, out)), out)[0] == digest
    for name in ("weights.safetensors", "dynamics.safetensors", "history.json", "progress.jsonl"):
        assert (out / name).read_bytes() == (once / name).read_bytes(), name
    facts, again = said(once), said(out)
    assert facts | {"seconds": 0} == again | {"seconds": 0}
