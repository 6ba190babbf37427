"""Resumable uploads against a real web server, with real clients and real kills."""
