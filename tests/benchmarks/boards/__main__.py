"""`make bench-board`: the board's page and its JSON at size, beside a view that does nothing; the last line is JSON."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from tests.benchmarks.boards.asking import Answer, one_after_another, per_second
from tests.benchmarks.boards.scorer import Scorer
from tests.benchmarks.machine import describe
from tests.benchmarks.pipeline.memory import tree_pss_mib
from tests.support.postgres import PostgresCluster
from tests.support.site import Site

PAGE = "/tasks/numerals/board/"
BOARDS = (PAGE, "/tasks/numerals/board/?order=emissions", "/tasks/numerals/board.json")
LINES = 4
SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.boards.settings", "FIXPOINT_LOG_LEVEL": "WARNING"}


def main(arguments: list[str]) -> int:
    """Fill, measure, tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.boards", description=__doc__)
    parser.add_argument("--owners", type=int, default=5000)
    parser.add_argument("--entries", type=int, default=200_000)
    parser.add_argument("--images", type=int, default=2420, help="hidden ones")
    parser.add_argument("--warm", type=int, default=1000, help="requests of each kind, one after another")
    parser.add_argument("--scores", type=int, default=100, help="new scores, each followed by a request of each kind")
    parser.add_argument("--rounds", type=int, default=5, help="of requests a second, boards and static view in turn")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each such round")
    asked = parser.parse_args(arguments)
    _say(describe())
    with (
        tempfile.TemporaryDirectory() as home,
        PostgresCluster() as cluster,
        Site(Path(home) / "home", FIXPOINT_DATABASE_URL=cluster.url, FIXPOINT_DATABASE_POOL="40", **SETTINGS) as site,
    ):
        begin = time.monotonic()
        site.ask(
            f"from tests.benchmarks.boards.filling import analyse, fill; "
            f"fill({asked.owners}, {asked.entries}, {asked.images}); analyse()"
        )
        _say(f"{asked.entries:,} entries of {asked.owners:,} people, filled in {time.monotonic() - begin:.0f} s")
        found = measured(site, asked)
    _say(json.dumps(found))
    return 0


def measured(site: Site, asked: argparse.Namespace) -> dict[str, float]:
    """All figures of a site that is filled."""
    at_rest = tree_pss_mib(site.pid)
    cold = one_after_another(site.port, PAGE, 1)[0]
    _say(f"the first page: {cold.milliseconds:.0f} ms, {cold.queries} statements, {cold.length:,} bytes")
    warm = [each for path in BOARDS for each in _kind(site, path, asked.warm)]
    _say(_line("warm", warm))
    with Scorer(site, asked.images) as scorer:
        scorer.score()
        _ask_all(site)
        after = [each for _ in range(asked.scores) for each in (scorer.score(), _ask_all(site))[1]]
    _say(_line("after a new score", after))
    ratios = {path: _ratio(site, path, asked) for path in (PAGE, BOARDS[-1])}
    grown = tree_pss_mib(site.pid)
    _say(f"memory (PSS): {at_rest:.0f} MiB before the first page, {grown:.0f} MiB at the end")
    return {
        "p99_warm_ms": round(_p99(warm), 2),
        "p99_after_score_ms": round(_p99(after), 2),
        "ratio_to_static": round(min(ratios.values()), 3),
        "queries": max(each.queries for each in warm),
        "queries_after_score": max(each.queries for each in after),
        "pss_mib": round(grown, 1),
        "owners": asked.owners,
        "entries": asked.entries,
    }


def _kind(site: Site, path: str, times: int) -> list[Answer]:
    one_after_another(site.port, path, 3)
    return one_after_another(site.port, path, times)


def _ask_all(site: Site) -> list[Answer]:
    return [one_after_another(site.port, path, 1)[0] for path in BOARDS]


def _ratio(site: Site, path: str, asked: argparse.Namespace) -> float:
    """Of requests a second, to those of a view that answers with as many bytes and asks nothing."""
    length = one_after_another(site.port, path, 1)[0].length
    rounds = [
        [per_second(site.port, each, asked.seconds, LINES) for each in (path, f"/static-view/{length}/")]
        for _ in range(asked.rounds)
    ]
    ours, static = (median(each) for each in zip(*rounds, strict=True))
    _say(f"{path}: {ours:.0f} requests/s beside {static:.0f} of {length:,} bytes that are always the same")
    return median(one / other for one, other in rounds)


def _line(what: str, answers: list[Answer]) -> str:
    queries = sorted({each.queries for each in answers})
    middle = median(each.milliseconds for each in answers)
    return f"{what}: {len(answers)} requests, median {middle:.2f} ms, p99 {_p99(answers):.2f} ms, statements {queries}"


def _p99(answers: list[Answer]) -> float:
    assert all(each.status == 200 for each in answers)
    return quantiles([each.milliseconds for each in answers], n=100, method="inclusive")[98]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    # Whoever ends it by a signal ends what it started, too: every program here is closed by a `with`.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    sys.exit(main(sys.argv[1:]))
