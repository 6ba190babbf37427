"""Addresses of the app leaderboard."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
