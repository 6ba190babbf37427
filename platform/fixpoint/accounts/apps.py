"""Names the app `accounts` to Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """See docs/architecture.md for what this app is for."""

    name = "fixpoint.accounts"
