"""Who may not upload is told before a byte of the file is sent, at every address that takes files."""

import re
import socket
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from fixpoint.uploads.admission import FORM
from tests.support.site import Site
from tests.uploads.conftest import OPEN_TASK, lone_site
from tests.uploads.sender import Sender

LARGE = {"Content-Length": str(2 * 2**30)}
FITS = {"Content-Length": str(2**20)}
CHUNKED = {"Transfer-Encoding": "chunked"}
NUMERALS = f"{FORM}?task=numerals"
STRANGERS = {
    "the form": ("POST", NUMERALS, LARGE, 302),
    "a small form": ("POST", NUMERALS, FITS, 302),
    "the form, in chunks": ("POST", NUMERALS, CHUNKED, 302),
    "the form's address by another method": ("PUT", FORM, LARGE, 413),
    "an address behind the form's": ("POST", f"{FORM}more/", LARGE, 413),
    "the protocol": ("POST", "/uploads/", LARGE | {"Tus-Resumable": "1.0.0"}, 401),
    "an output that nobody signed": ("PUT", "/api/worker/outputs/forged", LARGE, 403),
    "an output by another method": ("POST", "/api/worker/outputs/forged", LARGE, 413),
    "the admin": ("POST", "/admin/tasks/task/add/", LARGE, 413),
    "the entrance": ("POST", "/accounts/login/", LARGE, 413),
}
PARTICIPANTS = {
    "more than the task takes": (NUMERALS, LARGE, 413, "takes at most 64.0 MiB"),
    "a task that is closed": (f"{FORM}?task=closed", FITS, 403, "is not open"),
    "a task that is none": (f"{FORM}?task=none", FITS, 404, "There is no task"),
    "two tasks, of which the last counts": (f"{NUMERALS}&task=none", FITS, 404, "There is no task"),
    "more than what is left of a share": (f"{FORM}?task=full", FITS, 413, "that a person may keep in"),
    "a length that is not told": (NUMERALS, CHUNKED, 411, "Content-Length"),
    "a page of another site": (NUMERALS, FITS | {"Origin": "https://elsewhere.example"}, 403, "own pages only"),
}
CLOSED = (
    OPEN_TASK.format(slug="closed", most=2**20)
    + """
from fixpoint.tasks.models import Task
Task.objects.filter(slug="closed").update(status="closed")
"""
    + OPEN_TASK.format(slug="full", most=2**21)
    + """
Task.objects.filter(slug="full").update(max_storage_bytes=1000)
"""
)

ONE_DATASET = """
from fixpoint.accounts.models import User
from fixpoint.tasks.models import Task
from tests.support.platform import accepted_dataset
accepted_dataset(User.objects.latest("pk"), Task.objects.get())
"""


@pytest.fixture(scope="module")
def closed(site: Site) -> Iterator[None]:
    """Tasks beside the one that is open; the modules after this one find that one alone again."""
    site.ask(CLOSED)
    yield
    site.ask("from fixpoint.tasks.models import Task; Task.objects.filter(slug='full').update(status='closed')")


def answered(site: Site, method: str, address: str, headers: dict[str, str]) -> tuple[int, str]:
    """Status and text of the answer to a request of which the headers alone are sent."""
    place = urlsplit(site.url)
    told = "".join(f"{name}: {value}\r\n" for name, value in {"Host": place.netloc, **headers}.items())
    assert place.hostname
    with socket.create_connection((place.hostname, place.port or 80), timeout=60) as line:
        line.sendall(f"{method} {address} HTTP/1.1\r\n{told}Content-Type: multipart/form-data\r\n\r\n".encode())
        answer = b""
        while not is_whole(answer) and (more := line.recv(2**16)):
            answer += more
    return int(answer.split()[1]), answer.decode()


def is_whole(answer: bytes) -> bool:
    """By the length that it tells; without one, or where it says that it closes, it ends with the connection."""
    head, _, body = answer.partition(b"\r\n\r\n")
    if b"\r\nconnection: close" in head.lower():
        return False
    told = re.search(rb"content-length: (\d+)", head.lower())
    return told is not None and b"\r\n\r\n" in answer and len(body) >= int(told[1])


def spooled(site: Site) -> list[str]:
    return sorted(str(path) for path in (site.home / "incoming").rglob("*") if path.is_file())


@pytest.mark.parametrize(("method", "address", "headers", "status"), STRANGERS.values(), ids=STRANGERS.keys())
def test_a_stranger_is_answered_before_the_body(
    site: Site, method: str, address: str, headers: dict[str, str], status: int
) -> None:
    before = spooled(site)

    found, text = answered(site, method, address, headers)

    assert (found, spooled(site)) == (status, before), text


@pytest.mark.parametrize(("address", "headers", "status", "says"), PARTICIPANTS.values(), ids=PARTICIPANTS.keys())
def test_a_participant_is_told_why_before_the_body(
    site: Site, closed: None, sender: Sender, address: str, headers: dict[str, str], status: int, says: str
) -> None:
    before = spooled(site)

    found, text = answered(site, "POST", address, headers | {"Cookie": sender.cookie})

    assert (found, spooled(site)) == (status, before), text
    assert says in text


def test_who_sits_before_a_browser_is_told_why_by_a_page(site: Site, sender: Sender) -> None:
    browser = {"Cookie": sender.cookie, "Accept": "text/html,*/*;q=0.8", "Accept-Language": "es"}

    status, text = answered(site, "POST", NUMERALS, LARGE | browser)

    assert status == 413
    assert "content-type: text/html; charset=utf-8" in text.lower()
    assert "content-security-policy: default-src" in text.lower()
    assert '<html lang="es"' in text
    assert "<h1>Este envío no se ha aceptado</h1>" in text


def test_whoever_has_begun_too_much_is_told_before_the_body(site: Site, people: Callable[[], Sender]) -> None:
    sender = people()
    for _ in range(4):
        sender.begun(2**20, task="numerals")

    status, text = answered(site, "POST", NUMERALS, FITS | {"Cookie": sender.cookie})

    assert status == 429
    assert "unfinished uploads" in text


def test_whoever_has_handed_in_enough_today_is_told_before_the_body(tmp_path) -> None:
    with lone_site(tmp_path / "home", FIXPOINT_MAX_DATASETS_PER_DAY="1") as (site, sender):
        site.ask(ONE_DATASET)
        status, text = answered(site, "POST", NUMERALS, FITS | {"Cookie": sender.cookie})

    assert status == 429
    assert "1 dataset within 24 hours" in text


def test_a_stranger_is_led_to_the_entrance_and_back_to_the_form(site: Site) -> None:
    _, text = answered(site, "POST", NUMERALS, LARGE)

    assert f"location: /accounts/login/?next={FORM}%3Ftask%3Dnumerals".lower() in text.lower()
    assert reverse("upload") == FORM


def test_with_a_full_disk_the_form_is_refused_before_the_body(tmp_path) -> None:
    with lone_site(tmp_path / "home", FIXPOINT_UPLOAD_RESERVE_MIB=str(2**30)) as (site, sender):
        status, text = answered(site, "POST", NUMERALS, FITS | {"Cookie": sender.cookie})

    assert status == 507
    assert "no room" in text
