"""The Job's token and the claim's key: what each is derived from and how it is compared."""

import hashlib
import hmac

from django.conf import settings

from fixpoint.dispatch.models import Attempt


def token_of(attempt: Attempt) -> str:
    """The attempt's one-time token. Derived, not stored, so that a job can be sent again and stays one job."""
    return hmac.new(settings.SECRET_KEY.encode(), f"job:{attempt.pk}".encode(), hashlib.sha256).hexdigest()


def is_token(attempt: Attempt, token: str) -> bool:
    """Whether `token` is this attempt's, in constant time."""
    return hmac.compare_digest(token_of(attempt).encode(), token.encode())


def hash_of(key: str) -> str:
    """What is stored of a worker's key."""
    return hashlib.sha256(key.encode()).hexdigest()


def is_key(attempt: Attempt, key: str) -> bool:
    """Whether `key` claimed this attempt, in constant time."""
    return bool(attempt.key_hash) and hmac.compare_digest(attempt.key_hash, hash_of(key))
