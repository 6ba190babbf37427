"""`manage.py standings`: check signed standings, freeze what can be frozen now."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fixpoint.leaderboard.freezing import boards_freeze
from fixpoint.leaderboard.models import Revision
from fixpoint.leaderboard.signing import SignatureError, Verified, known_keys, verify
from fixpoint.organizing.database import require_database


class Command(BaseCommand):
    """Neither changes what is frozen already."""

    help = "standings verify FILE [--keys FILE]: was it signed here, and is it unchanged? standings freeze: now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One of the acts."""
        acts = parser.add_subparsers(dest="act", required=True)
        checking = acts.add_parser("verify", help="whether signed standings are unchanged, and what they are")
        checking.add_argument("file", type=Path, help="standings as a JWS, as the site gives them")
        checking.add_argument("--keys", type=Path, help="a JWK set; without it, the keys of this installation")
        acts.add_parser("freeze", help="freeze all closed tasks whose entries have ended, without waiting for the job")

    def handle(self, *_args: Any, **options: Any) -> None:
        """One of them."""
        if options["act"] == "freeze":
            require_database()
            self.stdout.write(f"{boards_freeze()} revisions were written.")
            return
        try:
            found = verify(options["file"].read_bytes(), _keys(options["keys"]))
        except (OSError, SignatureError) as error:
            raise CommandError(f"{options['file']}: {error}") from error
        for line in _told(found):
            self.stdout.write(line)


def _keys(path: Path | None) -> list[dict[str, Any]]:
    if path is None:
        require_database()
        return known_keys(Revision.objects.values_list("key", flat=True))
    try:
        keys: list[dict[str, Any]] = json.loads(path.read_bytes())["keys"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{path} is no JWK set: {error}") from error
    return keys


def _name(facts: dict[str, Any]) -> str:
    """Of its team; before there were teams, of the person."""
    return str(facts["team"]["name"] if "team" in facts else facts["participant"])


def _told(found: Verified) -> list[str]:
    body = json.loads(found.payload)
    revision, rankings = body["revision"], body["rankings"]
    first = rankings["accuracy"][:1]
    lines = [
        f"Unchanged, and signed by the key {found.kid}.",
        f"{body['task']['title']}: revision {revision['number']} of {revision['created_at']}. {revision['why']}",
        f"{len(rankings['accuracy'])} ranked by accuracy, {len(rankings['emissions'])} by emissions.",
    ]
    if first:
        leader = body["entries"][first[0]["entry"]]
        lines.append(f"First by accuracy: {_name(leader)}, {leader['accuracy']:.4f}.")
    return lines
