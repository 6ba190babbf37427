"""Large blobs on S3: in parts on their way in, in pieces on their way out, and never in memory as a whole."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fixpoint.blobs.s3 import PART_BYTES
from fixpoint.blobs.store import blob_open, blob_take, digest_of

pytestmark = pytest.mark.s3
ROOT = Path(__file__).resolve().parents[2]
MIB = 2**20
PEAKS = """
import os, resource, sys
from pathlib import Path
import django
django.setup()
from fixpoint.blobs.store import blob_open, blob_take, digest_of

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

def through(path, mebibytes):
    block = os.urandom(2**20)
    with path.open("wb") as file:
        for number in range(mebibytes):
            file.write(number.to_bytes(8, "big") + block[8:])
    stored = blob_take(path)
    with blob_open(stored.sha256) as file:
        assert digest_of(file) == stored
    return stored.size

path = Path(sys.argv[1])
through(path, 80)  # in parts already: what a program of several threads takes once is taken
before = peak()
print(through(path, 200) // 2**20, peak() - before)
"""


def test_200_mib_go_in_and_out_in_constant_memory(bucket, object_store, tmp_path):
    environment = os.environ | object_store.variables(bucket)
    environment |= {
        "FIXPOINT_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "fixpoint.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
    }
    command = [sys.executable, "-c", PEAKS, str(tmp_path / "arriving")]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=500)
    assert answer.returncode == 0, answer.stderr
    mebibytes, more = map(int, answer.stdout.split())
    assert mebibytes == 200
    assert more < 16, more


def test_what_is_larger_than_some_parts_goes_in_as_parts_and_comes_out_whole(bucket, object_store, tmp_path):
    path = tmp_path / "arriving"
    path.write_bytes(os.urandom(MIB) * (4 * PART_BYTES // MIB) + b"and one byte more than parts begin at")
    stored = blob_take(path)
    # Of an object in parts S3 tells so in its tag.
    tag = object_store.client().head_object(Bucket=bucket, Key=f"{stored.sha256[:2]}/{stored.sha256}")["ETag"]
    assert tag.endswith('-5"')
    with blob_open(stored.sha256) as file:
        assert digest_of(file) == stored
