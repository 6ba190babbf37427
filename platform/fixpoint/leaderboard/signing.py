"""Signing the standings of a closed task: a JWS (RFC 7515, flattened JSON) by Ed25519, and its public key as a JWK."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

ALGORITHM = "Ed25519"
"""By its name of RFC 9864."""
_PURPOSE = b"fixpoint: the standings of a closed task"


class SignatureError(ValueError):
    """It is no signed document, was changed, or nobody known signed it; the message says which."""


@dataclass(frozen=True)
class Verified:
    """What was signed, as its bytes, and by which key."""

    payload: bytes
    kid: str


def sign(payload: bytes) -> str:
    """The payload and its signature as one JSON document."""
    key = _key(settings.SIGNING_KEY)
    header = {"alg": ALGORITHM, "kid": key.thumbprint(), "typ": "JOSE+JSON"}
    return json.dumps(jws.serialize_json({"protected": header}, payload, key, algorithms=[ALGORITHM]))


def public_key() -> dict[str, Any]:
    """Of the key that signs now, as a JWK; its id is its thumbprint (RFC 7638)."""
    key = _key(settings.SIGNING_KEY)
    return {**key.as_dict(private=False), "kid": key.thumbprint(), "alg": ALGORITHM, "use": "sig"}


def known_keys(former: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The key of now and those that signed before it, each once."""
    found = {each["kid"]: dict(each) for each in (*former, public_key())}
    return list(found.values())


def verify(document: str | bytes, keys: Iterable[Mapping[str, Any]]) -> Verified:
    """What one of these keys signed. Raises SignatureError."""
    try:
        signed = json.loads(document)
        known = KeySet.import_key_set({"keys": [dict(each) for each in keys]})
        found = jws.deserialize_json(signed, known, algorithms=[ALGORITHM])
        header = found.headers()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise SignatureError(f"It is no signed document: {error}") from error
    except JoseError as error:
        raise SignatureError(f"The signature does not hold, or is by no key that is known here: {error}") from error
    return Verified(payload=found.payload or b"", kid=str(header.get("kid", "")))


@lru_cache(maxsize=4)
def _key(secret: str) -> OKPKey:
    """The Ed25519 seed is drawn out of the secret by HKDF-SHA256: any long secret will do."""
    seed = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return OKPKey.import_key(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
