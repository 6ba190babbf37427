"""The platform's own settings, with one more view and one more middleware, which all views pay for alike."""

from fixpoint.settings import *  # noqa: F403 these are the settings
from fixpoint.settings import MIDDLEWARE as ITS_OWN

ROOT_URLCONF = "tests.benchmarks.boards.urls"
MIDDLEWARE = ["tests.benchmarks.boards.watching.watching", *ITS_OWN]
