"""Addresses of making and changing tasks; before `/organize/<slug>/`, as `new` is no task's slug."""

from django.urls import path

from fixpoint.organizing.wizard import bundle_views, people_views, settings_views, views

urlpatterns = [
    path("organize/new/", views.drafts, name="drafts"),
    path("organize/new/<uuid:draft_id>/delete/", views.delete, name="draft_delete"),
    path("organize/new/<uuid:draft_id>/restore/", views.restore, name="draft_restore"),
    path("organize/new/<uuid:draft_id>/<slug:name>/", views.step, name="draft"),
    path("organize/<slug:slug>/publish/", views.publish, name="publish"),
    path("organize/<slug:slug>/settings/", settings_views.settings, name="task_settings"),
    path("organize/<slug:slug>/people/", people_views.people, name="people"),
    path("join/<uuid:key>/", people_views.join, name="join"),
    path("organize/<slug:slug>/bundle.zip", bundle_views.bundle, name="bundle"),
]
