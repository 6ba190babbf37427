"""One walk through all pages that notes what several tests judge: weight, policy, width of a phone, what axe finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from tests.e2e.camera import WIDTHS, sign_in
from tests.e2e.seed import World
from tests.e2e.seed_pages import pages_of

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
POLICY = "content-security-policy"
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
VIOLATIONS = "axe.run({resultTypes: ['violations']}).then(result => result.violations)"
SETTLED = """Promise.allSettled(document.getAnimations()
    .filter(each => each instanceof CSSTransition).map(each => each.finished)).then(all => all.length)"""


@dataclass
class Seen:
    """What was seen of each page, by its name; where nothing is wrong, `untitled` to `faults` are empty."""

    pages: list[str] = field(default_factory=list)
    untitled: list[str] = field(default_factory=list)
    forbidden: list[str] = field(default_factory=list)
    weights: dict[str, int] = field(default_factory=dict)
    widths: dict[str, int] = field(default_factory=dict)
    faults: dict[tuple[str, str], list[str]] = field(default_factory=dict)


def walk(browser: Browser, site: str, world: World) -> Seen:
    """Load every page once, as whom it is for, in a tab of its own; axe looks at it in both themes."""
    seen, axe = Seen(), AXE.read_text()
    width, height = WIDTHS["desktop"]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme="light")
    for name, address, page in _tabs(context, site, world):
        listening = _listen(page, name, seen)
        page.goto(site + address)
        seen.pages.append(name)
        if not page.title():
            seen.untitled.append(name)
        listening()
        page.evaluate(axe)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            page.evaluate(SETTLED)
            if faults := _axe(page):
                seen.faults[name, theme] = faults
        _narrow(page)
        seen.widths[name] = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    return seen


def _tabs(context: BrowserContext, site: str, world: World) -> Iterator[tuple[str, str, Page]]:
    """Each page's name and address with an empty tab, in which is signed in whom it is for."""
    signed_in = ""
    for name, address, person in sorted(pages_of(world), key=lambda each: each[2]):
        if person != signed_in:
            context.clear_cookies()
            sign_in(context, site, person)
            signed_in = person
        page = context.new_page()
        yield name, address, page
        page.close()


def _listen(page: Page, name: str, seen: Seen) -> Callable[[], None]:
    """Note what the browser says and what it is sent, until what is returned is called: axe comes after it."""

    def hear(message: ConsoleMessage) -> None:
        if "content security policy" in message.text.lower() or POLICY in message.text:
            seen.forbidden.append(f"{name}: {message.text}")

    again: set[str] = set()  # what a page asks for again and again is weighed once

    def weigh(answer: Response) -> None:
        if answer.request.is_navigation_request() and POLICY not in answer.headers:
            seen.forbidden.append(f"{answer.url} has no {POLICY}")
        if answer.url.endswith((".png", ".jpg")) or answer.url in again:
            return
        if answer.url.endswith("/live/"):
            again.add(answer.url)
        bytes_ = len(answer.body())  # meanwhile other answers are weighed
        seen.weights[name] = seen.weights.get(name, 0) + bytes_

    page.on("console", hear)
    page.on("response", weigh)

    def end() -> None:
        page.remove_listener("console", hear)
        page.remove_listener("response", weigh)

    return end


def _axe(page: Page) -> list[str]:
    faults = page.evaluate(VIOLATIONS)
    return [f"{fault['id']}: {node['html'][:160]}" for fault in faults for node in fault["nodes"]]


def _narrow(page: Page) -> None:
    width, height = WIDTHS["phone"]
    page.set_viewport_size({"width": width, "height": height})
