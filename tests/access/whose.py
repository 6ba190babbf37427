"""Whose business is what: the words that must occur in no answer to a person."""

import re

from tests.access.world import (
    CLOSED_FIGURES,
    DRAFT,
    HIDDEN,
    HOUSE,
    INTERNAL,
    NEXT_DOOR,
    OWNERS,
    PEOPLE,
    RIVALS,
    World,
    post_of,
)

ORGANIZERS = {"organizer", "steward", "root"}
"""Of the world's tasks; a neighbour organizes another one, and is a stranger here."""


def secrets_from(person: str, world: World) -> list[str]:
    """Words, ids and digests. Of the hidden set nobody is told the images' names or digests, organizers neither."""
    found = [HIDDEN, *world.hidden_digests]
    if person != "root":  # who keeps the accounts
        found += [post_of(name) for name in (*PEOPLE, "rival") if name != person]
        found += [NEXT_DOOR] if person != "neighbour" else []
    if person in ORGANIZERS:
        return found
    found += CLOSED_FIGURES  # the owner neither: a score is told as its task says, and no better
    found += [INTERNAL, DRAFT, RIVALS, *world.ids_of_rival]
    found += [] if person == "neighbour" else [HOUSE]
    if person == "teammate":
        return [*found, *world.ids_of_owner_alone]
    return found if person == "owner" else [*found, OWNERS, *world.ids_of_owner]


def is_told(secret: str, text: str) -> bool:
    """Whether a text, in small letters, tells it. No moment tells a figure: in 17:03:50.437212 there is no 0.4372."""
    if secret in CLOSED_FIGURES:
        return re.search(rf"(?<!\d){re.escape(secret)}", text) is not None
    return secret.lower() in text
