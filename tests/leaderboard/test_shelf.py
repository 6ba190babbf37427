"""What is rendered is kept for a while and within bounds, and made once however many ask."""

from threading import Event

import pytest

from fixpoint.leaderboard.shelf import Shelf
from tests.support.racing import at_once


def test_what_is_fresh_is_not_made_again():
    shelf = Shelf(most_bytes=100, fresh_seconds=60)
    assert shelf.get("a", lambda: b"one").body == b"one"
    assert shelf.get("a", lambda: b"two").body == b"one"
    assert shelf.get("b", lambda: b"two").body == b"two"


def test_what_is_old_is_made_again():
    shelf = Shelf(most_bytes=100, fresh_seconds=-1)
    assert [shelf.get("a", lambda each=each: each).body for each in (b"one", b"two")] == [b"one", b"two"]


def test_what_was_asked_for_longest_ago_goes_first_when_it_is_full():
    shelf = Shelf(most_bytes=10, fresh_seconds=60)
    for key in ("a", "b", "a", "c"):
        shelf.get(key, lambda: b"xxxx")
    assert [shelf.get(key, lambda: b"made").body for key in ("a", "c")] == [b"xxxx", b"xxxx"]
    assert shelf.get("b", lambda: b"made").body == b"made"


def test_what_is_larger_than_the_shelf_is_given_and_not_kept():
    shelf = Shelf(most_bytes=10, fresh_seconds=60)
    assert shelf.get("a", lambda: b"x" * 11).body == b"x" * 11
    assert shelf.get("a", lambda: b"y").body == b"y"


@pytest.mark.django_db(transaction=True)
def test_who_asks_while_it_is_made_gets_the_same():
    shelf, made, all_ask = Shelf(most_bytes=100, fresh_seconds=60), [], Event()

    def make():
        all_ask.wait(0.2)
        made.append(1)
        return b"one"

    assert {each.body for each in at_once(*[lambda: shelf.get("a", make)] * 5)} == {b"one"}
    assert len(made) == 1


def test_what_could_not_be_made_is_tried_again():
    shelf = Shelf(most_bytes=100, fresh_seconds=60)
    with pytest.raises(ZeroDivisionError):
        shelf.get("a", lambda: bytes(1 // 0))
    assert shelf.get("a", lambda: b"one").body == b"one"


def test_the_tag_is_of_the_bytes():
    shelf = Shelf(most_bytes=100, fresh_seconds=60)
    one, same, other = (shelf.get(key, lambda body=body: body).etag for key, body in enumerate([b"a", b"a", b"b"]))
    assert one == same != other
