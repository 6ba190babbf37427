"""What is raised when the store cannot be asked: whoever wanted something of it asks again."""


class StoreAwayError(Exception):
    """The store does not answer, or says that it cannot: nothing is known of the blob. Its words are for operators."""
