"""Names the app `leaderboard` to Django."""

from django.apps import AppConfig


class LeaderboardConfig(AppConfig):
    """See docs/architecture.md for what this app is for."""

    name = "fixpoint.leaderboard"
