"""A second factor as a person has it: an app that shows codes, and the pages on which it is switched on."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

PASSWORD = "correct horse battery"


def switch_on(client: Client) -> str:
    """As a person does: the secret is read from the page."""
    say_password(client)
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert answer.status_code == 302
    return secret


def say_password(client: Client) -> None:
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def code_of(secret: str, steps: int = 0) -> str:
    """What an app would show."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))
