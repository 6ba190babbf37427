"""Addresses of the app submissions; an entry's page joins apps and stands in pages."""

from django.urls import path

from fixpoint.submissions import choosing_views, deletion_views, describing_views, organizer_views, views

urlpatterns = [
    path("datasets/<uuid:dataset_id>/enter/", views.enter, name="enter"),
    path("datasets/deleted/", deletion_views.deleted, name="deleted_datasets"),
    path("datasets/<uuid:dataset_id>/delete/", deletion_views.delete, name="dataset_delete"),
    path("datasets/<uuid:dataset_id>/restore/", deletion_views.restore, name="dataset_restore"),
    path("entries/<uuid:entry_id>/events/", views.events, name="entry_events"),
    path("entries/<uuid:entry_id>/cancel/", views.cancel, name="entry_cancel"),
    path("entries/<uuid:entry_id>/again/", views.again, name="entry_again"),
    path("entries/<uuid:entry_id>/describe/", describing_views.describe, name="entry_describe"),
    path("entries/<uuid:entry_id>/rerun/", organizer_views.rerun, name="entry_rerun"),
    path("entries/<uuid:entry_id>/choose/", choosing_views.choose, name="entry_choose"),
    path("entries/<uuid:entry_id>/unchoose/", choosing_views.unchoose, name="entry_unchoose"),
    path("entries/<uuid:entry_id>/withdraw/", choosing_views.withdraw, name="entry_withdraw"),
    path("entries/<uuid:entry_id>/restore/", choosing_views.restore, name="entry_restore"),
    path("entries/<uuid:entry_id>/disqualify/", organizer_views.disqualify, name="entry_disqualify"),
    path("entries/<uuid:entry_id>/reinstate/", organizer_views.reinstate, name="entry_reinstate"),
]
