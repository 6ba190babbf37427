"""A program sees its inputs, writes its output, and nothing else: shown by programs that try."""

import os
from pathlib import Path
from typing import Any

import pytest

from worker.sandbox import Mount

WRITES = """
import errno, os

def write(path):
    try:
        with open(path, "w") as file:
            file.write("x")
        return "written"
    except OSError as error:
        return errno.errorcode[error.errno]
"""


def test_inputs_are_read_at_their_targets_and_never_written(run: Any, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    pack.write_text("images")
    pack.chmod(0o600)
    run.mounts.append(Mount(pack, "/in/pack.safetensors"))

    said = run.said(f"{WRITES}\nsaid = [open('/in/pack.safetensors').read(), write('/in/pack.safetensors')]")

    assert said == ["images", "EROFS"]
    assert pack.read_text() == "images"


def test_a_folder_can_be_an_input(run: Any, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o700)
    (folder / "file").write_text("inside")
    run.mounts.append(Mount(folder, "/in/folder"))

    assert run.said("said = open('/in/folder/file').read()") == "inside"


def test_files_of_the_host_are_not_there(run: Any, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    secret.chmod(0o644)
    paths = [str(secret), "/etc/shadow", "/root/.bashrc", "/etc/hostname", "/proc/1/root/etc/shadow"]

    said = run.said(
        f"""
        said = []
        for path in {paths}:
            try:
                said.append(open(path).read())
            except OSError:
                said.append("refused")
        """
    )

    # An image has files of its own in /etc; the host's are what must not be seen.
    assert said[0] == said[1] == said[2] == said[4] == "refused"
    assert said[3].strip() in {"refused", "sandbox"}


def test_only_the_output_and_tmp_can_be_written(run: Any) -> None:
    tried = [
        "/x",
        "/usr/x",
        "/etc/x",
        "/in/x",
        "/dev/x",
        "/dev/shm/x",
        "/var/x",
        "/run/x",
        "/root/x",
        "/home/x",
        "/proc/x",
    ]

    said = run.said(f"{WRITES}\nsaid = {{path: write(path) for path in [*{tried}, '/out/x', '/tmp/x']}}")

    assert said.pop("/out/x") == said.pop("/tmp/x") == "written"
    assert set(said.values()) <= {"EROFS", "EACCES", "ENOENT"}


def test_every_writable_place_is_output_or_tmp(run: Any) -> None:
    said = run.said(
        """
        import os
        said = []
        for folder, folders, _ in os.walk("/"):
            folders[:] = [name for name in folders if os.path.join(folder, name) not in ("/proc", "/sys")]
            if os.access(folder, os.W_OK):
                said.append(folder)
        """
    )

    # Every container has message queues of its own; what they may hold is capped at nothing.
    assert set(said) - {"/dev/mqueue"} == {"/out", "/tmp"}


def test_a_message_queue_holds_nothing(run: Any) -> None:
    said = run.said("import ctypes\nsaid = ctypes.CDLL(None).mq_open(b'/queue', 0o102, 0o600, None)")

    assert said == -1


def test_the_root_file_system_is_read_only(run: Any) -> None:
    said = run.said("import os\nsaid = [bool(os.statvfs(path).f_flag & os.ST_RDONLY) for path in ('/', '/usr')]")

    assert said == [True, True]


def test_kernel_settings_cannot_be_written(run: Any) -> None:
    paths = ["/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/sys/vm/overcommit_memory"]

    said = run.said(f"{WRITES}\nsaid = [write(path) for path in {paths}]")

    assert set(said) <= {"EROFS", "EACCES", "ENOENT", "EPERM"}


def test_a_link_in_the_output_points_into_the_sandbox_only(run: Any, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")

    end = run(f"import os\nos.symlink({str(secret)!r}, '/out/link')\nopen('/out/link')")

    assert end.outcome == "crashed"
    assert "FileNotFoundError" in end.log


@pytest.mark.parametrize("kind", ["S_IFBLK", "S_IFCHR"])
def test_device_nodes_cannot_be_made(kind: str, run: Any) -> None:
    end = run(f"import os, stat\nos.mknod('/out/disk', stat.{kind} | 0o666, os.makedev(1, 1))")

    assert (end.outcome, end.status) == ("crashed", 1)
    assert "PermissionError" in end.log
    assert not (run.output / "disk").exists()


def test_no_other_name_is_given_to_an_input(run: Any, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    pack.write_text("images")
    run.mounts.append(Mount(pack, "/in/pack"))

    said = run.said(
        """
        import errno, os
        said = []
        for call in (os.link, os.rename):
            try:
                call("/in/pack", "/out/pack")
                said.append("done")
            except OSError as error:
                said.append(errno.errorcode[error.errno])
        """
    )

    assert set(said) <= {"EXDEV", "EROFS", "EPERM", "EBUSY"}
    assert pack.stat().st_nlink == 1


def test_the_environment_is_ours_alone(run: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("SECRET", "of the worker")

    said = run.said("import os\nsaid = dict(os.environ)", cpus=2)

    assert "SECRET" not in said
    assert (said["HOME"], said["PYTHONHASHSEED"], said["OMP_NUM_THREADS"], said["MKL_NUM_THREADS"]) == (
        "/tmp", "0", "2", "2",
    )  # fmt: skip


def test_no_file_of_the_worker_is_left_open_for_the_program(run: Any, tmp_path: Path) -> None:
    with (tmp_path / "secret").open("w") as secret:
        os.set_inheritable(secret.fileno(), True)

        said = run.said(
            """
            import os
            said = []
            for fd in range(64):
                try:
                    said.append(os.readlink(f"/proc/self/fd/{fd}"))
                except FileNotFoundError:
                    pass
            """
        )

    assert not [place for place in said if "secret" in place]


def test_the_output_belongs_to_the_worker_again(run: Any) -> None:
    run("open('/out/x', 'w').write('x')")

    assert run.output.stat().st_uid == os.geteuid()
    assert (run.output / "x").read_text() == "x"
