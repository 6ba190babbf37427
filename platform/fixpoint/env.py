"""Reads the environment once, and fails loudly with the variable's name."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_YES, _NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def text(name: str, default: str | None = None) -> str:
    """A string; without a default the variable must be set."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return value


def flag(name: str, *, default: bool) -> bool:
    """A yes or no."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in _YES:
        return True
    if value.lower() in _NO:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}: write 1 or 0.")


def number(name: str, default: int) -> int:
    """A whole number, 0 or more."""
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        found = int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {value!r}: write a whole number.") from error
    if found < 0:
        raise ImproperlyConfigured(f"{name} is {value!r}: write a whole number that is not below 0.")
    return found


def days(name: str, default: int, *, least: int = 1) -> int:
    """A number of days; 0 keeps for ever."""
    value = number(name, default)
    if value and value < least:
        raise ImproperlyConfigured(f"{name} is {value}: write {least} or more days, or 0 to keep for ever.")
    return value


def secret(name: str) -> str:
    """A password or key, told in the variable or in the file that NAME_FILE names; "" where neither is set."""
    if value := os.environ.get(name):
        return value
    file = os.environ.get(f"{name}_FILE")
    if not file:
        return ""
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE is {file!r}: {error.strerror}.") from error


def words(name: str, default: str = "") -> list[str]:
    """A list, separated by commas."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]
