"""The protocol's own rules, one by one: tus 1.0 with creation, checksum, expiration and termination."""

import base64
import hashlib
from email.utils import parsedate_to_datetime

import httpx
import pytest

from tests.uploads.sender import BYTES, VERSION, Sender, metadata


def test_anybody_may_read_the_terms(site):
    answer = httpx.options(f"{site.url}/uploads/", trust_env=False)
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == answer.headers["Tus-Resumable"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,creation-with-upload,checksum,expiration,termination"
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha256,sha1"
    assert int(answer.headers["Tus-Max-Size"]) >= 4 * 2**30


def test_a_new_upload_has_an_address_an_expiry_and_nothing_in_it(sender: Sender, archive):
    answer = sender.begin(len(archive), name="first")
    assert answer.status_code == 201
    told = sender.look(answer.headers["Location"])
    assert (told.headers["Upload-Offset"], told.headers["Upload-Length"]) == ("0", str(len(archive)))
    assert told.headers["Upload-Metadata"] == metadata(filename="data.zip", name="first")["Upload-Metadata"]
    assert told.headers["Cache-Control"] == "no-store"
    assert parsedate_to_datetime(told.headers["Upload-Expires"]) == parsedate_to_datetime(
        answer.headers["Upload-Expires"]
    )


def test_pieces_add_up_and_each_answer_says_how_far(sender: Sender, archive):
    address, half = sender.begun(len(archive)), len(archive) // 2
    assert sender.put(address, archive[:half], 0).headers["Upload-Offset"] == str(half)
    assert sender.offset(address) == half
    answer = sender.put(address, archive[half:], half)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(len(archive)))


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Upload-Length": "-1"}, 400),
        ({"Upload-Length": "many"}, 400),
        ({"Upload-Length": "9" * 30}, 400),
        ({"Upload-Defer-Length": "1"}, 400),
        ({"Upload-Metadata": "filename §§§"}, 400),
        ({"Upload-Metadata": "x " + "A" * 5000}, 400),
        (metadata(sha256="abc"), 400),
    ],
)
def test_a_beginning_that_makes_no_sense_is_refused_in_words(sender: Sender, changed, status):
    headers = VERSION | {"Upload-Length": "100"} | changed
    answer = sender.http.post("/uploads/", headers={name: value.encode("latin-1") for name, value in headers.items()})
    assert answer.status_code == status
    assert len(answer.text) > 20


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"Tus-Resumable": "2.0.0"}, 412),
        ({"Content-Type": "application/octet-stream"}, 415),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": "1000"}, 409),
        ({"Upload-Checksum": "md5 AAAA"}, 400),
        ({"Upload-Checksum": "sha256 !!!"}, 400),
        ({"Upload-Checksum": "sha256 §§§"}, 400),
        ({"Upload-Checksum": "sha256 AAAA"}, 400),
    ],
)
def test_a_piece_that_makes_no_sense_is_refused_and_nothing_of_it_kept(sender: Sender, archive, changed, status):
    address = sender.begun(len(archive))
    headers = VERSION | BYTES | {"Upload-Offset": "0"} | changed
    told = {name: value.encode("latin-1") for name, value in headers.items()}
    assert sender.http.patch(address, content=archive[:1000], headers=told).status_code == status
    assert sender.offset(address) == 0


def test_a_piece_that_begins_elsewhere_is_told_where_to_begin(sender: Sender, archive):
    address = sender.begun(len(archive))
    sender.put(address, archive[:1000], 0)
    answer = sender.put(address, archive[:1000], 0)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, "1000")


def test_more_than_was_announced_is_refused_announced_or_not(sender: Sender, archive):
    address = sender.begun(len(archive))
    sender.put(address, archive[:1000], 0)
    assert sender.put(address, archive[1000:] + b"x", 1000).status_code == 413

    headers = VERSION | BYTES | {"Upload-Offset": "1000"}
    pieces = iter([archive[1000:], b"more", b"and more"])  # sent in chunks, without a length
    assert sender.http.patch(address, content=pieces, headers=headers).status_code == 413
    assert sender.offset(address) == 1000


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
def test_a_piece_with_a_true_checksum_counts_and_one_with_a_false_one_does_not(sender: Sender, archive, algorithm):
    address, half = sender.begun(len(archive)), len(archive) // 2

    def checksum(data: bytes) -> str:
        return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"

    assert sender.put(address, archive[:half], 0, Upload_Checksum=checksum(archive[:half])).status_code == 204
    answer = sender.put(address, archive[half:], half, Upload_Checksum=checksum(archive[:half]))
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (460, str(half))
    assert sender.offset(address) == half
    assert sender.put(address, archive[half:], half, Upload_Checksum=checksum(archive[half:])).status_code == 204


def test_a_small_file_can_come_with_its_beginning(sender: Sender, archive):
    told = VERSION | BYTES | {"Upload-Length": str(len(archive))} | metadata(filename="data.zip")
    answer = sender.http.post("/uploads/", content=archive, headers=told)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, str(len(archive)))
    assert answer.headers["Fixpoint-Dataset"].startswith("/datasets/")


def test_a_client_that_cannot_say_patch_says_it_in_a_header(sender: Sender, archive):
    address = sender.begun(len(archive))
    headers = VERSION | BYTES | {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert sender.http.post(address, content=archive[:1000], headers=headers).status_code == 204
    assert sender.offset(address) == 1000


def test_what_is_discarded_is_gone_with_its_bytes(sender: Sender, site, archive):
    address = sender.begun(len(archive))
    sender.put(address, archive[:1000], 0)
    assert sender.discard(address).status_code == 204
    assert sender.look(address).status_code == sender.put(address, b"PK", 0).status_code == 410
    assert sender.discard(address).status_code == 204
    assert not [path for path in (site.home / "incoming").rglob("*") if address.strip("/")[-36:] in path.name]


def test_what_has_expired_takes_nothing_more_and_is_swept_away(sender: Sender, site, archive):
    address = sender.begun(len(archive))
    sender.put(address, archive[:1000], 0)
    key = address.strip("/")[-36:]
    row = f"from fixpoint.uploads.models import Upload; row = Upload.objects.filter(pk={key!r})\n"
    site.ask(row + "from django.utils import timezone; row.update(expires_at=timezone.now())")

    assert sender.look(address).status_code == 410
    assert sender.put(address, archive[1000:], 1000).status_code == 410
    site.ask("from fixpoint.uploads.jobs import sweep_uploads; sweep_uploads()")

    assert not [path for path in (site.home / "incoming").rglob("*") if key in path.name]
    assert site.ask(row + "print(row.get().ended_at is not None)") == "True"
