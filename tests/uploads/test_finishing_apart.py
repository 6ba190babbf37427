"""Files that are whole and being taken leave every other upload its threads."""

import select
import socket
import sqlite3
from contextlib import ExitStack
from pathlib import Path

from fixpoint.uploads.application import THREADS
from tests.uploads.conftest import drawn_zip, lone_site, parts, until

PIECE = 2**18


def test_as_many_files_being_taken_as_there_are_threads_hold_up_no_piece_of_another(tmp_path: Path) -> None:
    archives = [drawn_zip(seed, mebibytes=2) for seed in range(THREADS)]
    with lone_site(tmp_path / "home", FIXPOINT_MAX_UPLOADS="20") as (site, sender), ExitStack() as opened:
        addresses = [sender.begun(len(each)) for each in archives]
        later = drawn_zip(THREADS, mebibytes=1)
        other = sender.begun(len(later))
        rows = sqlite3.connect(site.home / "fixpoint.sqlite3", isolation_level=None)
        opened.callback(rows.close)
        rows.execute("BEGIN IMMEDIATE")  # what becomes a dataset is held here, after its file was hashed
        lines: list[socket.socket] = []
        for address, data in zip(addresses, archives, strict=True):
            sent = sender.half_sent(address, data, 0, sent=len(data))
            lines.append(opened.enter_context(sent))
        whole = sorted(len(each) for each in archives)
        until(lambda: sorted(path.stat().st_size for path in parts(site) if path.suffix == ".part")[-THREADS:] == whole)

        answer = sender.put(other, later[:PIECE], 0)

        taken = select.select(lines, [], [], 0)[0]
        rows.execute("ROLLBACK")
        assert (answer.status_code, taken) == (204, [])
        for line in lines:
            line.recv(2**16)
        until(lambda: all("Fixpoint-Dataset" in sender.look(each).headers for each in addresses), 60)
