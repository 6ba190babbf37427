"""What a worker's question can be answered with instead of a yes."""


class FencedError(Exception):
    """This worker holds no such attempt any more: it must stop and clean up."""


class NotClaimableError(Exception):
    """The attempt is over, superseded, or another worker's: the job is to be dropped quietly."""


class PassedOnError(NotClaimableError):
    """Another worker is asked first: the job is dropped here, and sent again."""


class MismatchError(Exception):
    """Worker and platform do not speak of the same contract or recipe, or the worker lacks what the job needs."""
