"""Signed standings: anybody can check them with the public key, and every change is seen."""

import base64
import json
import subprocess

import pytest
from django.core.management import CommandError, call_command

from fixpoint.leaderboard.freezing import standings_freeze
from fixpoint.leaderboard.models import Revision
from fixpoint.leaderboard.signing import SignatureError, public_key, sign, verify
from fixpoint.tasks.models import Task
from tests.pages.rows import entry_of, scored

ED25519_DER = bytes.fromhex("302a300506032b6570032100")
"""What stands before the 32 bytes of a public key (RFC 8410)."""


def unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.fixture
def revision(rows, owner, task) -> Revision:
    scored(entry_of(rows.accepted_dataset(owner, task)))
    Task.objects.filter(pk=task.pk).update(status="closed")
    return standings_freeze(task_id=task.pk)


def test_what_was_signed_comes_back_with_the_key_that_signed():
    found = verify(sign(b'{"a": 1}'), [public_key()])

    assert (found.payload, found.kid) == (b'{"a": 1}', public_key()["kid"])


def test_the_private_half_is_in_nothing_that_is_told():
    assert "d" not in public_key()
    assert set(json.loads(sign(b"x"))) == {"payload", "protected", "signature"}


@pytest.mark.parametrize("part", ["payload", "protected", "signature"])
def test_a_change_of_any_part_is_seen(part):
    signed = json.loads(sign(b'{"rank": 2}'))
    data = bytearray(unpacked(signed[part]))
    for at in range(len(data)):
        changed = bytes(data[:at]) + bytes([data[at] ^ 1]) + bytes(data[at + 1 :])
        with pytest.raises(SignatureError):
            verify(json.dumps(signed | {part: packed(changed)}), [public_key()])


def test_a_header_without_a_signature_or_by_a_shared_secret_is_refused():
    signed = json.loads(sign(b'{"rank": 1}'))
    for algorithm in ("none", "HS256", "EdDSA"):
        header = packed(json.dumps({"alg": algorithm, "kid": public_key()["kid"]}).encode())
        with pytest.raises(SignatureError):
            verify(json.dumps(signed | {"protected": header, "signature": ""}), [public_key()])


@pytest.mark.parametrize("junk", ["", "[]", "{}", "null", "1", '{"payload": 1, "protected": 2, "signature": 3}'])
def test_what_is_no_signed_document_is_said_to_be_none(junk):
    with pytest.raises(SignatureError):
        verify(junk, [public_key()])


def test_another_installations_key_does_not_fit(settings):
    signed = sign(b"x")
    settings.SIGNING_KEY = "another secret, as long as it may be"

    with pytest.raises(SignatureError, match="no key that is known here"):
        verify(signed, [public_key()])


def test_standings_signed_by_a_former_key_can_still_be_checked(revision, client, settings):
    settings.SIGNING_KEY = "drawn anew"

    keys = client.get("/standings/keys.json").json()["keys"]

    assert [each["kid"] for each in keys] == [revision.key["kid"], public_key()["kid"]]
    assert verify(revision.signed, keys).payload == revision.body.encode()


def test_the_site_gives_the_same_document_plain_and_signed(revision, client, task):
    plain = client.get(f"/tasks/{task.slug}/standings.json")
    signed = client.get(f"/tasks/{task.slug}/standings.jws.json?revision=1")
    keys = client.get("/standings/keys.json").json()["keys"]

    assert verify(signed.content, keys).payload == plain.content == revision.body.encode()
    assert plain["ETag"] == f'"{revision.sha256}"'
    assert client.get(f"/tasks/{task.slug}/standings.json?revision=2").status_code == 404


def test_the_command_says_unchanged_of_the_files_as_downloaded_and_what_they_are(
    revision, client, task, tmp_path, capsys
):
    file, keys = tmp_path / "standings.jws.json", tmp_path / "keys.json"
    file.write_bytes(client.get(f"/tasks/{task.slug}/standings.jws.json").content)
    keys.write_bytes(client.get("/standings/keys.json").content)

    call_command("standings", "verify", str(file), keys=keys)
    said = capsys.readouterr().out

    assert "Unchanged" in said
    assert "revision 1" in said
    assert "First by accuracy: owner, 0.7500." in said
    call_command("standings", "verify", str(file))
    assert capsys.readouterr().out == said


def test_the_command_sees_one_changed_score(revision, tmp_path):
    signed = json.loads(revision.signed)
    body = unpacked(signed["payload"]).replace(b'"accuracy":0.75', b'"accuracy":0.85')
    assert body != unpacked(signed["payload"])
    file = tmp_path / "changed.json"
    file.write_text(json.dumps(signed | {"payload": packed(body)}))

    with pytest.raises(CommandError, match="does not hold"):
        call_command("standings", "verify", str(file))


def test_openssl_alone_checks_it_as_the_docs_say(revision, client, tmp_path):
    signed, key = json.loads(revision.signed), client.get("/standings/keys.json").json()["keys"][0]
    (tmp_path / "key.der").write_bytes(ED25519_DER + unpacked(key["x"]))
    (tmp_path / "signature").write_bytes(unpacked(signed["signature"]))
    command = ("openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", "key.der", "-sigfile",
               "signature", "-in", "signed")  # fmt: skip

    for payload, holds in ((signed["payload"], True), (packed(b"{}"), False)):
        (tmp_path / "signed").write_text(f"{signed['protected']}.{payload}")
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
        assert (done.returncode == 0) is holds, done.stderr
