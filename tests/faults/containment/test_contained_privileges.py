"""No program in a sandbox gains a right: shown by programs that try."""

import os
from typing import Any

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
