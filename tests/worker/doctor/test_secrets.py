"""Whoever's message brings a secret in, no line lets it out."""

from __future__ import annotations

import pytest

from worker.doctor.secrets import without_secrets


@pytest.mark.parametrize(
    ("name", "address", "said"),
    [
        ("FIXPOINT_BROKER_URL", "redis://:one%2Fword@127.0.0.1/0", "one/word"),
        ("FIXPOINT_BROKER_URL", "redis://:one%2Fword@127.0.0.1/0", "one%2Fword"),
        ("FIXPOINT_BROKER_URL", "redis://user:abcd/efgh=@redis:6379/0", "'abcd'"),
        ("FIXPOINT_BROKER_URL", "redis://:[abcd@redis:6379/0", "abcd"),
        (
            "FIXPOINT_PLATFORM_URL",
            "https://user:word-of-the-site@example.org",
            "https://user:word-of-the-site@example.org",
        ),
    ],
)
def test_a_password_and_its_pieces_are_crossed_out(name: str, address: str, said: str) -> None:
    told = without_secrets(f"it was {said}, and no more", {name: address})
    assert "***" in told
    assert [piece for piece in ("one", "word", "abcd") if piece in told] == []
    assert told.endswith(", and no more")


def test_where_nothing_is_secret_nothing_is_changed() -> None:
    environ = {"FIXPOINT_BROKER_URL": "redis://127.0.0.1:6379/0", "FIXPOINT_PLATFORM_URL": "http://site:8000"}
    assert without_secrets("all is well at site:8000", environ) == "all is well at site:8000"
