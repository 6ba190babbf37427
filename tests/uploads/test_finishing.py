"""An upload becomes exactly one dataset, as the plain form would make it, whoever asks and whatever dies meanwhile."""

import hashlib
import zipfile
from pathlib import Path

from tests.support.site import Site
from tests.uploads.conftest import DATASETS, drawn_zip, lone_site, parts, stored
from tests.uploads.sender import Sender

DATASET = """
import json
from fixpoint.datasets.models import Dataset
row = Dataset.objects.get(pk={key!r})
told = [row.owner.username, row.task.slug, row.name, row.status, row.archive_sha256, row.archive_bytes, row.enters]
print(json.dumps([told, row.remark_counts, row.transitions.count()]))
"""
ATTEMPTS = "from fixpoint.dispatch.models import Attempt; print(Attempt.objects.filter(handler='dataset').count())"


def dataset_of(sender: Sender, address: str) -> str:
    return sender.look(address).headers["Fixpoint-Dataset"].strip("/").split("/")[-1]


def row(site: Site, key: str) -> str:
    return site.ask(DATASET.format(key=key))


def test_the_dataset_is_what_was_announced_and_the_uploads_address_leads_to_it(sender: Sender, site: Site, archive):
    address = sender.begun(len(archive), name="relabelled iv", task="numerals", enters="1")
    answer = sender.put(address, archive, 0)
    key = dataset_of(sender, address)
    assert answer.headers["Fixpoint-Dataset"] == f"/datasets/{key}/"
    sha256 = hashlib.sha256(archive).hexdigest()
    assert f'"numerals", "relabelled iv", "ingesting", "{sha256}", {len(archive)}, true' in row(site, key)
    assert sender.http.get(address).url.path == f"/datasets/{key}/"


def test_the_same_zip_by_the_plain_form_becomes_the_same(sender: Sender, site: Site, tmp_path: Path):
    bad = drawn_zip(4, mebibytes=1)
    path = tmp_path / "bad.zip"
    path.write_bytes(bad)
    with zipfile.ZipFile(path, "a") as more:
        more.writestr("../readme.txt", b"x")
    bad = path.read_bytes()
    address = sender.begun(len(bad), name="bad")
    sender.put(address, bad, 0)

    page = sender.http.get("/datasets/new/").text
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    form = {"name": "bad", "csrfmiddlewaretoken": token}
    plain = sender.http.post("/datasets/new/?task=numerals", data=form, files={"file": ("bad.zip", bad)})

    by_form = row(site, plain.url.path.strip("/").split("/")[-1])
    assert '"refused"' in by_form
    assert row(site, dataset_of(sender, address)) == by_form
    assert not [path for path in parts(site) if address.strip("/")[-36:] in path.name]


def test_the_last_piece_again_makes_no_second_dataset(sender: Sender, site: Site, archive):
    address = sender.begun(len(archive))
    first = sender.put(address, archive, 0)
    before = site.ask(DATASETS)

    again = sender.put(address, archive, 0)
    empty = sender.put(address, b"", len(archive))

    assert (again.status_code, again.headers["Upload-Offset"]) == (409, str(len(archive)))
    assert (empty.status_code, empty.headers["Fixpoint-Dataset"]) == (204, first.headers["Fixpoint-Dataset"])
    assert sender.discard(address).status_code == 409
    assert site.ask(DATASETS) == before
    stored(site, archive)


def test_a_file_that_is_not_the_announced_one_is_refused_with_both_digests(sender: Sender, site: Site, archive):
    wrong = hashlib.sha256(b"another").hexdigest()
    before = site.ask(DATASETS)
    address = sender.begun(len(archive), sha256=wrong)
    answer = sender.put(address, archive, 0)
    assert answer.status_code == 460
    assert wrong in answer.text
    assert hashlib.sha256(archive).hexdigest() in answer.text
    assert sender.look(address).status_code == 410
    assert site.ask(DATASETS) == before


def test_a_file_that_is_the_announced_one_is_taken(sender: Sender, archive):
    address = sender.begun(len(archive), sha256=hashlib.sha256(archive).hexdigest().upper())
    assert sender.put(address, archive, 0).status_code == 204


def test_what_is_whole_when_the_server_dies_is_taken_when_somebody_asks(tmp_path: Path, archive):
    with lone_site(tmp_path / "home") as (site, sender):
        address = sender.begun(len(archive))
        whole_behind_its_back(site, address, archive)

        assert sender.look(address).headers["Fixpoint-Dataset"].startswith("/datasets/")

        stored(site, archive)
        assert (site.ask(DATASETS), site.ask(ATTEMPTS), parts(site)) == ("1", "1", [])


def test_what_is_whole_and_never_asked_for_is_taken_by_the_sweeper_once(tmp_path: Path, archive):
    with lone_site(tmp_path / "home") as (site, sender):
        address = sender.begun(len(archive))
        whole_behind_its_back(site, address, archive)
        path = site.home / "incoming" / "uploads"
        # As it is left by a server that was killed between the store and the database.
        (path / f"{address.strip('/')[-36:]}.zip").hardlink_to(path / f"{address.strip('/')[-36:]}.part")
        (path / "00000000-0000-4000-8000-000000000000.part").write_bytes(b"a stray")

        for _ in range(2):
            site.ask("from fixpoint.uploads.jobs import sweep_uploads; sweep_uploads()")

        stored(site, archive)
        assert (site.ask(DATASETS), site.ask(ATTEMPTS), parts(site)) == ("1", "1", [])
        assert sender.look(address).headers["Upload-Offset"] == str(len(archive))


def test_a_task_that_closes_meanwhile_takes_it_no_more_and_nothing_is_lost(tmp_path: Path, archive):
    with lone_site(tmp_path / "home") as (site, sender):
        address = sender.begun(len(archive))
        close = "from fixpoint.tasks.models import Task; Task.objects.update(status={!r})"
        site.ask(close.format("closed"))
        assert sender.put(address, archive, 0).status_code == 403
        site.ask(close.format("open"))
        assert sender.look(address).headers["Fixpoint-Dataset"].startswith("/datasets/")
        stored(site, archive)


def whole_behind_its_back(site: Site, address: str, archive: bytes) -> None:
    """The last byte was written, and the server was killed before it could do anything about it."""
    site.kill()
    (site.home / "incoming" / "uploads" / f"{address.strip('/')[-36:]}.part").write_bytes(archive)
    site.start()
