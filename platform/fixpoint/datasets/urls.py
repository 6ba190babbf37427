"""Addresses of the app datasets."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
