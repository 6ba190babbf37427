"""A task as a bundle, to keep or to take elsewhere: secret, and for who runs it alone."""

import os
from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.blobs.arriving import taking_folder
from fixpoint.blobs.downloads import StreamedFile
from fixpoint.blobs.store import BlobMissingError
from fixpoint.organizing.acts import What, act_record
from fixpoint.tasks.exporting import bundle_zip
from fixpoint.tasks.models import Task
from fixpoint.tasks.running import runs


@login_required
@never_cache
@require_http_methods(["POST"])
def bundle(request: SignedInRequest, slug: str) -> HttpResponseBase:
    """YAML and zips in one; that it was taken is written down, so it is asked for by POST."""
    task = get_object_or_404(Task, slug=slug)
    if not runs(request.user, task):
        raise Http404
    with taking_folder() as folder:
        target = folder / "bundle.zip"
        try:
            bundle_zip(task, target, folder / "inside")
        except BlobMissingError:
            says = _("A file of this task is lost: run “manage.py doctor”, which says whose it is and what to do.")
            return HttpResponse(says, content_type="text/plain; charset=utf-8", status=HTTPStatus.CONFLICT)
        file = target.open("rb")  # it is read on when its name is gone
    with transaction.atomic():
        act_record(who=request.user, task=task, what=What.EXPORTED)
    response = StreamedFile(
        file, as_attachment=True, filename=f"{slug}-SECRET-bundle.zip", content_type="application/zip"
    )
    response.headers["Content-Length"] = str(os.fstat(file.fileno()).st_size)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
