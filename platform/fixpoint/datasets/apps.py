"""Names the app `datasets` to Django."""

from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    """See docs/architecture.md for what this app is for."""

    name = "fixpoint.datasets"
