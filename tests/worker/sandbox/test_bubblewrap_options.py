"""The command line of bubblewrap, line by line."""

from dataclasses import replace
from pathlib import Path

import pytest

from worker.contract import Limits
from worker.sandbox import Mount
from worker.sandbox.bubblewrap_options import Host, bubblewrap_options
from worker.sandbox.environment import environment
from worker.sandbox.interpreter import Interpreter

LIMITS = Limits(wall_seconds=60, memory_bytes=2 * 1024**3, output_bytes=100 * 1024**2, output_files=16, cpus=2, pids=64)
PYTHON = Interpreter("3.11.7", Path("/home/me/venv/bin/python"), (Path("/opt/python"), Path("/home/me/venv")))
HOST = Host(PYTHON, Path("/srv/fixpoint"), {"/bin": "usr/bin", "/lib": "usr/lib", "/lib64": "usr/lib64"}, is_root=True)
BOTH = frozenset({"memory", "pids"})


def words(host: Host = HOST, capped: frozenset[str] = BOTH) -> str:
    """The command line with one space between two words."""
    mounts = [Mount(Path("/scratch/pack"), "/in/pack.safetensors")]
    return " ".join(
        bubblewrap_options(
            host,
            ["python", "-m", "fixed_model", "train"],
            mounts,
            Path("/scratch/out"),
            LIMITS,
            capped=capped,
            fds={"seccomp": 7},
        )
    )


def variables() -> str:
    values = environment(2) | {"PATH": "/usr/local/bin:/usr/bin:/bin", "PYTHONPATH": "/model"}
    return " ".join(f"--setenv {name} {value}" for name, value in values.items())


def test_the_whole_line_of_a_worker_that_is_root() -> None:
    lines = [
        "--die-with-parent --new-session",
        "--unshare-ipc --unshare-pid --unshare-net --unshare-uts --unshare-cgroup-try",
        "--cap-drop ALL --cap-add CAP_SETUID --cap-add CAP_SETGID --cap-add CAP_SETPCAP",
        f"--hostname sandbox --clearenv {variables()}",
        "--ro-bind /usr /usr --symlink usr/bin /bin --symlink usr/lib /lib",
        "--ro-bind-try /lib32 /lib32 --symlink usr/lib64 /lib64",
        "--perms 0755 --dir /etc --ro-bind-try /etc/ld.so.cache /etc/ld.so.cache",
        "--perms 0755 --dir /etc --ro-bind-try /etc/alternatives /etc/alternatives",
        "--proc /proc --dev /dev",
        "--perms 1777 --size 268435456 --tmpfs /tmp",
        "--perms 0755 --dir /opt --ro-bind /opt/python /opt/python",
        "--perms 0755 --dir /home --perms 0755 --dir /home/me --ro-bind /home/me/venv /home/me/venv",
        "--perms 0755 --dir /model --ro-bind /srv/fixpoint/fixed_model /model/fixed_model",
        "--perms 0755 --dir /in --ro-bind /scratch/pack /in/pack.safetensors",
        "--bind /scratch/out /out",
        "--remount-ro /dev --remount-ro / --chdir /",
        "--seccomp 7 --",
        "setpriv --reuid 65532 --regid 65532 --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs --",
        "prlimit --fsize=109051904 --nofile=1024 --core=0 --msgqueue=0 --",
        "/home/me/venv/bin/python -m fixed_model train",
    ]

    assert words() == " ".join(lines)


def test_a_worker_that_is_not_root_uses_a_user_namespace_and_steps_down_by_it() -> None:
    said = words(replace(HOST, is_root=False))

    assert "--as-pid-1 --unshare-all --uid 65532 --gid 65532 --cap-drop ALL --hostname" in said
    assert "setpriv" not in said
    assert "--cap-add" not in said


@pytest.mark.parametrize(
    ("capped", "rlimits"),
    [
        (BOTH, ""),
        (frozenset({"memory"}), "--nproc=64 "),
        (frozenset({"pids"}), f"--as={6 * 1024**3} "),
        (frozenset(), f"--nproc=64 --as={6 * 1024**3} "),
    ],
)
def test_what_no_cgroup_caps_is_capped_by_rlimits(capped: frozenset[str], rlimits: str) -> None:
    assert f"--msgqueue=0 {rlimits}-- /home" in words(capped=capped)


def test_only_the_output_is_bound_writable() -> None:
    line = words().split()

    assert [line[at + 1 : at + 3] for at, word in enumerate(line) if word == "--bind"] == [["/scratch/out", "/out"]]
    assert not {"--dev-bind", "--bind-try", "--share-net", "--bind-fd"} & set(line)


def test_an_interpreter_under_usr_needs_no_bind_of_its_own() -> None:
    said = words(replace(HOST, interpreter=Interpreter("3.11.2", Path("/usr/bin/python3"), (Path("/usr"),))))

    assert said.count("/usr /usr") == 1
    assert "/home" not in said


def test_a_host_without_a_merged_usr_shows_its_library_folders() -> None:
    assert "--ro-bind-try /lib64 /lib64" in words(replace(HOST, links={}))
