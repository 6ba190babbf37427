"""The ASGI application that uvicorn serves."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from fixpoint.body_limit import with_body_limit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fixpoint.settings")

application = with_body_limit(get_asgi_application(), max_bytes=settings.MAX_BODY_BYTES)
