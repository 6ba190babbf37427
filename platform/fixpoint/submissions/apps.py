"""Names the app `submissions` to Django."""

from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    """See docs/architecture.md for what this app is for."""

    name = "fixpoint.submissions"
