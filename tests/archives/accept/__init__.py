"""Archives that must be accepted, one line a kind."""
