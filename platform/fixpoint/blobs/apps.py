"""Names the store to Django: it keeps a list of blobs that are about to go, and when it was last looked through."""

from django.apps import AppConfig


class BlobsConfig(AppConfig):
    """See docs/architecture.md for what this part is for."""

    name = "fixpoint.blobs"
