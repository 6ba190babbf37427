"""`python -m tests.e2e.lcp`: when the largest thing of each page is painted, and what the page weighs.

Each page of seed_pages.py in Chromium, at the width of a desktop and of a phone, with an empty cache, from the web as
it is run (uvicorn, one process) on this machine. Every page is opened ROUNDS times after one that does not count; its
figure is the median. Milliseconds from the start of the navigation, by the browser's own PerformanceObserver.
"""

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, BrowserContext

from tests.e2e.camera import WIDTHS, chromium, sign_in
from tests.support.site import Site

ROUNDS = 3
_SEED = """
import json
from tests.e2e.seed import seed
from tests.e2e.seed_pages import pages_of
print(json.dumps(pages_of(seed())))
"""
_LCP = """() => new Promise((done) => {
  let last = 0;
  new PerformanceObserver((list) => { list.getEntries().forEach((each) => { last = each.startTime; }); })
    .observe({type: "largest-contentful-paint", buffered: true});
  let before = -1;
  const settled = () => { if (last && last === before) done(last); else { before = last; setTimeout(settled, 50); } };
  setTimeout(settled, 50);
})"""
"""Once something was painted and nothing larger since."""
_BYTES = """() => performance.getEntriesByType("navigation").concat(performance.getEntriesByType("resource"))
  .reduce((sum, each) => sum + each.transferSize, 0)"""


@dataclass(frozen=True)
class Seen:
    """One page at one width: milliseconds, and KiB as they came over the line."""

    name: str
    lcp_ms: float
    kib: float


def main() -> None:
    """All pages, or those that are named; the worst last."""
    only = set(sys.argv[1:])
    with tempfile.TemporaryDirectory() as home, Site(Path(home) / "home") as site:
        pages = json.loads(site.ask(_SEED))
        wanted = [page for page in pages if not only or page[0] in only]
        with chromium() as browser:
            seen = [each for width in WIDTHS for each in _look(browser, site.url, width, wanted)]
    for each in sorted(seen, key=lambda each: each.lcp_ms):
        print(f"{each.lcp_ms:7.0f} ms {each.kib:7.1f} KiB  {each.name}")
    print(json.dumps(summary(seen)))


def summary(seen: list[Seen]) -> dict[str, object]:
    """Of all pages and widths."""
    worst = max(seen, key=lambda each: each.lcp_ms)
    return {
        "lcp_ms_worst": round(worst.lcp_ms),
        "lcp_ms_median": round(median(each.lcp_ms for each in seen)),
        "page_worst": worst.name,
        "kib_worst": round(max(each.kib for each in seen), 1),
    }


def _look(browser: Browser, site: str, width: str, pages: list[tuple[str, str, str]]) -> list[Seen]:
    found = []
    x, y = WIDTHS[width]
    for person in sorted({page[2] for page in pages}):
        context = browser.new_context(viewport={"width": x, "height": y})
        if person:
            sign_in(context, site, person)
        for name, address, who in pages:
            if who == person:
                _open(context, site + address)
                rounds = [_open(context, site + address) for _ in range(ROUNDS)]
                lcp, kib = (median(values) for values in zip(*rounds, strict=True))
                found.append(Seen(f"{name} {width}", lcp, kib))
        context.close()
    return found


def _open(context: BrowserContext, address: str) -> tuple[float, float]:
    """LCP in ms, and KiB; as who comes for the first time."""
    page = context.new_page()
    control = context.new_cdp_session(page)
    control.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.goto(address, wait_until="load")
    lcp: float = page.evaluate(_LCP)
    transferred: float = page.evaluate(_BYTES)
    page.close()
    return lcp, transferred / 1024


if __name__ == "__main__":
    main()
