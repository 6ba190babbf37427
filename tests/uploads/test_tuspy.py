"""tuspy, a client that knows nothing of us, runs the program of docs/uploading.md word by word."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.site import ROOT, Site
from tests.uploads.conftest import drawn_zip, lone_site, parts, stored
from tests.uploads.sender import Sender

UPLOADS = "from fixpoint.uploads.models import Upload; print(Upload.objects.count())"


@pytest.fixture
def program() -> str:
    [program] = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "uploading.md").read_text(), re.DOTALL)
    return str(program)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "numerals.zip"
    path.write_bytes(drawn_zip(5, mebibytes=20))
    return path


def token_of(sender: Sender) -> str:
    """Made as people make one, on the page of their tokens."""
    address = "/me/account/tokens/"
    csrf = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', sender.http.get(address).text)[0]
    form = {"csrfmiddlewaretoken": csrf, "name": "tuspy", "days": "30"}
    page = sender.http.post(address, data=form).text
    return re.findall(r"fxp_[\w-]{43}", page)[0]


def run(program: str, file: Path, site: Site, sender: Sender) -> subprocess.CompletedProcess[str]:
    told = {
        "FIXPOINT_SITE": site.url,
        "FIXPOINT_TASK": "numerals",
        "FIXPOINT_TOKEN": token_of(sender),
    }
    return subprocess.run(
        [sys.executable, "-c", program, str(file)],
        cwd=file.parent,
        env=os.environ | told | {"no_proxy": "*"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_program_in_the_docs_uploads_and_prints_an_address_that_leads_to_the_dataset(
    sender: Sender, site: Site, program: str, file: Path
):
    done = run(program, file, site, sender)
    assert done.returncode == 0, done.stderr
    stored(site, file.read_bytes())
    assert sender.http.get(done.stdout.strip()).url.path.startswith("/datasets/")


def test_the_program_goes_on_after_it_and_the_server_were_killed(tmp_path: Path, program: str, file: Path):
    dying = program.replace("uploader.upload()", "uploader.upload(stop_at=16 * 2**20); os.kill(os.getpid(), 9)")
    with lone_site(tmp_path / "home") as (site, sender):
        assert run(dying, file, site, sender).returncode == -signal.SIGKILL
        site.kill()
        site.start()
        assert [path.stat().st_size for path in parts(site)] == [16 * 2**20]

        done = run(program, file, site, sender)

        assert done.returncode == 0, done.stderr
        stored(site, file.read_bytes())
        assert site.ask(UPLOADS) == "1"


def test_a_file_that_changed_in_between_is_refused(tmp_path: Path, program: str, file: Path):
    dying = program.replace("uploader.upload()", "uploader.upload(stop_at=16 * 2**20); os.kill(os.getpid(), 9)")
    with lone_site(tmp_path / "home") as (site, sender):
        run(dying, file, site, sender)
        data = bytearray(file.read_bytes())
        data[10 * 2**20] ^= 1
        data[18 * 2**20] ^= 1
        file.write_bytes(data)

        done = run(program.replace("retries=20", "retries=0"), file, site, sender)

        assert "sha256" in done.stderr or "460" in done.stderr, done.stderr
        assert list((site.home / "blobs").rglob("*")) == []
