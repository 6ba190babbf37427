"""The content-addressed store and its signed addresses."""
