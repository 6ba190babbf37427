"""A folder unless a bucket is named; and what is named by halves fails loudly."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured

from fixpoint.blobs.addresses import read_address
from fixpoint.blobs.configured import blobs_storage

ROOT = Path(__file__).resolve().parents[2]
ON_A_FOLDER = """
import sys, django
django.setup()
from fixpoint.asgi import application
from fixpoint.blobs.store import is_blob, store_place
assert not is_blob("0" * 64)
print(store_place())
print(sorted(name for name in ("boto3", "botocore", "storages", "s3transfer") if name in sys.modules))
"""


@pytest.fixture
def told(monkeypatch):
    for name in [name for name in os.environ if name.startswith("FIXPOINT_S3_")]:
        monkeypatch.delenv(name)

    def tell(**variables: str) -> dict[str, object]:
        for name, value in variables.items():
            monkeypatch.setenv(f"FIXPOINT_S3_{name}", value)
        return blobs_storage("/srv/blobs")["OPTIONS"]

    return tell


def test_without_a_bucket_it_is_a_folder_and_nothing_of_s3_is_imported(tmp_path):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FIXPOINT_S3_")}
    environment |= {
        "FIXPOINT_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "fixpoint.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
    }
    command = [sys.executable, "-c", ON_A_FOLDER]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert answer.stdout.splitlines() == [str(tmp_path / "blobs"), "[]"], answer.stderr


def test_a_store_with_an_address_of_its_own_has_the_bucket_in_the_path(told):
    assert told(BUCKET="blobs", ENDPOINT="https://s3.example.org")["addressing_style"] == "path"


def test_of_amazons_it_has_the_keys_from_where_boto3_looks(told):
    assert "secret_key" not in told(BUCKET="blobs", REGION="eu-central-1")


def test_amazons_addresses_are_of_the_buckets_own_region(told, settings):
    told(BUCKET="blobs", REGION="eu-central-1", ACCESS_KEY="key", SECRET_KEY="secret")
    settings.STORAGES = settings.STORAGES | {"blobs": blobs_storage("")}
    assert urlsplit(read_address("0" * 64)).netloc == "blobs.s3.eu-central-1.amazonaws.com"


def test_the_key_may_stand_in_a_file(told, tmp_path):
    (tmp_path / "key").write_text("a secret\n")
    options = told(BUCKET="blobs", ACCESS_KEY="me", SECRET_KEY_FILE=str(tmp_path / "key"))
    assert options["secret_key"] == "a secret"


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"ACCESS_KEY": "me"}, "Set both"),
        ({"ACCESS_KEY": "me", "SECRET_KEY_FILE": "/nowhere/key"}, "FIXPOINT_S3_SECRET_KEY_FILE is '/nowhere/key'"),
        ({"ENDPOINT": "s3.example.org:9000"}, "FIXPOINT_S3_ENDPOINT is 's3.example.org:9000'"),
        ({"PUBLIC_ENDPOINT": "https://"}, "FIXPOINT_S3_PUBLIC_ENDPOINT is 'https://'"),
        ({"ADDRESSING": "host"}, "FIXPOINT_S3_ADDRESSING is 'host'"),
        ({"TIMEOUT_SECONDS": "soon"}, "FIXPOINT_S3_TIMEOUT_SECONDS"),
        ({"SIGNED_ADDRESSES": "perhaps"}, "FIXPOINT_S3_SIGNED_ADDRESSES"),
    ],
)
def test_what_is_said_by_halves_is_refused_by_name(told, variables, words):
    with pytest.raises(ImproperlyConfigured, match=words):
        told(BUCKET="blobs", **variables)
