"""How emissions are measured, with every constant: what do these numbers mean?"""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fixpoint.energy.constants import CALIBRATION, GRID_G_PER_KWH, PUE
from fixpoint.energy.grids import grid_range
from fixpoint.energy.judging import SHORTEST, SIGMAS, SPREADS
from fixpoint.energy.levels import LEVELS
from fixpoint.pages.cost import CAR_G_PER_KM
from fixpoint.pages.shared import shared


@require_safe
def emissions(request: HttpRequest) -> HttpResponseBase:
    """One page, the same for everybody."""
    context = {
        "calibration": CALIBRATION,
        "grid": GRID_G_PER_KWH,
        "pue": PUE,
        "car_g_per_km": CAR_G_PER_KM,
        "levels": LEVELS,
        "sigmas": SIGMAS,
        "shortest": SHORTEST,
        "spreads": [(version, host, spread) for (version, host), spread in SPREADS.items()],
        "grids": grid_range(1.0, PUE),
    }
    return shared(request, render(request, "pages/emissions.html", context), is_public=True)
