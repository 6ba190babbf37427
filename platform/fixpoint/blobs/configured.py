"""Where blobs are kept, from the environment: a folder, or a bucket of S3 where one is named."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from fixpoint import env

_ADDRESSING = ("path", "virtual", "auto")


def blobs_storage(folder: str) -> dict[str, Any]:
    """The entry of STORAGES. Nothing of S3 is imported before a bucket is used."""
    bucket = env.text("FIXPOINT_S3_BUCKET", "")
    if not bucket:
        location = env.text("FIXPOINT_BLOBS", folder)
        options = {"location": location, "allow_overwrite": True}
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    endpoint = _address("FIXPOINT_S3_ENDPOINT")
    # Without an address it is Amazon's, which wants the bucket in the host's name. "auto" would sign addresses of
    # us-east-1, whatever the region, and those are answered with a redirect.
    addressing = env.text("FIXPOINT_S3_ADDRESSING", "path" if endpoint else "virtual")
    if addressing not in _ADDRESSING:
        raise ImproperlyConfigured(f"FIXPOINT_S3_ADDRESSING is {addressing!r}: write one of {', '.join(_ADDRESSING)}.")
    options = {
        "bucket_name": bucket,
        "endpoint_url": endpoint or None,
        "public_endpoint_url": _address("FIXPOINT_S3_PUBLIC_ENDPOINT") or None,
        "signs_addresses": env.flag("FIXPOINT_S3_SIGNED_ADDRESSES", default=True),
        "region_name": env.text("FIXPOINT_S3_REGION", "us-east-1"),
        "location": env.text("FIXPOINT_S3_PREFIX", "").strip("/"),
        "addressing_style": addressing,
        "verify": env.text("FIXPOINT_S3_CA_FILE", "") or None,
        "timeout_seconds": env.number("FIXPOINT_S3_TIMEOUT_SECONDS", 20),
    }
    return {"BACKEND": "fixpoint.blobs.s3.S3Blobs", "OPTIONS": options | _keys()}


def _address(name: str) -> str:
    address = env.text(name, "")
    parts = urlsplit(address)
    if address and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ImproperlyConfigured(f"{name} is {address!r}: write https://host or https://host:port.")
    return address


def _keys() -> dict[str, str]:
    """None at all leaves the search to boto3: a role of the machine, or its own files and variables."""
    keys = {"access_key": env.secret("FIXPOINT_S3_ACCESS_KEY"), "secret_key": env.secret("FIXPOINT_S3_SECRET_KEY")}
    if not any(keys.values()):
        return {}
    if not all(keys.values()):
        raise ImproperlyConfigured("Set both FIXPOINT_S3_ACCESS_KEY and FIXPOINT_S3_SECRET_KEY, or neither.")
    return keys
