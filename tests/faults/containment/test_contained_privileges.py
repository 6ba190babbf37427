"""No program in a sandbox gains a right: shown by programs that try."""

import os
import platform
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

from worker.sandbox import Mount
from worker.sandbox.seccomp import CLONE3, COMMON, MACHINES

MACHINE = MACHINES.get(platform.machine())

CALLS = """
import ctypes, errno, os

libc = ctypes.CDLL(None, use_errno=True)

def call(name, *arguments):
    if getattr(libc, name)(*arguments) >= 0:
        return "done"
    return errno.errorcode[ctypes.get_errno()]

def syscall(number, *arguments):
    return call("syscall", number, *arguments)
"""

CLONE_NEWUSER = 0x10000000
KEYCTL, UNSHARE = (250, 272) if os.uname().machine == "x86_64" else (219, 97)


def test_the_program_is_nobody(run: Any) -> None:
    said = run.said("import os\nsaid = [os.getuid(), os.geteuid(), os.getgid(), os.getgroups()]")

    assert said[:3] == [65532] * 3
    assert 0 not in said[3]


def test_no_capability_is_left_and_none_can_come(run: Any) -> None:
    said = run.said(
        """
        wanted = ("Cap", "NoNewPrivs", "Seccomp:")
        said = dict(line.split(":", 1) for line in open("/proc/self/status") if line.startswith(wanted))
        """
    )

    assert {name: value.strip().strip("0") for name, value in said.items()} == {
        "CapInh": "", "CapPrm": "", "CapEff": "", "CapBnd": "", "CapAmb": "", "NoNewPrivs": "1", "Seccomp": "2",
    }  # fmt: skip


def test_nobody_becomes_root(run: Any) -> None:
    said = run.said(f"{CALLS}\nsaid = [call('setuid', 0), call('setgid', 0), call('setresuid', 0, 0, 0)]")

    assert set(said) <= {"EPERM", "EINVAL"}


def test_programs_that_are_setuid_give_nothing(run: Any) -> None:
    said = run.said(
        """
        import subprocess
        tried = ["/usr/bin/mount", "-t", "tmpfs", "none", "/tmp"], ["/usr/bin/su", "-c", "id -u"]
        said = [subprocess.run(words, capture_output=True, input=b"").returncode != 0 for words in tried]
        """
    )

    assert said == [True, True]


def test_nothing_is_mounted_and_no_root_changed(run: Any) -> None:
    said = run.said(
        f"{CALLS}\nmount = call('mount', b'none', b'/tmp', b'tmpfs', 0, None)\n"
        "said = [mount, call('umount', b'/tmp'), call('chroot', b'/tmp')]"
    )

    assert set(said) == {"EPERM"}


def test_no_namespace_is_made(run: Any) -> None:
    said = run.said(f"{CALLS}\nsaid = [syscall({UNSHARE}, {CLONE_NEWUSER}), syscall({UNSHARE}, 0x20000)]")

    assert set(said) == {"EPERM"}


def test_no_key_of_the_kernel_is_reached(run: Any) -> None:
    said = run.said(f"{CALLS}\nsaid = syscall({KEYCTL}, 0, -3, 1)")

    assert said == "EPERM"


def test_no_process_of_the_host_is_seen_or_touched(run: Any) -> None:
    said = run.said(
        f"""{CALLS}
said = [
    call('ptrace', 16, {os.getpid()}, None, None),
    call('kill', {os.getpid()}, 9),
    len([name for name in os.listdir('/proc') if name.isdigit()]),
]
"""
    )

    assert said[0] in {"ESRCH", "EPERM"}
    assert said[1] == "ESRCH"
    assert said[2] <= 4


def test_the_program_cannot_be_traced_even_by_itself(run: Any) -> None:
    said = run.said(f"{CALLS}\nsaid = call('ptrace', 0, 0, None, None)")

    assert said == "EPERM"


