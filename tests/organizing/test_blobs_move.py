"""A folder store moves into a bucket: whole blobs once, damaged ones named, the folder left as it was."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from fixpoint.blobs.store import blob_read, blob_take, store_folder


def moved(*options: str) -> str:
    said = StringIO()
    call_command("blobs_move", *options, stdout=said, stderr=said)
    return said.getvalue()


@pytest.fixture
def folder(settings, tmp_path):
    """A store of two blobs, as it was before there was a bucket."""
    for data in (b"one", b"two"):
        (tmp_path / "arriving").write_bytes(data)
        blob_take(tmp_path / "arriving")
    return store_folder()


def files(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*/*")}


def test_a_store_that_is_a_folder_is_no_place_to_move_to(folder):
    with pytest.raises(CommandError, match="set FIXPOINT_S3_BUCKET first"):
        moved("--from", str(folder), "--apply")


@pytest.mark.s3
def test_it_is_copied_once_and_the_folder_stays(folder, request, object_store):
    bucket = request.getfixturevalue("bucket")
    before = files(folder)
    assert "2 blobs, 0.0 MiB to be copied (--apply copies)" in moved("--from", str(folder))
    assert object_store.client().list_objects_v2(Bucket=bucket)["KeyCount"] == 0
    assert "2 blobs, 0.0 MiB copied" in moved("--from", str(folder), "--apply")
    assert {name: blob_read(name, at_most=3) for name in before} == before
    again = moved("--from", str(folder), "--apply")
    assert "0 blobs, 0.0 MiB copied\n2 blobs, 0.0 MiB there already" in again
    assert files(folder) == before


@pytest.mark.s3
def test_a_damaged_file_is_named_and_not_copied(folder, request, object_store):
    bucket = request.getfixturevalue("bucket")
    [damaged, whole] = sorted(folder.glob("*/*"))
    damaged.write_bytes(b"rot")
    (folder / "probe-left").write_bytes(b"x")
    with pytest.raises(CommandError, match="1 files are not what their names say"):
        moved("--from", str(folder), "--apply")
    [key] = [each["Key"] for each in object_store.client().list_objects_v2(Bucket=bucket)["Contents"]]
    assert key == f"{whole.parent.name}/{whole.name}"
