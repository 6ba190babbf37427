"""Names the app `uploads` to Django."""

from django.apps import AppConfig


class UploadsConfig(AppConfig):
    """See docs/architecture.md for what this app is for."""

    name = "fixpoint.uploads"
