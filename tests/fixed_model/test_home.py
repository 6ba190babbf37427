"""`train DIR` at home: the platform's digest from a folder or a zip, its reasons where it refuses, few requirements."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from fixed_model.commands.home import LIMITS, classes_of, default_out, main, pack_folder
from fixed_model.packing import Request
from tests.fixed_model.archives import outcome_of, small_dataset, zipped
from tests.fixed_model.packs import QUICK, SOURCE, digests, program, said, stage

FILES = small_dataset(each=3)
QUICKLY = ("--recipe", QUICK, "--threads", "1")


def laid_out(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return laid_out(tmp_path_factory.mktemp("home") / "my.data", FILES | {".DS_Store": b"clutter"})


@pytest.fixture(scope="module")
def at_home(folder: Path) -> subprocess.CompletedProcess[str]:
    """The program called within the folder, as people do."""
    return program("train", ".", *QUICKLY, cwd=folder)


@pytest.fixture(scope="module")
def digest(at_home: subprocess.CompletedProcess[str], folder: Path) -> str:
    return digests(at_home, folder.with_name("my.data-run"))[0]


# --- the same digest ---


def test_a_folder_gives_a_digest_to_compare_and_says_how(
    at_home: subprocess.CompletedProcess[str], digest: str
) -> None:
    assert f"weights {digest}" in at_home.stdout
    assert "6 train and 6 val images in i, v; dataset digest" in at_home.stdout
    assert re.search(r"^fixed-model verify \S*my\.data-run$", at_home.stdout, re.MULTILINE)


def test_progress_goes_to_stderr_and_the_results_alone_to_stdout(
    at_home: subprocess.CompletedProcess[str], digest: str
) -> None:
    assert "5/5" in at_home.stderr
    assert "val accuracy" in at_home.stderr
    assert "5/5" not in at_home.stdout


def test_the_platforms_stages_give_the_same_digest(digest: str, tmp_path: Path) -> None:
    assert outcome_of(zipped(tmp_path / "upload.zip", FILES), tmp_path / "ingested")["outcome"] == "done"
    done = program(*stage(tmp_path / "ingested" / "pack.safetensors", tmp_path / "out"))
    assert digests(done, tmp_path / "out")[0] == digest


def test_a_zip_of_it_in_another_order_gives_the_same_digest(digest: str, tmp_path: Path) -> None:
    turned = {f"my data/{name}": FILES[name] for name in reversed(FILES)}
    archive = zipped(tmp_path / "other.zip", turned, zipfile.ZIP_STORED)
    done = program("train", *QUICKLY, "--out", str(tmp_path / "out"), str(archive))
    assert digests(done, tmp_path / "out")[0] == digest


# --- what it asks and where it writes ---


def test_some_numerals_and_some_other_names_are_asked_about(tmp_path: Path) -> None:
    for name in ("i", "ii", "xi"):
        (tmp_path / "train" / name).mkdir(parents=True)
    with pytest.raises(SystemExit, match=r"are not: xi.*--classes"):
        classes_of(tmp_path)


def test_the_data_itself_is_no_place_to_write_to_but_a_folder_around_it_is(tmp_path: Path) -> None:
    data = laid_out(tmp_path / "data", FILES)
    with pytest.raises(SystemExit, match="is the data itself"):
        main([str(data), "--out", str(data)])
    said_of = pack_folder(data, tmp_path, Request("splits", classes_of(data), LIMITS, 1, 32))
    assert said_of["images"] == len(FILES)


@pytest.mark.parametrize(
    ("names", "order"),
    [
        (("x", "v", "i"), ["i", "v", "x"]),
        (("ix", "iv"), ["iv", "ix"]),
        (("dog", "cat"), ["cat", "dog"]),
        (("i", "x", ".ipynb_checkpoints", "__MACOSX"), ["i", "x"]),
    ],
)
def test_classes_are_roman_numerals_by_value_or_else_by_name(tmp_path: Path, names: Any, order: list[str]) -> None:
    files = {f"train/{name}/1.png": b"" for name in names} | {".hidden": b"", "train/.DS_Store": b""}
    assert classes_of(laid_out(tmp_path / "data", files)) == order
    assert classes_of(zipped(tmp_path / "bare.zip", files | {"__MACOSX/train/odd/1.png": b""})) == order
    assert classes_of(zipped(tmp_path / "top.zip", {f"top/{name}": data for name, data in files.items()})) == order


def test_everything_lands_beside_the_source_unless_told_otherwise(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "data.v2.zip", {})
    assert default_out(archive) == tmp_path / "data.v2-run"
    (tmp_path / "data.v3").mkdir()
    assert default_out(tmp_path / "data.v3") == tmp_path / "data.v3-run"


def test_a_run_is_never_written_over(tmp_path: Path) -> None:
    data = laid_out(tmp_path / "data", FILES)
    run = laid_out(tmp_path / "data-run", {"weights.safetensors": b"hours of work"})
    assert default_out(data) == tmp_path / "data-run-2"
    assert "holds a run already" in refusal(data, "--out", run)
    laid_out(tmp_path / "data-run-2", {"outcome.json": b"of a dataset that was refused"})
    assert default_out(data) == tmp_path / "data-run-2"


def refusal(*arguments: object) -> str:
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in arguments])
    assert isinstance(ended.value.code, str)  # Python prints it to stderr; the status is 1
    return ended.value.code


def test_a_refused_dataset_is_told_of_with_every_reason(tmp_path: Path) -> None:
    broken = laid_out(tmp_path / "data", FILES | {"train/i/no.png": b"no image", "val/x/1.png": FILES["val/i/0.png"]})
    said_of_it = refusal(broken)
    assert "train/i/no.png: the content is none of PNG" in said_of_it
    assert "(unknown-class)" in said_of_it
    assert said(tmp_path / "data-run")["outcome"] == "refused"


def test_of_very_many_reasons_the_first_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    files = FILES | {f"train/i/{number}.txt": b"?" for number in range(50)}
    said_of_it = refusal(laid_out(tmp_path / "data", files))
    assert said_of_it.count("not-an-image") == 20
    assert said_of_it.endswith("and 30 more")


def test_a_folder_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere") == f"There is no {tmp_path / 'nowhere'}."


def test_a_place_that_cannot_be_written_to_is_told_of(tmp_path: Path) -> None:
    data = laid_out(tmp_path / "data", FILES | {"taken": b""})
    assert "Nothing can be written to" in refusal(data, "--out", data / "taken")


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04"], ids=["empty", "text", "start of a zip"])
def test_a_file_that_is_no_zip_is_told_of(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "data.zip").write_bytes(data)
    assert "neither a folder nor a zip" in refusal(tmp_path / "data.zip")


def test_a_folder_without_classes_is_told_of(tmp_path: Path) -> None:
    assert "has no folders train/<class>" in refusal(tmp_path)


@pytest.mark.parametrize("seeds", ["", "a", "0,0", "-1", "0,,1", "1.5", str(2**63), ",".join(map(str, range(21)))])
def test_seeds_that_make_no_sense_are_told_of_and_leave_nothing(tmp_path: Path, seeds: str) -> None:
    assert "--seeds takes 1 to 20" in refusal(laid_out(tmp_path / "data", FILES), f"--seeds={seeds}")
    assert not (tmp_path / "data-run").exists()


def test_what_an_earlier_run_left_within_the_folder_is_no_part_of_the_data(tmp_path: Path) -> None:
    data = laid_out(tmp_path / "data", FILES | {"train/i/no.png": b"no image", "run/dynamics.safetensors": b"old"})
    said_of_it = refusal(data, "--out", data / "run")
    assert "no.png" in said_of_it
    assert "dynamics" not in said_of_it


# --- what it needs ---


def test_nothing_of_the_platform_the_worker_or_the_tests_is_loaded() -> None:
    commands = ", ".join(f"fixed_model.commands.{name}" for name in ("home", "train", "verify", "predict", "ingest"))
    listing = f"import sys, {commands}; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", listing], cwd=SOURCE, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {"torch", "tqdm"} <= loaded
    assert not loaded & {
        "django",
        "celery",
        "torchvision",
        "fixpoint",
        "worker",
        "demo",
        "pytest",
        "docker",
        "pydantic",
    }


def test_the_model_extra_brings_all_that_is_imported() -> None:
    extras = tomllib.loads((SOURCE / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    brought = {requirement.split("==")[0] for requirement in extras["model"]}
    imported: set[str] = set()
    for path in (SOURCE / "fixed_model").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").split(".")[0])
    foreign = imported - sys.stdlib_module_names - {"fixed_model"}
    assert {{"PIL": "pillow", "zlib_ng": "zlib-ng"}.get(name, name) for name in foreign} == brought
