"""All addresses of the site; each app keeps its own."""

from django.contrib import admin
from django.urls import include, path

from fixpoint.health import healthz

urlpatterns = [
    path("", include("fixpoint.pages.urls")),
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
