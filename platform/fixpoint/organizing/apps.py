"""Names the app `organizing` to Django."""

from django.apps import AppConfig


class OrganizingConfig(AppConfig):
    """See docs/architecture.md for what this app is for."""

    name = "fixpoint.organizing"
