"""Addresses of the workers' channel."""

from django.urls import path

from fixpoint.dispatch import views

urlpatterns = [
    path("api/worker/terms", views.terms),
    path("api/worker/hello", views.hello),
    path("api/worker/claim", views.claim),
    path("api/worker/attempts/<str:subject_id>/<int:number>/heartbeat", views.heartbeat),
    path("api/worker/attempts/<str:subject_id>/<int:number>/report", views.report),
    path("api/worker/outputs/<str:token>", views.output),
    path("blobs/<str:token>", views.blob),
]
