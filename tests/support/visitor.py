"""A person at the site, over HTTP and by the pages' own forms, as a browser without JavaScript would be one."""

from __future__ import annotations

import re
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

PASSWORD = "a numeral is no password 7"
RUNNING = {"Uploading", "Inspecting", "Reading images", "Queued", "Training", "Predicting"}
_STATE = re.compile(r'<h1>.*?</h1><span class="pill[^"]*">(?:<svg.*?</svg>)?([^<]+)</span>', re.DOTALL)
_ACCURACY = re.compile(r'<dd class="accuracy">\s*([\d.]+)')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_DIGEST = r'<dt>{}</dt><dd>.*?<code title="([^"]+)"'
_EPOCH = re.compile(r"Epoch (\d+) of (\d+)")


class UnexpectedPageError(AssertionError):
    """The site does not show what a person expects; the message holds the page's text."""


class Visitor:
    """Signs up, uploads, enters, waits and reads. `site` is the address of its front page."""

    def __init__(self, site: str, name: str = "visitor") -> None:
        self.name = name
        self.http = httpx.Client(base_url=site, timeout=180, follow_redirects=True, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.http.close()

    def sign_up(self) -> None:
        """A new account, signed in at once."""
        password = {"password1": PASSWORD, "password2": PASSWORD}
        self.send("/accounts/signup/", {"username": self.name, "email": f"{self.name}@example.org"} | password)
        self._expect_signed_in()

    def sign_in(self) -> None:
        """With the password of `sign_up`."""
        self.send("/accounts/login/", {"login": self.name, "password": PASSWORD})
        self._expect_signed_in()

    def upload(self, archive: Path, *, task: str, name: str = "") -> str:
        """Hand in a zip; the path of its dataset's page, whatever becomes of it."""
        with archive.open("rb") as file:
            files = {"file": (archive.name, file, "application/zip")}
            page = self.send(f"/datasets/new/?task={task}", {"name": name or archive.stem}, files=files)
        return page.url.path

    def enter(self, dataset: str) -> str:
        """Enter an accepted dataset; the path of its entry's page."""
        return self.send(f"{dataset}enter/", {}, form=dataset).url.path

    def cancel(self, path: str) -> None:
        """Stop a dataset's reading, or an entry."""
        self.send(f"{path}cancel/", {}, form=path)

    def look(self, path: str) -> str:
        """A page's text; UnexpectedPageError unless it is one."""
        page = self.http.get(path)
        if page.status_code != httpx.codes.OK:
            raise UnexpectedPageError(f"{path} answered {page.status_code}: {page.text}")
        return page.text

    def state(self, path: str) -> str:
        """The word for the state of a dataset or an entry, from its live fragment."""
        return _found(_STATE, self.look(f"{path}live/"))

    def wait(self, path: str, state: str, *, seconds: float) -> str:
        """Look again and again until it is so; the page's text. UnexpectedPageError if it ends otherwise."""
        deadline = time.monotonic() + seconds
        while (now := self.state(path)) != state:
            if now not in RUNNING or time.monotonic() > deadline:
                raise UnexpectedPageError(f"{path} is {now}, not {state}: {self.look(path)}")
            time.sleep(0.2)
        return self.look(path)

    def read(self, path: str, words: str, *, seconds: float) -> str:
        """Look again and again until these words stand there; the page's text."""
        deadline = time.monotonic() + seconds
        while words not in (page := self.look(path)):
            if time.monotonic() > deadline:
                raise UnexpectedPageError(f"{path} does not say {words!r}: {page}")
            time.sleep(0.2)
        return page

    def epoch(self, path: str) -> int:
        """The last epoch that the entry's live fragment shows; 0 before the first."""
        found = _EPOCH.search(self.look(f"{path}live/"))
        return int(found[1]) if found else 0

    def glance(self, entry: str) -> tuple[str, int]:
        """State and last epoch of one look: what of it came first does not depend on the time between two."""
        page = self.look(f"{entry}live/")
        found = _EPOCH.search(page)
        return _found(_STATE, page), int(found[1]) if found else 0

    def accuracy(self, entry: str) -> float:
        """The share of hidden images that a scored entry's page shows."""
        return float(_found(_ACCURACY, self.look(entry)))

    def digest(self, path: str, name: str) -> str:
        """A digest in full, by its name on the page: Weights, Recipe, Dataset."""
        return _found(re.compile(_DIGEST.format(re.escape(name)), re.DOTALL), self.look(path))

    def send(self, path: str, fields: dict[str, str], *, form: str = "", **parts: object) -> httpx.Response:
        """Fill in the form at `form` (or `path`) and send it; the page that follows."""
        token = _found(_TOKEN, self.look(form or path))
        headers = {"Referer": str(self.http.base_url.join(form or path))}
        answer = self.http.post(path, data=fields | {"csrfmiddlewaretoken": token}, headers=headers, **parts)  # type: ignore[arg-type]
        if answer.status_code != httpx.codes.OK:
            raise UnexpectedPageError(f"{path} answered {answer.status_code}: {answer.text}")
        return answer

    def _expect_signed_in(self) -> None:
        if self.http.get("/me/").url.path != "/me/":
            raise UnexpectedPageError(f"{self.name} is not signed in.")


def _found(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    if found is None:
        raise UnexpectedPageError(f"The page shows no {pattern.pattern!r}: {page}")
    return found[1].strip()
