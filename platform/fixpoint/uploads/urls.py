"""Addresses of uploads for people; the protocol's own methods at the first two are answered beside Django."""

from django.urls import path

from fixpoint.uploads import views

urlpatterns = [
    path("uploads/", views.unfinished, name="uploads"),
    path("uploads/<uuid:upload_id>/", views.go, name="upload_go"),
    path("uploads/<uuid:upload_id>/discard/", views.discard, name="upload_discard"),
]
