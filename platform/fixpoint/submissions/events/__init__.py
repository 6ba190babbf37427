"""Entries as they are watched: a stream of events beside Django, one look a second for all who watch."""
