"""Addresses of the app tasks."""

from django.urls import path

from fixpoint.tasks import views

urlpatterns = [
    path("tasks/<slug:slug>/label-book.png", views.label_book, name="label_book"),
    path("tasks/<slug:slug>/kit.zip", views.kit, name="kit"),
    path("tasks/<slug:slug>/data.zip", views.training_data, name="training_data"),
]
