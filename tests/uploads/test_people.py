"""Whose upload it is: nobody else sees it, and no other site's page can touch it."""

from collections.abc import Callable

import httpx
import pytest

from tests.uploads.sender import BYTES, VERSION, Sender


def test_a_stranger_finds_nothing_and_changes_nothing(people: Callable[[], Sender], archive):
    owner, stranger = people(), people()
    address = owner.begun(len(archive))
    owner.put(address, archive[:1000], 0)

    answers = [stranger.look(address), stranger.put(address, archive[1000:], 1000), stranger.discard(address)]
    nothing = stranger.look("/uploads/00000000-0000-4000-8000-000000000000/")

    assert {answer.status_code for answer in [*answers, nothing]} == {404}
    assert stranger.http.get(address).status_code == 404
    assert owner.offset(address) == 1000


def test_nobody_who_is_not_signed_in_is_answered(site, sender: Sender, archive):
    address = sender.begun(len(archive))
    with httpx.Client(base_url=site.url, trust_env=False) as http:
        anybody = Sender(http)
        answers = [anybody.begin(100), anybody.look(address), anybody.put(address, b"PK", 0), anybody.discard(address)]
    assert {answer.status_code for answer in answers} == {401}


def test_a_session_that_was_ended_ends_the_upload_too(sender: Sender, archive):
    address = sender.begun(len(archive))
    cookie = {"Cookie": sender.cookie}
    page = sender.http.get("/me/").text
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    sender.http.post("/accounts/logout/", data={"csrfmiddlewaretoken": token})
    assert sender.http.head(address, headers=VERSION | cookie).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_page_of_another_site_can_do_nothing(sender: Sender, archive, headers):
    address = sender.begun(len(archive))
    assert sender.begin(len(archive), headers=headers).status_code == 403
    told = VERSION | BYTES | {"Upload-Offset": "0"} | headers
    assert sender.http.patch(address, content=archive[:1000], headers=told).status_code == 403
    assert sender.http.delete(address, headers=VERSION | headers).status_code == 403
    assert sender.offset(address) == 0


def test_a_form_of_another_site_lacks_the_header_that_no_form_can_send(sender: Sender):
    assert sender.http.post("/uploads/", data={"Upload-Length": "100"}).status_code == 412


def test_no_preflight_is_ever_granted(site):
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "PATCH"}
    answer = httpx.options(f"{site.url}/uploads/", headers=asked, trust_env=False)
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_the_sites_own_page_is_let_in(site, sender: Sender, archive):
    own = {"Origin": site.url, "Sec-Fetch-Site": "same-origin"}
    assert sender.begin(len(archive), headers=own).status_code == 201


def test_a_name_that_is_not_the_sites_is_not_answered(sender: Sender, archive):
    assert sender.begin(len(archive), headers={"Host": "elsewhere.example"}).status_code == 400


def test_the_list_of_the_unfinished_is_ones_own(people: Callable[[], Sender], archive):
    owner, stranger = people(), people()
    address = owner.begun(len(archive), name="mine", fingerprint="f")
    owner.put(address, archive[:1000], 0)
    as_json = {"Accept": "application/json"}

    [told] = owner.http.get("/uploads/", headers=as_json).json()["uploads"]

    assert (told["url"], told["offset"], told["length"]) == (address, 1000, len(archive))
    assert (told["name"], told["fingerprint"], told["task"]) == ("mine", "f", "numerals")
    assert stranger.http.get("/uploads/", headers=as_json).json() == {"uploads": []}
