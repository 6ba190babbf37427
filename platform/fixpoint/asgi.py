"""The ASGI application that uvicorn serves."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from fixpoint.body_limit import with_body_limit
from fixpoint.dispatch.channel import with_channel

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fixpoint.settings")

_LARGE = ("/datasets/new/", "/api/worker/outputs/")
"""Where an archive or a worker's output arrives; everything else is a form or a report."""


def _most_bytes(path: str) -> int:
    return settings.MAX_BODY_BYTES if path.startswith(_LARGE) else settings.MAX_FORM_BYTES


application = with_body_limit(with_channel(get_asgi_application()), max_bytes=_most_bytes)
