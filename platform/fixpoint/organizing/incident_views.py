"""Writing incidents: for everybody who runs tasks, as all of them answer for the site."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.organizing.forms import IncidentForm
from fixpoint.organizing.incidents import incident_begin, incident_tell, incident_withdraw
from fixpoint.organizing.models import Incident
from fixpoint.organizing.refusals import ActRefusedError

_LISTED = 50


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def incidents(request: SignedInRequest) -> HttpResponse:
    """All of them, and the form for the next."""
    _expect_organizer(request)
    form = IncidentForm(request.POST or None, initial={"began_at": timezone.now()})
    if request.method == "POST" and form.is_valid():
        try:
            incident = incident_begin(who=request.user, **form.cleaned_data)
        except ActRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _where_it_stands(incident))
            return redirect("incidents")
    return _page(request, form)


@login_required
@never_cache
@require_POST
def tell(request: SignedInRequest, number: int) -> HttpResponse:
    """Say more of one, or that it is over."""
    incident = _incident_or_404(request, number)
    try:
        incident_tell(
            incident=incident, text=request.POST.get("text", ""), ends="ends" in request.POST, who=request.user
        )
    except ActRefusedError as refusal:
        messages.error(request, str(refusal))
        return _page(request, IncidentForm(initial={"began_at": timezone.now()}), refused=incident)
    messages.success(request, _("It stands on the status page."))
    return redirect("incidents")


@login_required
@require_POST
def withdraw(request: SignedInRequest, number: int) -> HttpResponse:
    """Off the status page and every banner, where it is meant."""
    incident = _incident_or_404(request, number)
    if not request.POST.get("is_meant"):
        messages.error(request, _("It is not withdrawn: tick that it never was one."))
        return redirect("incidents")
    try:
        incident_withdraw(incident=incident)
    except ActRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Nobody else sees it any more."))
    return redirect("incidents")


def _where_it_stands(incident: Incident) -> str:
    if incident.began_at > timezone.now():
        return _("It stands on the status page. The banner on every page comes when it begins.")
    return _("It stands on the status page, and in a banner on every page.")


def _page(request: SignedInRequest, form: IncidentForm, *, refused: Incident | None = None) -> HttpResponse:
    """What was typed of the `refused` one stays to be mended."""
    known = Incident.objects.select_related("author").prefetch_related("updates__author")[:_LISTED]
    context = {"form": form, "incidents": known, "refused": refused, "typed": request.POST.get("text", "")}
    return render(request, "organizing/incidents.html", context)


def _incident_or_404(request: SignedInRequest, number: int) -> Incident:
    _expect_organizer(request)
    return get_object_or_404(Incident, pk=number)


def _expect_organizer(request: SignedInRequest) -> None:
    if not request.user.is_organizer:
        raise Http404
