"""Archives that must be refused, one line a kind."""
