"""What is refused before a byte is sent, each time in words that say what to do."""

from pathlib import Path
from shutil import disk_usage

import httpx
import pytest

from fixpoint.uploads.part import parts_folder
from fixpoint.uploads.refusals import UploadRefusedError
from fixpoint.uploads.terms import expect_room
from tests.support.site import Site
from tests.uploads.conftest import OPEN_TASK, lone_site
from tests.uploads.sender import Sender


@pytest.mark.parametrize(
    ("length", "values", "status", "told"),
    [
        (65 * 2**20, {}, 413, "The file has 65.0 MiB; Numerals takes at most 64.0 MiB."),
        (21, {}, 400, "the smallest zip has 22"),
        (0, {}, 400, "Choose the right file"),
        (100, {"filename": "data.rar"}, 415, "'data.rar' is not named as a zip"),
        (100, {"task": "no-such-task"}, 404, "There is no task 'no-such-task'"),
    ],
)
def test_what_the_task_would_refuse_anyhow_is_refused_at_once(sender: Sender, length, values, status, told):
    answer = sender.begin(length, **values)
    assert (answer.status_code, told in answer.text) == (status, True), answer.text


def test_a_task_that_is_not_open_takes_nothing(sender: Sender, site: Site):
    site.ask(OPEN_TASK.format(slug="past", most=2**20) + "from fixpoint.tasks.models import Task\n"
             "Task.objects.filter(slug='past').update(status='closed')")  # fmt: skip
    answer = sender.begin(100, task="past")
    assert (answer.status_code, "it is not open" in answer.text) == (403, True)


def test_only_so_many_can_be_unfinished_until_one_is_discarded(sender: Sender, archive):
    first = sender.begun(len(archive))
    for _ in range(3):
        sender.begun(len(archive))

    answer = sender.begin(len(archive))
    assert (answer.status_code, "4 unfinished uploads" in answer.text, "/uploads/" in answer.text) == (429, True, True)

    sender.discard(first)
    assert sender.begin(len(archive)).status_code == 201


def test_whoever_begins_one_after_the_other_is_slowed_whatever_becomes_of_them(tmp_path):
    with lone_site(tmp_path / "home", FIXPOINT_UPLOADS_PER_HOUR="2") as (site, sender):
        for _ in range(2):
            sender.discard(sender.begun(1000))
        answer = sender.begin(1000)
        known = {"Cookie": sender.cookie, "Sec-Fetch-Site": "same-origin"}
        form, program = (
            httpx.post(
                f"{site.url}/datasets/new/", content=b"x" * 1000, headers=known | {"Accept": accepts}, trust_env=False
            )
            for accepts in ("text/html,*/*;q=0.8", "*/*")
        )

    assert (answer.status_code, "too many uploads in a short time" in answer.text) == (429, True)
    assert 1 <= int(answer.headers["Retry-After"]) <= 3600
    assert (form.status_code, form.headers["Content-Type"]) == (429, "text/html; charset=utf-8")
    assert "<h1>Too much at once</h1>" in form.text
    assert "Retry-After" in form.headers
    assert "frame-ancestors 'none'" in form.headers["Content-Security-Policy"]
    assert (program.status_code, program.headers["Content-Type"]) == (429, "text/plain; charset=utf-8")
    assert "too many uploads in a short time" in program.text
    assert "too many uploads in a short time" in form.text
    assert program.headers["Retry-After"].isdecimal()


def test_what_does_not_begin_as_a_zip_is_refused_with_its_first_bytes(sender: Sender):
    address = sender.begun(10_000)
    answer = sender.put(address, b"Rar!" + bytes(9996), 0)
    assert (answer.status_code, "does not begin as a zip" in answer.text) == (415, True)
    assert sender.look(address).status_code == 410  # it takes none of the places that a person has


@pytest.mark.parametrize(("method", "headers"), [("PUT", {}), ("POST", {"X-HTTP-Method-Override": "GET"})])
def test_what_is_no_word_of_the_protocol_fills_no_disk(site: Site, method, headers):
    answer = httpx.request(method, f"{site.url}/uploads/", content=bytes(5 * 2**20), headers=headers, trust_env=False)
    assert answer.status_code == 413


def test_a_file_that_will_lie_on_the_disk_three_times_needs_three_times_the_room(settings, owner):
    large = 2**40  # against it, what others write meanwhile is nothing
    settings.MAX_UPLOADS_BYTES = large
    settings.UPLOAD_RESERVE_BYTES = disk_usage(parts_folder()).free - 2 * large
    expect_room(owner, large // 2, copies=3)
    expect_room(owner, large)
    with pytest.raises(UploadRefusedError, match="no room"):
        expect_room(owner, large, copies=3)


def test_room_is_kept_for_the_rest_of_the_site(tmp_path: Path):
    with lone_site(tmp_path / "home", FIXPOINT_UPLOAD_RESERVE_MIB=str(10**9)) as (_site, sender):
        answer = sender.begin(100)
    assert (answer.status_code, "has no room" in answer.text) == (507, True)
