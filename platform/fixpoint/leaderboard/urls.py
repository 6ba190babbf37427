"""Addresses of the app leaderboard."""

from django.urls import path

from fixpoint.leaderboard import views

urlpatterns = [
    path("tasks/<slug:slug>/board/", views.board, name="board"),
    path("tasks/<slug:slug>/board.json", views.board_as_json, name="board-json"),
]
