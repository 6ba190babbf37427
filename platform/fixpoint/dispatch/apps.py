"""Names the app `dispatch` to Django."""

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """See docs/architecture.md for what this app is for."""

    name = "fixpoint.dispatch"
