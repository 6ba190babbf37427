"""Addresses of the app submissions; an entry's page joins apps and stands in pages."""

from django.urls import path

from fixpoint.submissions import choosing_views, describing_views, views

urlpatterns = [
    path("datasets/<uuid:dataset_id>/enter/", views.enter, name="enter"),
    path("entries/<uuid:entry_id>/events/", views.events, name="entry_events"),
    path("entries/<uuid:entry_id>/again/", views.again, name="entry_again"),
    path("entries/<uuid:entry_id>/describe/", describing_views.describe, name="entry_describe"),
    path("entries/<uuid:entry_id>/choose/", choosing_views.choose, name="entry_choose"),
    path("entries/<uuid:entry_id>/unchoose/", choosing_views.unchoose, name="entry_unchoose"),
    path("entries/<uuid:entry_id>/withdraw/", choosing_views.withdraw, name="entry_withdraw"),
    path("entries/<uuid:entry_id>/restore/", choosing_views.restore, name="entry_restore"),
]
