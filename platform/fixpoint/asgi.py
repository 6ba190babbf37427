"""The ASGI application that uvicorn serves."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.utils.module_loading import import_string

from fixpoint.body_limit import with_body_limit
from fixpoint.dispatch.channel import with_channel

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fixpoint.settings")

_LARGE = ("/datasets/new/", "/api/worker/outputs/")
"""Where an archive or a worker's output arrives; everything else is a form or a report."""


def _most_bytes(path: str) -> int:
    return settings.MAX_BODY_BYTES if path.startswith(_LARGE) else settings.MAX_FORM_BYTES


def _most_bytes_at_all(_path: str) -> int:
    return settings.MAX_BODY_BYTES


_django = get_asgi_application()
# By name: it knows models, which can be imported only now that Django has begun.
_with_uploads = import_string("fixpoint.uploads.application.with_uploads")

# What is asked at an upload's address and is no word of its protocol is a form like any other, and not let in large.
_pages = with_body_limit(with_channel(_django), max_bytes=_most_bytes)

application = with_body_limit(_with_uploads(_pages), max_bytes=_most_bytes_at_all)
