"""No program in a sandbox reaches anything: shown by programs that try."""

import secrets
import socket
import threading
from collections.abc import Callable, Iterator
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


def test_no_metadata_service_of_a_cloud(run: Any) -> None:
    said = run.said(f"{ATTEMPTS}\nsaid = attempt(socket.AF_INET, ('169.254.169.254', 80))")

    assert said == "ENETUNREACH"


def test_no_datagram_leaves(run: Any) -> None:
    said = run.said(f"{ATTEMPTS}\nsaid = attempt(socket.AF_INET, ('192.0.2.1', 53), socket.SOCK_DGRAM)")

    assert said == "ENETUNREACH"


def test_no_abstract_unix_socket_of_this_host(listener: Callable[..., int], run: Any) -> None:
    name = f"\0fixpoint-{secrets.token_hex(8)}"
    listener(socket.AF_UNIX, name)

    said = run.said(f"{ATTEMPTS}\nsaid = attempt(socket.AF_UNIX, {name!r})")

    assert said == "ECONNREFUSED"


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
