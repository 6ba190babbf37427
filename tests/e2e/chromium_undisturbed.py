#!/usr/bin/env python3
"""Starts the program that FIXPOINT_CHROMIUM_PROGRAM names, blind to changes of the machine's network.

Chromium hears by netlink that an interface came or went, and ends every request with ERR_NETWORK_CHANGED, those to
this machine itself, too. Docker's tests make and take away interfaces all the time. A filter of system calls
(seccomp(2)) refuses it that one family of sockets: Chromium then takes it that the network is there.
"""

import ctypes
import os
import platform
import struct
import sys
from errno import EAFNOSUPPORT

AF_NETLINK = 16
SOCKET = {"x86_64": 41, "aarch64": 198}
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 22, 38, 2
LOAD, EQUAL, RETURN, ALLOW, ERRNO = 0x20, 0x15, 0x06, 0x7FFF0000, 0x00050000
NUMBER, FIRST_ARGUMENT = 0, 16


class Program(ctypes.Structure):
    """struct sock_fprog of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("lines", ctypes.c_void_p))


def refuse_netlink(socket: int) -> None:
    """For this process and all that it starts; `socket` is the number of that system call."""
    lines = (
        (LOAD, 0, 0, NUMBER),
        (EQUAL, 0, 3, socket),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (EQUAL, 0, 1, AF_NETLINK),
        (RETURN, 0, 0, ERRNO | EAFNOSUPPORT),
        (RETURN, 0, 0, ALLOW),
    )
    packed = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in lines))
    program = Program(len(lines), ctypes.addressof(packed))
    libc = ctypes.CDLL(None, use_errno=True)
    for call in ((PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0)):
        if libc.prctl(*call):
            raise OSError(ctypes.get_errno(), "This kernel takes no filter of system calls.")


if __name__ == "__main__":
    chromium = os.environ["FIXPOINT_CHROMIUM_PROGRAM"]
    if platform.machine() in SOCKET:
        refuse_netlink(SOCKET[platform.machine()])
    os.execv(chromium, [chromium, *sys.argv[1:]])
