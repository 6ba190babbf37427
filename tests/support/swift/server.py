"""An S3 server in a folder: Swift's proxy, account, container and object servers, under the system's Python.

Usage: server.py FOLDER PORT ACCESS_KEY SECRET_KEY. It says "ready" when its S3 interface listens, and ends on SIGTERM
with all its processes, or with the process that started it.
"""

import ctypes
import os
import pwd
import secrets
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path

from swift.common import utils
from swift.common.ring import RingBuilder
from swift.common.wsgi import run_wsgi

KINDS = ("account", "container", "object")
_SERVER = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
devices = {folder}/devices
swift_dir = {folder}
user = {user}
mount_check = false
workers = 0
fallocate_reserve = 0
log_level = WARNING
log_address = {folder}/no-syslog
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""
_PROXY = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
swift_dir = {folder}
user = {user}
workers = 0
log_level = WARNING
log_address = {folder}/no-syslog
[pipeline:main]
pipeline = catch_errors gatekeeper memory listing_formats bulk s3api tempauth slo proxy-server
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:memory]
paste.filter_factory = memory:filter_factory
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:bulk]
use = egg:swift#bulk
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
s3_acl = false
check_bucket_owner = false
[filter:tempauth]
use = egg:swift#tempauth
user_{account}_{name} = {secret} .admin
[filter:slo]
use = egg:swift#slo
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = false
"""


def main() -> None:
    """Write the rings and the settings, start the four servers, wait for the end."""
    folder, port, access_key, secret = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
    _end_with(os.getppid())
    ports = _configured(folder, port, access_key, secret)
    children = [_started(kind, folder / f"{kind}.conf") for kind in ports]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        for each in ports.values():  # a proxy that finds no server behind it refuses it for a minute
            _await(each)
        print("ready", flush=True)
        os.waitpid(-1, 0)  # none of them ends by itself
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
        for child in children:  # until then its port may still take connections
            with suppress(ChildProcessError):
                os.waitpid(child, 0)


def _configured(folder: Path, port: int, access_key: str, secret: str) -> dict[str, int]:
    """Each server's port, after its settings are written."""
    account, name = access_key.split(":")
    (folder / "devices" / "disk").mkdir(parents=True, exist_ok=True)
    salt = folder / "swift.conf"
    if not salt.exists():  # kept from life to life: by it the files are found again
        salt.write_text(f"[swift-hash]\nswift_hash_path_suffix = {secrets.token_hex(8)}\n")
    words = {"folder": folder, "user": _user(), "account": account, "name": name, "secret": secret}
    ports = {}
    for kind in KINDS:
        ports[kind] = _free_port()
        _ring(folder, kind, ports[kind])
        (folder / f"{kind}.conf").write_text(_SERVER.format(kind=kind, port=ports[kind], **words))
    (folder / "proxy.conf").write_text(_PROXY.format(port=port, **words))
    return ports | {"proxy": port}


def _ring(folder: Path, kind: str, port: int) -> None:
    """One device, one replica."""
    builder = RingBuilder(part_power=4, replicas=1, min_part_hours=0)
    builder.add_dev({
        "region": 1, "zone": 1, "ip": "127.0.0.1", "port": port, "device": "disk", "weight": 1,
        "replication_ip": "127.0.0.1", "replication_port": port,
    })  # fmt: skip
    builder.rebalance()
    builder.get_ring().save(str(folder / f"{kind}.ring.gz"))


def _started(kind: str, conf: Path) -> int:
    mother = os.getpid()
    if child := os.fork():
        return child
    _end_with(mother)
    utils.set_swift_dir(str(conf.parent))
    sys.exit(run_wsgi(str(conf), f"{kind}-server"))


def _await(port: int) -> None:
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return


def _end_with(mother: int) -> None:
    """Whoever kills the tests with SIGKILL leaves nothing behind."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.getppid() != mother:
        sys.exit(1)


def _user() -> str:
    """The one that runs this: Swift would change to its own."""
    return pwd.getpwuid(os.getuid()).pw_name


def _free_port() -> int:
    """Held until this process ends: else the next one asked for, or another program's, might be the same."""
    with socket.socket() as holding:
        holding.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holding.bind(("127.0.0.1", 0))
        port = holding.getsockname()[1]
        holding.detach()
    return port


if __name__ == "__main__":
    main()
