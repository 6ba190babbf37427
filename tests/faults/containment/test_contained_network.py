"""No program in a sandbox reaches anything: shown by programs that try."""

import secrets
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ATTEMPTS = """
import errno, json, socket

def attempt(family, address, kind=socket.SOCK_STREAM, protocol=0):
    try:
        with socket.socket(family, kind, protocol) as client:
            client.settimeout(3)
            client.connect(address)
            client.sendall(b"hello")
            return client.recv(16).decode()
    except OSError as error:
        return errno.errorcode.get(error.errno, type(error).__name__)

def resolve(name):
    try:
        return socket.getaddrinfo(name, 80)[0][4][0]
    except OSError as error:
        return "refused"

"""


@pytest.fixture
def listener() -> Iterator[Callable[..., int]]:
    """Opens servers on this host that answer every caller with the word "reached"."""
    servers: list[socket.socket] = []

    def listen(family: socket.AddressFamily, address: object) -> int:
        server = socket.socket(family, socket.SOCK_STREAM)
        servers.append(server)
        server.bind(address)  # type: ignore[arg-type]
        server.listen()
        threading.Thread(target=answer, args=[server], daemon=True).start()
        name = server.getsockname()
        return int(name[1]) if isinstance(name, tuple) else 0

    yield listen
    for server in servers:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


def answer(server: socket.socket) -> None:
    while True:
        try:
            caller, _ = server.accept()
        except OSError:
            return
        with caller:
            caller.sendall(b"reached")


def own_addresses() -> list[str]:
    """Addresses by which this host is reached: loopback, and the one it would use to go out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return ["127.0.0.1"]
        return ["127.0.0.1", probe.getsockname()[0]]


def test_without_isolation_the_same_attempts_reach_a_server(
    listener: Callable[..., int], runner_in: Callable[[str], Any]
) -> None:
    port = listener(socket.AF_INET, ("0.0.0.0", 0))

    end = runner_in("process")(f"{ATTEMPTS}\nprint(attempt(socket.AF_INET, ('127.0.0.1', {port})))")

    assert end.log == "reached\n"


def test_no_ipv4_not_even_this_host(listener: Callable[..., int], run: Any) -> None:
    port = listener(socket.AF_INET, ("0.0.0.0", 0))
    addresses = [(address, port) for address in own_addresses()]

    said = run.said(f"{ATTEMPTS}\nsaid = [attempt(socket.AF_INET, address) for address in {addresses}]")

    assert set(said) <= {"ENETUNREACH", "ECONNREFUSED"}


def test_no_ipv6(listener: Callable[..., int], run: Any) -> None:
    port = listener(socket.AF_INET6, ("::1", 0)) if socket.has_ipv6 else 9

    said = run.said(f"{ATTEMPTS}\nsaid = [attempt(socket.AF_INET6, (host, {port})) for host in ('::1', '2001:db8::1')]")

    assert set(said) <= {"ENETUNREACH", "EADDRNOTAVAIL", "ECONNREFUSED", "EAFNOSUPPORT"}


def test_no_names_are_resolved(run: Any) -> None:
    said = run.said(f"{ATTEMPTS}\nsaid = [resolve(name) for name in ('example.com', 'host.docker.internal')]")

    assert said == ["refused", "refused"]


def test_no_server_of_names_is_asked(run: Any) -> None:
    question = b"\0\1\1\0\0\1\0\0\0\0\0\0\7example\3com\0\0\1\0\1"
    servers = [("127.0.0.53", 53), ("127.0.0.11", 53), *[(address, 53) for address in servers_of_names()]]

    said = run.said(
        f"""{ATTEMPTS}
