"""Who may do what, and who gets to know what: every address, every method, every kind of person."""
