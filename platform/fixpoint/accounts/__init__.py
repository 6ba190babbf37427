"""Who: users and their roles."""
