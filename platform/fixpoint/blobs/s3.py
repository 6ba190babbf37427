"""The store in a bucket of S3: django-storages, with one client for all threads, reads in pieces, one kind of error."""

import io
import threading
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage

from fixpoint.blobs.away import StoreAwayError
from fixpoint.blobs.ranged import Ranged

_MIB = 2**20
PART_BYTES = 16 * _MIB
"""Of an upload in parts, which a larger file becomes; 10,000 of them are allowed."""
LONGEST_SECONDS = 7 * 24 * 3600
"""No signed address of S3 lives longer."""
_CONNECT_SECONDS = 3
_ATTEMPTS = 3
_THREADS = 4


class S3Blobs(S3Storage):  # type: ignore[misc]  # django-storages has no types
    """Raises FileNotFoundError for what is not there, and StoreAwayError for all else that a store may answer."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"transfer_config": _transfer(), "client_config": _client_config(options), **options})
        self._lock = threading.Lock()
        self._shared: Any = None
        self._signer: Any = None

    def get_default_settings(self) -> dict[str, Any]:
        """Those of django-storages, and ours: where workers reach the bucket, and whether they are to."""
        ours = {"public_endpoint_url": None, "signs_addresses": True, "timeout_seconds": 20}
        return {**super().get_default_settings(), **ours}

    @property
    def place(self) -> str:
        """Where it is, for a person."""
        return f"s3://{self.bucket_name}/{self.location} at {self.endpoint_url or 'AWS'}"

    @property
    def connection(self) -> Any:
        """One for all: a client is safe to share and takes 0.1 s to make, and every page has a thread of its own."""
        with self._lock:
            if self._shared is None:
                self._shared = super().connection
            return self._shared

    def signed_address(self, name: str, *, seconds: int) -> str:
        """Whoever holds it reads this file straight from the store, for a while; "" where that is switched off."""
        if not self.signs_addresses:
            return ""
        what = {"Bucket": self.bucket_name, "Key": self._normalize_name(name)}
        with _answered(name):
            address = self._signing().generate_presigned_url(
                "get_object", Params=what, ExpiresIn=min(seconds, LONGEST_SECONDS)
            )
        return str(address)

    def exists(self, name: str) -> bool:
        """Whether it is there."""
        with _answered(name):
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        """In bytes."""
        with _answered(name):
            return int(super().size(name))

    def delete(self, name: str) -> None:
        """Forget it; what is not there is no error."""
        with _answered(name):
            super().delete(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        """Folders and files."""
        with _answered(name):
            folders, files = super().listdir(name)
        return folders, files

    def get_modified_time(self, name: str) -> datetime:
        """When it was stored."""
        with _answered(name):
            stored: datetime = super().get_modified_time(name)
        return stored

    def _open(self, name: str, mode: str = "rb") -> io.BufferedReader:
        if mode != "rb":
            raise ValueError(f"A blob is opened for reading, and not {mode!r}.")
        # django-storages copies the whole object to memory or to the disk before the first byte can be read.
        key = self._normalize_name(name)
        return io.BufferedReader(Ranged(lambda start, length: self._fetch(key, start, length)), _MIB)

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]  # generic in the stubs only
        if not hasattr(content, "temporary_file_path"):
            with _answered(name):
                return str(super()._save(name, content))
        # By its path: parts are read from the disk as they are sent, and not held in memory.
        key = self._normalize_name(name)
        kind = {"ContentType": self.default_content_type}
        with _answered(name):
            self.connection.meta.client.upload_file(
                content.temporary_file_path(), self.bucket_name, key, ExtraArgs=kind, Config=self.transfer_config
            )
        return name

    def _fetch(self, key: str, start: int, length: int) -> tuple[bytes, int]:
        with _answered(key):
            try:
                answer = self.connection.meta.client.get_object(
                    Bucket=self.bucket_name, Key=key, Range=f"bytes={start}-{start + length - 1}"
                )
            except ClientError as error:
                if _status(error) == 416 and start == 0:  # of an empty file there is no range
                    return b"", 0
                raise
            if "ContentRange" not in answer and answer["ContentLength"] > length:
                raise StoreAwayError("The store does not know ranges.")
            size = int(answer.get("ContentRange", f"/{answer['ContentLength']}").rpartition("/")[2])
            return answer["Body"].read(), size

    def _signing(self) -> Any:
        client = self.connection.meta.client
        if not self.public_endpoint_url:
            return client
        with self._lock:
            if self._signer is None:
                self._signer = self._create_session().client(
                    "s3", region_name=self.region_name, endpoint_url=self.public_endpoint_url, config=self.client_config
                )
            return self._signer


@contextmanager
def _answered(name: str) -> Generator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if _status(error) == 404 and code != "NoSuchBucket":
            raise FileNotFoundError(name) from error
        raise StoreAwayError(f"The store answered {_status(error)}, {code}.") from error
    except (BotoCoreError, Boto3Error) as error:
        raise StoreAwayError(f"{type(error).__name__}: {error}") from error


def _status(error: ClientError) -> int:
    return int(error.response["ResponseMetadata"]["HTTPStatusCode"])


def _transfer() -> TransferConfig:
    return TransferConfig(
        multipart_threshold=4 * PART_BYTES,
        multipart_chunksize=PART_BYTES,
        max_concurrency=_THREADS,
        preferred_transfer_client="classic",  # the same whether or not Amazon's C library is installed
    )


def _client_config(options: dict[str, Any]) -> Config:
    return Config(
        signature_version="s3v4",
        s3={"addressing_style": options.get("addressing_style") or "auto"},
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=options.get("timeout_seconds", 20),
        retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
        max_pool_connections=32,
        # Servers other than Amazon's do not all know the checksums that boto3 adds by itself; blobs have their sha256.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
