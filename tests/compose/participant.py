"""A person at the site: signs up, uploads, enters and reads, over HTTP and by the pages' own forms."""

import re
import time
from pathlib import Path

import httpx

_STATE = re.compile(r'</h1><span class="pill[^"]*">(?:<svg.*?</svg>)?([^<]+)</span>', re.DOTALL)
_ACCURACY = re.compile(r'<tr class="mine">.*?<strong class="accuracy">([\d.]+)', re.DOTALL)
PASSWORD = "a numeral is no password 7"


class Participant:
    """Raises AssertionError with the page's text where the site does not do what a person expects."""

    def __init__(self, site: str, name: str) -> None:
        self.name = name
        self.http = httpx.Client(base_url=site, timeout=30, follow_redirects=True, trust_env=False)

    def leave(self) -> None:
        """Give up the connections."""
        self.http.close()

    def sign_up(self) -> None:
        self._send(
            "/accounts/signup/",
            {"username": self.name, "email": f"{self.name}@example.org", "password1": PASSWORD, "password2": PASSWORD},
        )
        assert self.http.get("/me/").url.path == "/me/"

    def sign_in(self) -> None:
        self._send("/accounts/login/", {"login": self.name, "password": PASSWORD})
        assert self.http.get("/me/").url.path == "/me/"

    def upload(self, archive: Path, *, task: str) -> str:
        """The dataset's address, once it is accepted."""
        with archive.open("rb") as file:
            page = self._send(f"/datasets/new/?task={task}", {"name": archive.stem}, files={"file": file})
        return self._until(page.url.path, "Accepted", seconds=120)

    def enter(self, dataset: str) -> str:
        """The entry's address, once it is scored."""
        page = self._send(f"{dataset}enter/", {}, form=dataset)
        return self._until(page.url.path, "Scored", seconds=300)

    def own_accuracy(self, task: str) -> float:
        """As the board shows it, in per cent."""
        board = self.http.get(f"/tasks/{task}/board/").text
        found = _ACCURACY.search(board)
        assert found, board
        return float(found[1])

    def _send(self, address: str, fields: dict[str, str], *, form: str = "", **parts: object) -> httpx.Response:
        self.http.get(form or address).raise_for_status()
        fields = fields | {"csrfmiddlewaretoken": self.http.cookies["csrftoken"]}
        answer = self.http.post(address, data=fields, **parts)  # type: ignore[arg-type]
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer

    def _until(self, address: str, state: str, *, seconds: float) -> str:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            page = self.http.get(address).text
            found = _STATE.search(page)
            assert found, page
            if found[1].strip() == state:
                return address
            assert found[1].strip() not in {"Refused", "Error", "Failed", "Cancelled"}, page
            time.sleep(0.5)
        raise AssertionError(f"{address} was not {state} within {seconds} seconds: {page}")
