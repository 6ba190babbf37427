"""Geometry of the pictures: pure functions from numbers to coordinates."""
