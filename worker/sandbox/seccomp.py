"""A filter of system calls: a small BPF program that refuses what no model needs.

Bubblewrap brings none, and Docker's own leaves some open. This one closes what namespaces do not: new user namespaces,
keys, ptrace, mounts by file descriptor, kernel interfaces with a history, and vsock, which no network namespace covers.
"""

import platform
import struct
from dataclasses import dataclass
from errno import ENOSYS, EPERM

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
ALLOW, ERRNO = 0x7FFF0000, 0x00050000

CLONE_NEWUSER = 0x10000000
AF_VSOCK = 40
X32 = 0x40000000

COMMON = {
    "io_uring_setup": 425, "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432,
    "fspick": 433, "pidfd_getfd": 438, "mount_setattr": 442,
}  # fmt: skip
CLONE3 = 435


@dataclass(frozen=True)
class Machine:
    """Numbers of a processor architecture: its own, those of calls refused, of clone and of socket."""

    audit: int
    refused: dict[str, int]
    clone: int
    socket: int


MACHINES = {
    "x86_64": Machine(
        0xC000003E,
        {
            "ptrace": 101, "syslog": 103, "pivot_root": 155, "chroot": 161, "acct": 163, "mount": 165, "umount2": 166,
            "swapon": 167, "swapoff": 168, "reboot": 169, "init_module": 175, "delete_module": 176, "quotactl": 179,
            "kexec_load": 246, "add_key": 248, "request_key": 249, "keyctl": 250, "unshare": 272,
            "perf_event_open": 298, "name_to_handle_at": 303, "open_by_handle_at": 304, "setns": 308,
            "process_vm_readv": 310, "process_vm_writev": 311, "finit_module": 313, "kexec_file_load": 320, "bpf": 321,
            "userfaultfd": 323,
        },
        clone=56,
        socket=41,
    ),
    "aarch64": Machine(
        0xC00000B7,
        {
            "ptrace": 117, "syslog": 116, "pivot_root": 41, "chroot": 51, "acct": 89, "mount": 40, "umount2": 39,
            "swapon": 224, "swapoff": 225, "reboot": 142, "init_module": 105, "delete_module": 106, "quotactl": 60,
            "kexec_load": 104, "add_key": 217, "request_key": 218, "keyctl": 219, "unshare": 97,
            "perf_event_open": 241, "name_to_handle_at": 264, "open_by_handle_at": 265, "setns": 268,
            "process_vm_readv": 270, "process_vm_writev": 271, "finit_module": 273, "kexec_file_load": 294, "bpf": 280,
            "userfaultfd": 282,
        },
        clone=220,
        socket=198,
    ),
}  # fmt: skip


def seccomp_filter(machine: str = platform.machine()) -> bytes | None:
    """The program as bwrap's --seccomp and prctl(2) take it, or None for a processor whose numbers we do not know."""
    known = MACHINES.get(machine)
    if known is None:
        return None
    lines = [
        _line(LOAD, ARCHITECTURE),
        # A call made the way of another architecture has other numbers: none of those.
        *_unless(EQUAL, known.audit, EPERM),
        _line(LOAD, NUMBER),
        *(_if(AT_LEAST, X32, EPERM) if machine == "x86_64" else ()),
        # Its flags lie in memory, which no filter reads; libc falls back to clone.
        *_if(EQUAL, CLONE3, ENOSYS),
    ]
    for number in sorted((known.refused | COMMON).values()):
        lines += _if(EQUAL, number, EPERM)
    lines += _if_argument(known.clone, ANY_BIT, CLONE_NEWUSER)
    lines += _if_argument(known.socket, EQUAL, AF_VSOCK)
    return b"".join([*lines, _line(RETURN, ALLOW)])


def _line(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, then, otherwise, value)


def _if(test: int, value: int, error: int) -> list[bytes]:
    return [_line(test, value, 0, 1), _line(RETURN, ERRNO | error)]


def _unless(test: int, value: int, error: int) -> list[bytes]:
    return [_line(test, value, 1, 0), _line(RETURN, ERRNO | error)]


def _if_argument(number: int, test: int, value: int) -> list[bytes]:
    """Refuse call `number` if its first argument passes the test. Leaves the call's number loaded."""
    body = [_line(LOAD, FIRST_ARGUMENT), *_if(test, value, EPERM), _line(LOAD, NUMBER)]
    return [_line(EQUAL, number, 0, len(body)), *body]
