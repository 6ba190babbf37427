"""Network namespaces: one of the platform, one of each worker, a wire between the platform and each, and no way on."""

from __future__ import annotations

import secrets
import subprocess
from typing import Self

PLATFORM = "10.77.0.1"
"""The platform's address, the only one that a worker has a route to."""


class Network:
    """Use it in a `with` block: what it made is gone afterwards, whatever happened."""

    def __init__(self, *workers: str) -> None:
        token = secrets.token_hex(3)
        self.platform = f"fixpoint-{token}-platform"
        self._of = {worker: f"fixpoint-{token}-{worker}" for worker in workers}

    def __enter__(self) -> Self:
        try:
            self._make()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for name in (self.platform, *self._of.values()):
            subprocess.run(["ip", "netns", "del", name], capture_output=True)

    def of(self, worker: str) -> str:
        """The name of a worker's namespace."""
        return self._of[worker]

    def address(self, worker: str) -> str:
        """A worker's own address."""
        return f"10.77.{1 + list(self._of).index(worker)}.2"

    def inside(self, namespace: str, *command: str) -> list[str]:
        """The command that runs this one there."""
        return ["ip", "netns", "exec", namespace, *command]

    def _make(self) -> None:
        _ip("netns", "add", self.platform)
        _ip("-n", self.platform, "link", "set", "lo", "up")
        _ip("-n", self.platform, "addr", "add", f"{PLATFORM}/32", "dev", "lo")
        # A new namespace may inherit the host's: then the platform's would pass a worker's packets on.
        forward = ("sysctl", "-q", "-w", "net.ipv4.ip_forward=0")
        subprocess.run(self.inside(self.platform, *forward), check=True, capture_output=True)
        for number, name in enumerate(self._of.values(), 1):
            _ip("netns", "add", name)
            wire = ("link", "add", f"to-{number}", "type", "veth", "peer", "name", "wire", "netns", name)
            _ip("-n", self.platform, *wire)
            for namespace, link, end in ((self.platform, f"to-{number}", 1), (name, "wire", 2)):
                _ip("-n", namespace, "addr", "add", f"10.77.{number}.{end}/30", "dev", link)
                _ip("-n", namespace, "link", "set", link, "up")
            _ip("-n", name, "link", "set", "lo", "up")
            _ip("-n", name, "route", "add", f"{PLATFORM}/32", "dev", "wire", "src", f"10.77.{number}.2")


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True)
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr}"
