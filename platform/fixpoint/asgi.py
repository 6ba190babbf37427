"""The ASGI application that uvicorn serves."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.utils.module_loading import import_string

from fixpoint.body_limit import Scope, with_body_limit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fixpoint.settings")


def _most_bytes(scope: Scope) -> int:
    """An archive and a worker's output may be large: both are asked for leave first. All else is a form or a report."""
    is_output = scope["method"] == "PUT" and scope["path"].startswith(_outputs)
    is_large = is_output or _is_form(scope) or _is_wizards(scope)
    return settings.MAX_BODY_BYTES if is_large else settings.MAX_FORM_BYTES


def _most_bytes_at_all(_scope: Scope) -> int:
    return settings.MAX_BODY_BYTES


_django = get_asgi_application()
# By name: they know models, which can be imported only now that Django has begun.
_outputs = import_string("fixpoint.dispatch.channel.OUTPUTS")
_with_events = import_string("fixpoint.submissions.events.application.with_events")
_with_channel = import_string("fixpoint.dispatch.channel.with_channel")
_with_uploads = import_string("fixpoint.uploads.application.with_uploads")
_with_admission = import_string("fixpoint.uploads.admission.with_admission")
_is_form = import_string("fixpoint.uploads.admission.is_form")
_with_wizard = import_string("fixpoint.organizing.wizard.door.with_wizard")
_too_large_told = import_string("fixpoint.refusal_page.too_large_told")
_is_wizards = import_string("fixpoint.organizing.wizard.door.is_wizards")

# What is asked at an upload's address and is no word of its protocol is a form like any other, and not let in large.
_pages = with_body_limit(
    _with_wizard(_with_admission(_with_channel(_with_events(_django))), most_unasked=settings.MAX_FORM_BYTES),
    max_bytes=_most_bytes,
    told=_too_large_told,
)

application = with_body_limit(_with_uploads(_pages), max_bytes=_most_bytes_at_all, told=_too_large_told)