def test_the_name_of_the_host_is_not_changed(run: Any) -> None:
    said = run.said(f"{CALLS}\nsaid = [call('sethostname', b'x', 1), os.uname().nodename]")

    assert said == ["EPERM", "sandbox"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a program that would make one root")
def test_a_program_that_is_setuid_root_runs_as_nobody(run: Any) -> None:
    # Not in a folder of pytest's, which nobody else may enter: outside a sandbox it must make one root.
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        real = Path(shutil.copy("/usr/bin/id", folder))
        real.chmod(0o6755)
        run.mounts.append(Mount(real, "/in/id"))
        assert subprocess.run([real, "-u"], user=65532, group=65532, capture_output=True, cwd="/").stdout == b"0\n"

        said = run.said(
            "import subprocess\nsaid = subprocess.run(['/in/id', '-u'], capture_output=True, text=True).stdout.strip()"
        )

        assert said == "65532"
        assert stat.S_IMODE(real.stat().st_mode) == 0o6755


def test_what_the_program_makes_setuid_is_nobodys_on_the_host(run: Any) -> None:
    end = run("import os, shutil\nshutil.copy('/bin/sh', '/out/shell')\nos.chmod('/out/shell', 0o6777)")

    assert end.outcome == "ok"
    assert (run.output / "shell").stat().st_uid != 0


def test_nothing_is_given_to_another(run: Any) -> None:
    said = run.said(
        f"{CALLS}\nopen('/out/x', 'w').close()\n"
        "said = [call('chown', b'/out/x', 0, 0), call('chown', b'/out/x', 1000, 1000),"
        " call('setxattr', b'/out/x', b'security.capability', bytes(20), 20, 0)]"
    )

    assert set(said) <= {"EPERM", "EINVAL"}


@pytest.mark.skipif(MACHINE is None, reason="the numbers of this processor's calls are not known")
def test_every_call_that_our_filter_names_is_refused_by_the_kernel(run: Any) -> None:
    assert MACHINE is not None
    numbers = MACHINE.refused | COMMON

    said = run.said(f"{CALLS}\nsaid = {{name: syscall(number, 0, 0, 0, 0) for name, number in {numbers}.items()}}")

    # What the Engine or the kernel does not know at all is as good.
    assert {name: error for name, error in said.items() if error not in {"EPERM", "ENOSYS"}} == {}
    assert {said[name] for name in ("mount", "ptrace", "keyctl", "add_key", "request_key", "unshare", "setns")} == {
        "EPERM"
    }


@pytest.mark.skipif(MACHINE is None, reason="the numbers of this processor's calls are not known")
def test_no_user_namespace_comes_by_clone_either(run: Any) -> None:
    assert MACHINE is not None

    said = run.said(
        f"{CALLS}\nsaid = [syscall({MACHINE.clone}, {CLONE_NEWUSER} | 17, 0, 0, 0, 0), syscall({CLONE3}, 0)]"
    )

    assert said == ["EPERM", "ENOSYS"]


def test_a_child_is_not_traced_and_its_memory_not_read(run: Any) -> None:
    said = run.said(
        f"""{CALLS}
child = os.fork()
if child == 0:
    import time
    time.sleep(60)
said = [call('ptrace', 16, child, None, None), call('ptrace', 0x4206, child, None, None)]
os.kill(child, 9)
"""
    )

    assert said == ["EPERM", "EPERM"]


def test_no_namespace_of_another_process_is_entered(run: Any) -> None:
    said = run.said(
        f"""{CALLS}
said = []
for name in ("mnt", "net", "pid", "user"):
    try:
        said.append(call('setns', os.open(f"/proc/1/ns/{{name}}", os.O_RDONLY), 0))
    except OSError as error:
        said.append(errno.errorcode[error.errno])
"""
    )

    assert set(said) <= {"EPERM", "EACCES"}


def test_no_device_is_there_but_the_harmless_ones(run: Any) -> None:
    said = run.said(
        """
        import os, stat
        said = []
        for folder, _, names in os.walk("/dev"):
            for path in (os.path.join(folder, name) for name in names):
                mode = os.lstat(path).st_mode
                if stat.S_ISBLK(mode) or stat.S_ISCHR(mode):
                    said.append(path)
        """
    )

    harmless = {"null", "zero", "full", "random", "urandom", "tty", "console", "ptmx"}
    assert {path.removeprefix("/dev/") for path in said} <= harmless | {"pts/ptmx", "pts/0"}
