"""The filter of system calls, run by an interpreter of its few instructions."""

import struct

import pytest

from worker.sandbox.seccomp import MACHINES, seccomp_filter

ALLOW, EPERM, ENOSYS = 0x7FFF0000, 0x00050001, 0x00050026
MACHINE_NAMES = sorted(MACHINES)


def verdict(program: bytes, *, number: int, audit: int, argument: int = 0) -> int:
    """What the kernel would answer to a system call."""
    lines = [struct.unpack_from("=HBBI", program, at) for at in range(0, len(program), 8)]
    data = {0: number, 4: audit, 16: argument}
    at = loaded = 0
    while True:
        code, then, otherwise, value = lines[at]
        at += 1
        match code:
            case 0x20:
                loaded = data[value]
            case 0x06:
                return value
            case 0x15:
                at += then if loaded == value else otherwise
            case 0x35:
                at += then if loaded >= value else otherwise
            case 0x45:
                at += then if loaded & value else otherwise
            case _:
                raise AssertionError(code)


def asked(machine: str, number: int, argument: int = 0) -> int:
    program = seccomp_filter(machine)
    assert program is not None
    return verdict(program, number=number, audit=MACHINES[machine].audit, argument=argument)


@pytest.mark.parametrize("machine", MACHINE_NAMES)
def test_calls_that_no_model_needs_are_refused(machine: str) -> None:
    numbers = MACHINES[machine].refused

    assert {name for name, number in numbers.items() if asked(machine, number) != EPERM} == set()


@pytest.mark.parametrize("machine", MACHINE_NAMES)
def test_reading_and_writing_are_allowed(machine: str) -> None:
    read, write, mmap, futex = (0, 1, 9, 202) if machine == "x86_64" else (63, 64, 222, 98)

    assert {asked(machine, number) for number in (read, write, mmap, futex)} == {ALLOW}


@pytest.mark.parametrize("machine", MACHINE_NAMES)
def test_a_clone_is_allowed_unless_it_makes_a_user_namespace(machine: str) -> None:
    clone = MACHINES[machine].clone

    assert asked(machine, clone, 0x01200011) == ALLOW
    assert asked(machine, clone, 0x10000011) == EPERM


@pytest.mark.parametrize("machine", MACHINE_NAMES)
def test_clone3_does_not_exist_so_that_libc_falls_back(machine: str) -> None:
    assert asked(machine, 435) == ENOSYS


@pytest.mark.parametrize("machine", MACHINE_NAMES)
def test_sockets_are_left_to_the_network_namespace_but_for_vsock(machine: str) -> None:
    assert asked(machine, MACHINES[machine].socket, 2) == ALLOW
    assert asked(machine, MACHINES[machine].socket, 40) == EPERM


def test_calls_in_the_manner_of_another_architecture_are_refused() -> None:
    program = seccomp_filter("x86_64")
    assert program is not None

    assert verdict(program, number=0, audit=0x40000003) == EPERM
    assert asked("x86_64", 0x40000000) == EPERM


def test_an_unknown_processor_has_no_filter() -> None:
    assert seccomp_filter("riscv64") is None
