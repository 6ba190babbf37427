"""Uploads to a site whose blobs lie on S3: while that is away what has arrived waits, and nobody sends it again."""

import hashlib
from pathlib import Path

import pytest

from tests.uploads.conftest import DATASETS, drawn_zip, lone_site, parts, until

pytestmark = pytest.mark.s3
KEPT = """
from fixpoint.blobs.store import blob_open, digest_of
with blob_open({sha256!r}) as file:
    print(digest_of(file).sha256)
"""


@pytest.fixture
def site_on_s3(object_store, tmp_path):
    object_store.start()
    with lone_site(tmp_path / "home", **object_store.variables(object_store.bucket())) as (site, sender):
        yield site, sender
    object_store.start()


def test_a_whole_upload_waits_for_the_store_and_becomes_a_dataset_when_that_is_back(site_on_s3, object_store):
    site, sender = site_on_s3
    archive = drawn_zip(3, mebibytes=2)
    address = sender.begun(len(archive))
    object_store.stop()

    answer = sender.put(address, archive, 0)
    assert answer.status_code == 503
    assert "What has arrived is kept" in answer.text
    assert site.ask(DATASETS) == "0"
    assert [path.stat().st_size for path in parts(site)] == [len(archive)]

    object_store.start()
    until(lambda: "Fixpoint-Dataset" in sender.look(address).headers, seconds=60)
    sha256 = hashlib.sha256(archive).hexdigest()
    assert site.ask(KEPT.format(sha256=sha256)) == sha256
    assert site.ask(DATASETS) == "1"
    assert parts(site) == []


def test_the_plain_form_says_that_the_store_is_away_and_takes_the_file_later(site_on_s3, object_store, tmp_path: Path):
    site, sender = site_on_s3
    archive = drawn_zip(4, mebibytes=2)
    page = sender.http.get("/datasets/new/").text
    form = {"name": "mine", "csrfmiddlewaretoken": page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]}
    said = {"data": form, "files": {"file": ("mine.zip", archive)}}
    object_store.stop()
    answer = sender.http.post("/datasets/new/?task=numerals", **said)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "Nothing is lost" in answer.text
    assert site.ask(DATASETS) == "0"
    object_store.start()
    assert sender.http.post("/datasets/new/?task=numerals", **said).url.path.startswith("/datasets/")
    assert site.ask(DATASETS) == "1"
