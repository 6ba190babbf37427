"""Addresses of the app leaderboard."""

from django.urls import path

from fixpoint.leaderboard import standings_views, views

urlpatterns = [
    path("tasks/<slug:slug>/board/", views.board, name="board"),
    path("tasks/<slug:slug>/board.json", views.board_as_json, name="board-json"),
    path("tasks/<slug:slug>/standings/", standings_views.standings, name="standings"),
    path("tasks/<slug:slug>/standings.json", standings_views.document, name="standings_json"),
    path("tasks/<slug:slug>/standings.jws.json", standings_views.signed, name="standings_signed"),
    path("standings/keys.json", standings_views.keys, name="standings_keys"),
]
