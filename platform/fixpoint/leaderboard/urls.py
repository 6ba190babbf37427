"""Addresses of the app leaderboard."""

from django.urls import path

from fixpoint.leaderboard import views

urlpatterns = [path("tasks/<slug:slug>/board/", views.board, name="board")]
