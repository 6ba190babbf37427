"""Lines that drop, servers that die, requests that meet: it goes on where it was, and the bytes are the bytes."""

import base64
import hashlib
import random
import threading
from pathlib import Path

import pytest

from tests.support.site import Site
from tests.uploads.conftest import DATASETS, drawn_zip, lone_site, parts, stored, until
from tests.uploads.going_on import IN_FLIGHT, begun, go_on
from tests.uploads.sender import Sender


def test_lines_that_drop_at_random_points_cost_nothing_that_had_arrived(sender: Sender, site: Site):
    archive = drawn_zip(2, mebibytes=12)
    draw = random.Random(7)
    address, at = sender.begun(len(archive)), 0
    for _ in range(12):
        sent = draw.randrange(1, 2**20)
        with begun(sender, address, archive, at) as line:
            line.sendall(archive[at + 1 : at + sent])
        until(lambda floor=at + sent - IN_FLIGHT: sender.offset(address) >= floor)
        until(lambda: sender.put(address, b"", sender.offset(address)).status_code == 204)  # the line is let go
        now = sender.offset(address)
        assert at + sent - IN_FLIGHT <= now <= at + sent
        at = now

    go_on(sender, address, archive)

    stored(site, archive)
    assert sender.look(address).headers["Fixpoint-Dataset"].startswith("/datasets/")


def test_half_a_checked_piece_does_not_count_when_its_line_drops(sender: Sender, archive):
    address = sender.begun(len(archive))
    checksum = f"sha256 {base64.b64encode(hashlib.sha256(archive).digest()).decode()}"
    with sender.half_sent(address, archive, 0, sent=len(archive) - 1, Upload_Checksum=checksum):
        until(lambda: sender.put(address, b"PK", 0).status_code == 423)
        assert sender.offset(address) == 0
    until(lambda: sender.put(address, archive, 0, Upload_Checksum=checksum).status_code == 204)


def test_of_two_requests_at_once_one_is_told_to_wait_and_the_bytes_stay_whole(sender: Sender, site: Site, archive):
    address = sender.begun(len(archive))
    with sender.half_sent(address, archive, 0, sent=2**20) as line:
        until(lambda: sender.offset(address) >= 2**20 - IN_FLIGHT)
        # Each on a connection of its own: some come to the other web process.
        for _ in range(8):
            with sender.again() as other:
                assert other.put(address, b"\0" * 1000, other.offset(address)).status_code == 423
        line.sendall(archive[2**20 :])
        assert b" 204 " in line.recv(100)
    stored(site, archive)


def test_many_who_send_the_same_at_once_make_one_dataset(sender: Sender, site: Site):
    archive = drawn_zip(3, mebibytes=3)
    before = int(site.ask(DATASETS))
    address = sender.begun(len(archive))

    def send() -> None:
        with sender.again() as mine:
            while (place := mine.look(address)).status_code == 423 or "Fixpoint-Dataset" not in place.headers:
                at = int(place.headers.get("Upload-Offset", 0))
                mine.put(address, archive[at:], at)

    together = [threading.Thread(target=send) for _ in range(6)]
    for each in together:
        each.start()
    for each in together:
        each.join()

    stored(site, archive)
    assert int(site.ask(DATASETS)) == before + 1


def test_a_line_that_falls_silent_is_given_up_and_gone_on_with(tmp_path: Path, archive: bytes):
    with lone_site(tmp_path / "home", web_processes=2, FIXPOINT_UPLOAD_SILENCE_SECONDS="3") as (site, sender):
        address = sender.begun(len(archive))
        with begun(sender, address, archive, 0) as line:
            line.sendall(archive[1 : 2**20])
            until(lambda: sender.put(address, b"", sender.offset(address)).status_code == 204)
            assert b" 408 " in line.recv(100)
            go_on(sender, address, archive)
        stored(site, archive)


@pytest.mark.parametrize("seed", range(3))
def test_a_web_server_that_is_killed_in_the_middle_loses_nothing_that_it_told(
    tmp_path: Path, seed: int, archive: bytes
):
    with lone_site(tmp_path / "home") as (site, sender):
        draw, address = random.Random(seed), sender.begun(len(archive))
        for _ in range(3):
            at = sender.offset(address)
            sent = draw.randrange(2**18, 2**20)
            with sender.half_sent(address, archive[at:], at, sent=sent):
                until(lambda at=at: sender.offset(address) > at)
                told = sender.offset(address)
                site.kill()
            site.start()
            assert told <= sender.offset(address) <= at + sent

        go_on(sender, address, archive)

        stored(site, archive)
        assert parts(site) == []
        assert site.ask(DATASETS) == "1"


def test_a_server_that_is_told_to_end_ends_when_a_sender_is_silent_and_keeps_what_came(tmp_path: Path, archive: bytes):
    with lone_site(tmp_path / "home", FIXPOINT_UPLOAD_SILENCE_SECONDS="2") as (site, sender):
        address = sender.begun(len(archive))
        with sender.half_sent(address, archive, 0, sent=2**20):
            until(lambda: sender.offset(address) >= 2**20 - IN_FLIGHT)
            told = sender.offset(address)
            site.stop()
        site.start()
        assert sender.offset(address) >= told
        go_on(sender, address, archive)
        stored(site, archive)
