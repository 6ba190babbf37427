"""Addresses of the app submissions."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
