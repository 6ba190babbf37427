"""Uploads and what they are worth."""
