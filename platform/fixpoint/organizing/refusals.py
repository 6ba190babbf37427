"""What an organizer is told who wants something that cannot be."""


class ActRefusedError(Exception):
    """It cannot be done; the message says why and what to do."""
