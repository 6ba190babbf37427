"""The free pre-check: what an accepted dataset's manifest and looks tell, before an entry is spent on it."""
