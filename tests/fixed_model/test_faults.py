"""What ends a stage early: told by code and sentence, also where there is no room left to tell it."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import torch

from fixed_model.commands import predict, train
from fixed_model.endings import told
from fixed_model.faults import explain
from fixed_model.pack import BadPackError, BadWeightsError, EmptySplitError
from fixed_model.replicas import LostError
from fixed_model.run import find_device
from fixed_model.train import DivergedError
from tests.fixed_model.archives import small_dataset
from tests.fixed_model.packs import QUICK, SOURCE, packed, program, said, stage

NEEDS_PRLIMIT = pytest.mark.skipif(not shutil.which("prlimit"), reason="prlimit (util-linux) is not installed")


def code_of(error: Exception) -> str | None:
    known = explain(error)
    return known[0] if known else None


# --- words ---


def test_torchs_own_allocator_out_of_memory_is_known() -> None:
    with pytest.raises(RuntimeError) as raised:
        torch.empty(2**50)
    assert code_of(raised.value) == "out-of-memory"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MemoryError(), "out-of-memory"),
        (torch.OutOfMemoryError("CUDA out of memory"), "out-of-memory"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "out-of-memory"),
        (OSError(errno.ENOSPC, "No space left on device"), "out-of-disk"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "out-of-disk"),
        (OSError(errno.EFBIG, "File too large"), "out-of-disk"),
        (EmptySplitError("the dataset has no val images"), "empty-split"),
        (DivergedError(3), "diverged"),
        (BadPackError("it holds no images"), "bad-pack"),
        (BadWeightsError("the file is empty"), "bad-weights"),
    ],
    ids=repr,
)
def test_a_known_ending_has_a_code_and_a_sentence(error: Exception, code: str) -> None:
    known = explain(error)
    assert known is not None
    assert known[0] == code
    assert known[1][0].isupper()
    assert known[1].endswith(".")


@pytest.mark.parametrize(
    "error",
    [
        ValueError("can't allocate memory"),
        RuntimeError("mat1 and mat2 shapes cannot be multiplied"),
        OSError(errno.EACCES, "Permission denied"),
        OSError("No space left on device"),
        LostError("the training of seed 1 ended with status -9"),
        KeyError("images"),
    ],
    ids=repr,
)
def test_anything_else_is_a_fault_of_the_program(error: Exception) -> None:
    assert explain(error) is None


@pytest.mark.parametrize("error", [MemoryError(), LostError("seed 1 ended for want of memory")], ids=repr)
def test_a_person_is_told_in_a_sentence(error: Exception) -> None:
    with pytest.raises(SystemExit, match=r"memory"), told():
        raise error


def test_a_person_who_stops_it_sees_no_traceback(tmp_path: Path, terminal_signals: None) -> None:
    for name, data in small_dataset().items():
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / name).write_bytes(data)
    command = [sys.executable, "-m", "fixed_model", "train", str(tmp_path / "data"), "--seeds", "0,1", "--threads", "2"]
    process = subprocess.Popen(command, cwd=SOURCE, stderr=subprocess.PIPE, start_new_session=True)
    assert process.stderr is not None
    try:
        heard = b""
        while not (b"seed 0" in heard and b"seed 1" in heard):
            heard += process.stderr.read1() or pytest.fail(heard.decode())  # type: ignore[attr-defined]
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the seeds as well
        _, rest = process.communicate(timeout=60)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    assert process.returncode == 1
    assert b"Traceback" not in rest
    assert rest.endswith(b"Stopped before its end.\n")


@pytest.mark.parametrize("device", ["cuda:99", "meta", "abacus"])
def test_a_device_that_is_not_there_is_a_request_that_makes_no_sense(device: str) -> None:
    with pytest.raises(SystemExit, match=f"{device}"), told():
        find_device(device)


# --- a disk that is full ---


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of half a mebibyte: less than the weights need."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", folder], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


def full(disk: Path) -> None:
    with suppress(OSError), (disk / "ballast").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


def arguments(tmp_path: Path, out: Path) -> list[str]:
    """A training whose request and pack lie on the usual disk."""
    return [*stage(packed(tmp_path / "pack"), tmp_path / "on-the-usual-disk")[1:-1], str(out)]


def test_weights_that_do_not_fit_leave_an_outcome_and_nothing_half_written(tmp_path: Path, disk: Path) -> None:
    train.main(arguments(tmp_path, disk))
    assert (said(disk)["outcome"], said(disk)["code"]) == ("failed", "out-of-disk")
    assert {path.name for path in disk.iterdir()} == {"outcome.json", "progress.jsonl"}


def test_where_not_even_the_outcome_fits_the_program_says_so(tmp_path: Path, disk: Path) -> None:
    full(disk)
    with pytest.raises(SystemExit) as ended:
        train.main(arguments(tmp_path, disk))
    assert "no more room on its disk" in str(ended.value.code)  # Python prints it to stderr; the status is 1
    assert "outcome.json cannot be written" in str(ended.value.code)


def test_a_prediction_that_does_not_fit_is_told_of_in_the_same_way(tmp_path: Path, disk: Path) -> None:
    out = tmp_path / "out"
    train.main(stage(packed(tmp_path / "pack"), out)[1:])
    (tmp_path / "predict.json").write_text(f'{{"recipe": "{QUICK}", "threads": 1}}')
    full(disk)
    files = {"--request": "predict.json", "--pack": "pack/pack.safetensors", "--weights": "out/weights.safetensors"}
    words = [word for option, name in files.items() for word in (option, str(tmp_path / name))]
    with pytest.raises(SystemExit, match="no more room on its disk"):
        predict.main([*words, "--out", str(disk)])


@NEEDS_PRLIMIT
def test_a_limit_on_the_size_of_files_is_a_full_disk(tmp_path: Path) -> None:
    words = stage(packed(tmp_path / "pack"), tmp_path / "out")
    done = program(*words, before=["prlimit", "--fsize=500000", "--"])
    assert (done.returncode, done.stderr) == (0, "")
    assert said(tmp_path / "out")["code"] == "out-of-disk"


# --- memory that is full ---


@NEEDS_PRLIMIT
@pytest.mark.parametrize("threads", [1, 2])
def test_a_training_that_gets_no_memory_says_so(tmp_path: Path, threads: int) -> None:
    # A hundred thousand classes need 40 GB for the targets alone.
    words = stage(packed(tmp_path / "pack"), tmp_path / "out", classes=100_000, seeds=[0, 1], threads=threads)
    done = program(*words, before=["prlimit", f"--as={16 * 2**30}", "--"])
    assert (done.returncode, done.stderr) == (0, "")
    assert said(tmp_path / "out")["code"] == "out-of-memory"