def ask(server):
    with socket.socket(socket.AF_INET6 if ":" in server[0] else socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(1)
        try:
            client.connect(server)
            client.send({question!r})
            return client.recv(512).hex()
        except OSError as error:
            return errno.errorcode.get(error.errno, type(error).__name__)

said = [ask(server) for server in {servers}]
"""
    )

    assert set(said) <= {"ENETUNREACH", "ECONNREFUSED", "EADDRNOTAVAIL"}


def servers_of_names() -> list[str]:
    """Those that this host asks."""
    lines = [line.split() for line in Path("/etc/resolv.conf").read_text().splitlines()]
    return [words[1] for words in lines if words[:1] == ["nameserver"]]


def test_no_metadata_service_of_a_cloud(run: Any) -> None:
    addresses = [("169.254.169.254", 80), ("169.254.170.2", 80), ("100.100.100.200", 80), ("fd00:ec2::254", 80)]

    said = run.said(
        f"{ATTEMPTS}\nsaid = [attempt(socket.AF_INET6 if ':' in host else socket.AF_INET, (host, port))"
        f" for host, port in {addresses}]"
    )

    assert set(said) <= {"ENETUNREACH", "EADDRNOTAVAIL", "EAFNOSUPPORT"}


def test_no_interface_is_raised_and_no_way_is_laid(run: Any) -> None:
    said = run.said(
        """
        import errno, fcntl, socket, struct

        def call(number, data):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
                try:
                    fcntl.ioctl(handle, number, data)
                    return "done"
                except OSError as error:
                    return errno.errorcode[error.errno]

        SIOCADDRT, SIOCSIFFLAGS, SIOCSIFADDR, IFF_UP, SIOCBRADDBR = 0x890B, 0x8914, 0x8916, 1, 0x89A0
        said = [
            call(SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP)),
            call(SIOCSIFADDR, struct.pack("16sHH4s8x8x", b"lo", socket.AF_INET, 0, bytes([10, 0, 0, 1]))),
            call(SIOCADDRT, bytes(120)),
            call(SIOCBRADDBR, b"bridge".ljust(16, bytes(1))),
        ]
        """
    )

    assert set(said) == {"EPERM"}


def test_no_datagram_leaves(run: Any) -> None:
    said = run.said(f"{ATTEMPTS}\nsaid = attempt(socket.AF_INET, ('192.0.2.1', 53), socket.SOCK_DGRAM)")

    assert said == "ENETUNREACH"


def test_no_abstract_unix_socket_of_this_host(listener: Callable[..., int], run: Any) -> None:
    name = f"\0fixpoint-{secrets.token_hex(8)}"
    listener(socket.AF_UNIX, name)

    said = run.said(f"{ATTEMPTS}\nsaid = attempt(socket.AF_UNIX, {name!r})")

    assert said == "ECONNREFUSED"


def test_no_unix_socket_with_a_path_on_this_host(listener: Callable[..., int], run: Any) -> None:
    # A path of a socket must be short, and pytest's folders are not.
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        path = str(Path(folder) / "socket")
        listener(socket.AF_UNIX, path)
        Path(folder).chmod(0o755)
        Path(path).chmod(0o777)
        with socket.socket(socket.AF_UNIX) as caller:
            caller.connect(path)
            assert caller.recv(16) == b"reached"

        said = run.said(
            f"{ATTEMPTS}\nsaid = [attempt(socket.AF_UNIX, path) for path in ({path!r}, '/proc/1/root{path}')]"
        )

    assert set(said) <= {"ENOENT", "EACCES"}


def test_no_socket_of_the_engine(run: Any) -> None:
    paths = ("/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock")

    said = run.said(f"{ATTEMPTS}\nsaid = [attempt(socket.AF_UNIX, path) for path in {paths}]")

    assert set(said) == {"ENOENT"}


def test_no_way_around_by_vsock_or_raw_sockets(run: Any) -> None:
    said = run.said(
        f"{ATTEMPTS}\n"
        "said = [attempt(40, (2, 1024)), attempt(socket.AF_INET, ('127.0.0.1', 0), socket.SOCK_RAW, 1),"
        " attempt(socket.AF_PACKET, ('lo', 0), socket.SOCK_RAW)]"
    )

    assert set(said) == {"EPERM"}


def test_only_the_loopback_interface_exists(run: Any) -> None:
    said = run.said("import socket\nsaid = [name for _, name in socket.if_nameindex()]")

    assert "lo" in said
    assert not [name for name in said if name.startswith(("eth", "en", "wl", "docker", "veth"))]
