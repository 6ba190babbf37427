"""Control groups of both versions, on a pretended file system, and our own on the real one where we may."""

from pathlib import Path

import pytest

from worker.contract import Limits
from worker.sandbox import own_cgroup as module
from worker.sandbox.cgroup import cgroup_holding, cgroup_of
from worker.sandbox.own_cgroup import group_name, own_cgroup, prefix, remove_leftovers
from worker.sandbox.watch import Usage

LIMITS = Limits(wall_seconds=1, memory_bytes=4096 * 1000, output_bytes=1, output_files=1, cpus=2, pids=8)


def written(folder: Path, **files: str) -> Path:
    """A folder with files; two underscores in a name stand for a dot."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return folder


def process(tmp_path: Path, lines: str) -> Path:
    written(tmp_path / "proc" / "7", cgroup=lines)
    return tmp_path / "proc"


def test_counters_of_version_1(tmp_path: Path) -> None:
    proc = process(tmp_path, "4:memory:/job\n3:cpu,cpuacct:/job\n2:pids:/job\n0::/\n")
    written(tmp_path / "cpuacct" / "job", cpuacct__usage="2500000000\n")
    written(
        tmp_path / "memory" / "job",
        memory__max_usage_in_bytes="1234\n",
        memory__oom_control="oom_kill_disable 0\nunder_oom 0\noom_kill 2\n",
    )

    group = cgroup_of(7, tmp_path, proc)

    assert group is not None
    assert (group.version, group.usage(), group.oom_kills()) == (1, Usage(2.5, 1234), 2)


def test_counters_of_version_2(tmp_path: Path) -> None:
    proc = process(tmp_path, "0::/job\n")
    written(
        tmp_path / "job",
        cpu__stat="usage_usec 2500000\nuser_usec 1\n",
        memory__peak="1234\n",
        memory__events="low 0\noom 1\noom_kill 2\n",
    )

    group = cgroup_of(7, tmp_path, proc)

    assert group is not None
    assert (group.version, group.usage(), group.oom_kills()) == (2, Usage(2.5, 1234), 2)


def test_an_older_kernel_of_version_2_knows_only_the_present(tmp_path: Path) -> None:
    proc = process(tmp_path, "0::/job\n")
    written(tmp_path / "job", cpu__stat="usage_usec 1000000\n", memory__current="99\n")

    group = cgroup_of(7, tmp_path, proc)

    assert group is not None
    assert group.usage() == Usage(1.0, 99)


def test_a_group_that_is_gone_says_nothing(tmp_path: Path) -> None:
    proc = process(tmp_path, "0::/job\n")
    written(tmp_path / "job", cpu__stat="usage_usec 1000000\n")
    group = cgroup_of(7, tmp_path, proc)
    assert group is not None
    (tmp_path / "job" / "cpu.stat").unlink()

    assert (group.usage(), group.oom_kills()) == (Usage(), 0)


def test_the_processes_of_a_group_are_told_until_it_is_gone(tmp_path: Path) -> None:
    proc = process(tmp_path, "0::/job\n")
    written(tmp_path / "job", cpu__stat="usage_usec 1000000\n", cgroup__procs="7\n0\n")
    group = cgroup_of(7, tmp_path, proc)
    assert group is not None
    assert group.pids() == [7, 0]

    (tmp_path / "job" / "cgroup.procs").unlink()

    assert group.pids() == []


def test_a_group_is_found_by_its_name_through_a_process_in_it(tmp_path: Path) -> None:
    proc = process(tmp_path, "0::/engine/abcdef\n")
    written(tmp_path / "engine" / "abcdef", cpu__stat="usage_usec 1000000\n")
    (proc / "self").mkdir()
    (proc / "8").mkdir()

    group = cgroup_holding("abcdef", tmp_path, proc)

    assert group is not None
    assert set(group.folders.values()) == {tmp_path / "engine" / "abcdef"}
    assert cgroup_holding("abcdeg", tmp_path, proc) is None


def test_a_process_or_a_hierarchy_that_is_not_there(tmp_path: Path) -> None:
    assert cgroup_of(7, tmp_path, tmp_path / "proc") is None
    assert cgroup_of(7, tmp_path, process(tmp_path, "0::/job\n")) is None


def test_our_own_group_of_version_2_lies_under_the_first_that_hands_controllers_down(
    tmp_path: Path, monkeypatch: object
) -> None:
    written(tmp_path, cgroup__subtree_control="memory pids cpu")
    written(tmp_path / "service", cgroup__subtree_control="memory pids cpu", cpu__stat="usage_usec 1\n")
    proc = process(tmp_path, "0::/service\n")
    monkeypatch.setattr(module, "cgroup_of", lambda pid, root: cgroup_of(7, root, proc))  # type: ignore[attr-defined]

    group = own_cgroup("fixpoint-w-1", LIMITS, root=tmp_path)

    assert group is not None
    folder = tmp_path / "service" / "fixpoint-w-1"
    settings = {file.name: file.read_text() for file in folder.iterdir()}
    assert settings == {
        "memory.max": "4096000",
        "memory.swap.max": "0",
        "memory.oom.group": "1",
        "pids.max": "8",
        "cpu.max": "200000 100000",
    }
    assert group.entrances == [folder / "cgroup.procs"]
    assert {"memory", "pids", "cpu"} <= group.capped


def test_there_is_no_group_of_our_own_where_none_is_seen(tmp_path: Path) -> None:
    assert own_cgroup("fixpoint-w-1", LIMITS, root=tmp_path) is None
    remove_leftovers("w", root=tmp_path)


def test_a_real_group_of_our_own_is_empty_capped_and_removed(worker: str) -> None:
    group = own_cgroup(group_name(worker), LIMITS)
    if group is None:
        return  # This host lets us make none; the sandbox does without, and is tested so.

    folders = set(group.cgroup.folders.values())
    assert all(folder.exists() for folder in folders)
    assert all(file.read_text() == "" for file in group.entrances)

    remove_leftovers(worker)

    assert not any(folder.exists() for folder in folders)


def test_the_groups_of_a_neighbour_whose_name_begins_alike_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, cgroup__subtree_control="memory pids cpu", cpu__stat="usage_usec 1\n")
    proc = process(tmp_path, "0::/\n")
    monkeypatch.setattr(module, "cgroup_of", lambda pid, root: cgroup_of(7, root, proc))
    killed: list[int] = []
    monkeypatch.setattr(module, "kill", killed.extend)
    monkeypatch.setattr(module, "_remove", lambda folder: None)
    written(tmp_path / group_name("gpu"), cgroup__procs="7\n")
    for name in ("gpu-2", "gpu-0a1b2c3d"):
        written(tmp_path / group_name(name), cgroup__procs="8\n")

    remove_leftovers("gpu", root=tmp_path)

    assert killed == [7]


def test_a_workers_name_makes_a_safe_folder_name() -> None:
    assert prefix("gpu 1/../x") == "fixpoint-gpu_1____x-"
