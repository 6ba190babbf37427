"""`python -m tests.e2e.screenshots`: every page, light and dark, desktop and phone, into ./screenshots."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.e2e.camera import pictures

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "screenshots"


def main() -> None:
    """Seed a database of its own in a process of its own, serve it, look at it."""
    only = set(sys.argv[1:])
    with tempfile.TemporaryDirectory() as home, served(Path(home)) as (site, pages):
        FOLDER.mkdir(exist_ok=True)
        pictures(site, {name: page for name, page in pages.items() if not only or name in only}, FOLDER)


@contextmanager
def served(home: Path) -> Iterator[tuple[str, dict[str, tuple[str, str]]]]:
    """The site with the seeded rows; yields its address, and by name of the page its path and who looks at it."""
    environment = os.environ | {
        "FIXPOINT_HOME": str(home),
        "FIXPOINT_SANDBOX_NOTICE": "",
        "DJANGO_SETTINGS_MODULE": "fixpoint.settings",
    }
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT / "platform"), str(ROOT)])
    run = [sys.executable, "manage.py"]
    subprocess.run([*run, "migrate", "--verbosity", "0"], cwd=ROOT, env=environment, check=True)
    told = subprocess.run(
        [sys.executable, "-m", "tests.e2e.world"], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    pages = dict(_page(line) for line in told.stdout.splitlines())
    port = _free_port()
    site = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [*run, "runserver", "--noreload", "--insecure", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(site)
        yield site, pages
    finally:
        server.terminate()
        server.wait(10)
        shutil.rmtree(home, ignore_errors=True)


def _page(line: str) -> tuple[str, tuple[str, str]]:
    name, address, person = line.split("\t")
    return name, (address, person)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(site: str) -> None:
    for _ in range(100):
        try:
            urlopen(site, timeout=2).close()
        except URLError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"Nothing answers on {site}.")


if __name__ == "__main__":
    main()
