"""The output folder as the watch sees it, and what may be mounted at all."""

import os
from pathlib import Path

import pytest

from worker.sandbox import Mount, SandboxError
from worker.sandbox.folder import checked, empty, free_bytes, hand_over, measure


def test_allocated_bytes_and_every_kind_of_entry_count(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_bytes(bytes(10_000))
    (tmp_path / "link").symlink_to("/etc")

    size = measure(tmp_path, enough=100)

    assert size.files == 3
    assert size.bytes >= 10_000


def test_a_sparse_file_counts_what_it_takes(tmp_path: Path) -> None:
    (tmp_path / "sparse").touch()
    os.truncate(tmp_path / "sparse", 10**9)

    assert measure(tmp_path, enough=10).bytes < 10**6


def test_counting_stops_at_enough(tmp_path: Path) -> None:
    for number in range(50):
        (tmp_path / str(number)).touch()

    assert measure(tmp_path, enough=5).files == 6


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path)

    assert measure(tmp_path, enough=10).files == 1


def test_a_folder_that_cannot_be_listed_counts_as_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object) -> None:
        raise PermissionError(path)

    monkeypatch.setattr(os, "scandir", refuse)

    assert measure(tmp_path, enough=10).files == 11


def test_a_folder_that_is_gone_counts_nothing(tmp_path: Path) -> None:
    assert measure(tmp_path / "gone", enough=10).files == 0


def test_a_folder_is_emptied_however_deep_and_whatever_its_rights(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed" / "file").touch()
    (tmp_path / "closed").chmod(0)
    (tmp_path / "link").symlink_to("/etc")
    top = os.open(tmp_path, os.O_RDONLY)
    deepest = top
    for _ in range(3000):
        os.mkdir("deep", dir_fd=deepest)
        below = os.open("deep", os.O_RDONLY, dir_fd=deepest)
        os.close(deepest)
        deepest = below
    os.close(deepest)

    empty(tmp_path)

    assert list(tmp_path.iterdir()) == []
    assert Path("/etc").exists()


def test_there_is_room_on_a_disk(tmp_path: Path) -> None:
    assert free_bytes(tmp_path) > 0


def test_links_are_resolved_before_anything_is_mounted(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("")
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "output").mkdir()

    mounts, output = checked([Mount(tmp_path / "link", "/in/pack")], tmp_path / "output")

    assert mounts == [Mount((tmp_path / "real").resolve(), "/in/pack")]
    assert output == (tmp_path / "output").resolve()


@pytest.mark.parametrize(
    "target", ["/in/../etc/passwd", "/out/x", "/in", "in/x", "/in//x", "/in/x/", "/usr/bin/python"]
)
def test_a_target_outside_in_is_refused(tmp_path: Path, target: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "output").mkdir()

    with pytest.raises(SandboxError, match="/in/"):
        checked([Mount(tmp_path / "file", target)], tmp_path / "output")


def test_a_missing_source_and_a_device_are_refused(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()

    for source in (tmp_path / "missing", Path("/dev/null")):
        with pytest.raises(SandboxError, match="Nothing to mount"):
            checked([Mount(source, "/in/x")], tmp_path / "output")


def test_two_mounts_at_one_target_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "output").mkdir()

    with pytest.raises(SandboxError, match="share a target"):
        checked([Mount(tmp_path / "file", "/in/x")] * 2, tmp_path / "output")


def test_an_output_that_is_missing_or_not_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()

    for output in (tmp_path / "full", tmp_path / "missing"):
        with pytest.raises(SandboxError, match="must exist and be empty"):
            checked([], output)


def test_a_source_becomes_readable_for_another_user_only_where_there_is_one(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()
    (tmp_path / "file").touch(mode=0o600)

    hand_over(tmp_path / "output", [Mount(tmp_path / "file", "/in/x")], None)

    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600
