"""All addresses of the site; each app keeps its own."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from fixpoint.health import healthz

# Otherwise the admin has a door of its own, at which passwords can be tried without a brake.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include("fixpoint.pages.urls")),
    path("", include("fixpoint.organizing.wizard_urls")),
    path("", include("fixpoint.organizing.urls")),
    path("", include("fixpoint.tasks.urls")),
    path("", include("fixpoint.datasets.urls")),
    path("", include("fixpoint.uploads.urls")),
    path("", include("fixpoint.submissions.urls")),
    path("", include("fixpoint.leaderboard.urls")),
    path("", include("fixpoint.dispatch.urls")),
    path("healthz", healthz),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
