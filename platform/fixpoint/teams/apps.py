"""Names the app `teams` to Django."""

from django.apps import AppConfig


class TeamsConfig(AppConfig):
    """See docs/architecture.md for what this app is for."""

    name = "fixpoint.teams"
