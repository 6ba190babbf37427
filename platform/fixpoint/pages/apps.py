"""Names the app `pages` to Django."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """See docs/architecture.md for what this app is for."""

    name = "fixpoint.pages"
