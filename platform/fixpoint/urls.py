"""All addresses of the site; each app keeps its own."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from fixpoint.accounts.pace_page import too_fast
from fixpoint.asked_by_programs import favicon, robots
from fixpoint.error_pages import bad_request, forbidden, not_found
from fixpoint.health import healthz

# Otherwise the admin has a door of its own, at which passwords can be tried without a brake.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler400, handler403, handler404 = bad_request, forbidden, not_found
handler429 = too_fast
"""By this name allauth finds it."""

# Boards come first: they are asked for most, and every address before them is tried each time.
urlpatterns = [
    path("", include("fixpoint.leaderboard.urls")),
    path("", include("fixpoint.accounts.urls")),
    path("", include("fixpoint.pages.urls")),
    path("", include("fixpoint.organizing.wizard_urls")),
    path("", include("fixpoint.organizing.urls")),
    path("", include("fixpoint.tasks.urls")),
    path("", include("fixpoint.datasets.urls")),
    path("", include("fixpoint.uploads.urls")),
    path("", include("fixpoint.submissions.urls")),
    path("", include("fixpoint.dispatch.urls")),
    path("healthz", healthz),
    path("favicon.ico", favicon),
    path("robots.txt", robots),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
