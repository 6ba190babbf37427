"""A small provider of OpenID Connect on a port of this machine: discovery, authorization by PKCE, tokens, keys."""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "fixpoint", "a secret between the two"


class IdentityProvider:
    """Use it in a `with` block. `person` is signed in there; `audience` may be another's, as of a false token."""

    def __init__(self) -> None:
        self.person: dict[str, Any] = {
            "sub": "42", "preferred_username": "ada", "email": "ada@example.org", "email_verified": True,
        }  # fmt: skip
        self.audience = CLIENT
        self.refused: list[str] = []
        self._key = RSAKey.generate_key(2048, {"kid": "1"})
        self._begun: dict[str, dict[str, str]] = {}
        self._token = secrets.token_urlsafe()
        provider = self

        class Door(BaseHTTPRequestHandler):
            """Each address of it."""

            def do_GET(self) -> None:
                place = urlsplit(self.path)
                asked = {name: values[0] for name, values in parse_qs(place.query).items()}
                match place.path:
                    case "/.well-known/openid-configuration":
                        self._say(200, provider.described())
                    case "/authorize":
                        self.send_response(302)
                        self.send_header("Location", provider.authorized(asked))
                        self.end_headers()
                    case "/keys":
                        self._say(200, {"keys": [provider._key.as_dict(private=False)]})
                    case "/userinfo" if self.headers["Authorization"] == f"Bearer {provider._token}":
                        self._say(200, provider.person)
                    case _:
                        self._say(401, {})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                told = {name: values[0] for name, values in parse_qs(body).items()}
                reason = provider.why_not(told)
                if reason:
                    provider.refused.append(reason)
                self._say(400 if reason else 200, {"error": reason} if reason else provider.tokens())

            def log_message(self, *_: object) -> None:
                """Nothing."""

            def _say(self, status: int, value: dict[str, Any]) -> None:
                data = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def described(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def authorized(self, asked: dict[str, str]) -> str:
        """Where the browser goes on to; whoever asks is signed in and agrees."""
        code = secrets.token_urlsafe()
        self._begun[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def why_not(self, told: dict[str, str]) -> str:
        """Why a code is worth no token; each is worth one once."""
        asked = self._begun.pop(told.get("code", ""), None)
        if asked is None:
            return "code"
        digest = hashlib.sha256(told.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked.get("code_challenge"):
            return "verifier"
        if (told.get("client_id"), told.get("client_secret")) != (CLIENT, SECRET):
            return "client"
        return "" if told.get("redirect_uri") == asked["redirect_uri"] else "redirect"

    def tokens(self) -> dict[str, Any]:
        now = int(time.time())
        claims = {**self.person, "iss": self.url, "aud": self.audience, "iat": now, "exp": now + 60}
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self._key)
        return {"access_token": self._token, "token_type": "Bearer", "expires_in": 60, "id_token": signed}
