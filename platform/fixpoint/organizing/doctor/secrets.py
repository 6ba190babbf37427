"""What no line may hold: passwords and keys of this installation."""

from urllib.parse import unquote, urlsplit

from django.conf import settings


def without_secrets(text: str) -> str:
    """The text with every secret of the settings crossed out, whoever's message brought it in."""
    password = urlsplit(settings.CELERY_BROKER_URL).password or ""
    secrets = {
        settings.SECRET_KEY,
        settings.CELERY_BROKER_URL,
        password,
        unquote(password),
        str(settings.DATABASES["default"].get("PASSWORD", "")),
        settings.EMAIL_HOST_PASSWORD,
    }
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "***")
    return text
