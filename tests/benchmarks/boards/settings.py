"""The platform's own settings, with one more view and one more middleware, which all views pay for alike."""

from fixpoint.settings import *  # noqa: F403 these are the settings
from fixpoint.settings import MIDDLEWARE as ITS_OWN
from fixpoint.settings import PACES as THEIR_OWN

ROOT_URLCONF = "tests.benchmarks.boards.urls"
MIDDLEWARE = ["tests.benchmarks.boards.watching.watching", *ITS_OWN]
PACES = {kind: (10**9, seconds) for kind, (_, seconds) in THEIR_OWN.items()}
"""One address asks for all: the brake counts as ever and does not bite."""
