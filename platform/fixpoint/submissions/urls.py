"""Addresses of the app submissions; an entry's page joins apps and stands in pages."""

from django.urls import path

from fixpoint.submissions import views

urlpatterns = [
    path("datasets/<uuid:dataset_id>/enter/", views.enter, name="enter"),
    path("entries/<uuid:entry_id>/cancel/", views.cancel, name="entry_cancel"),
]
