"""Addresses of the app datasets; a dataset's page joins apps and stands in pages."""

from django.urls import path

from fixpoint.datasets import views

urlpatterns = [
    path("datasets/new/", views.upload, name="upload"),
    path("datasets/<uuid:dataset_id>/cancel/", views.cancel, name="dataset_cancel"),
    path("datasets/<uuid:dataset_id>/sheet.png", views.sheet, name="dataset_sheet"),
    path("datasets/<uuid:dataset_id>/reasons.csv", views.reasons, name="dataset_reasons"),
]
