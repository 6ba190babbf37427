"""Names the app `tasks` to Django."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """See docs/architecture.md for what this app is for."""

    name = "fixpoint.tasks"
