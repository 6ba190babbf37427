"""The end of what a program said."""

import os

from worker.sandbox import LOG_BYTES
from worker.sandbox.tail import Tail, tail_of


def test_a_short_text_is_kept_whole() -> None:
    assert tail_of("größer\n".encode()) == "größer\n"


def test_of_a_long_text_the_end_is_kept() -> None:
    said = tail_of(b"x" * LOG_BYTES + b"end")

    assert said.endswith("xend")
    assert len(said) == LOG_BYTES


def test_bytes_that_are_no_text_do_not_make_it_longer_than_allowed() -> None:
    said = tail_of(b"\xff" * LOG_BYTES)

    assert set(said) == {"\N{REPLACEMENT CHARACTER}"}
    assert len(said.encode()) <= LOG_BYTES


def test_nul_is_replaced_since_databases_refuse_it() -> None:
    assert tail_of(b"a\x00b") == "a\N{REPLACEMENT CHARACTER}b"


def test_a_pipe_is_drained_without_end() -> None:
    reads, writes = os.pipe()
    tail = Tail(reads)

    for _ in range(100):
        os.write(writes, b"y" * 65536)
    os.write(writes, b"end")
    os.close(writes)

    assert tail.text(10).endswith("yend")


def test_a_pipe_that_stays_open_is_not_waited_for() -> None:
    reads, writes = os.pipe()
    tail = Tail(reads)

    assert tail.text(0.01) == ""

    os.close(writes)
    tail.text(10)
