"""The brakes' cache on a real Redis, by the platform's own account: counted together, and nothing else reached."""

import pytest

from fixpoint.shared_cache import PREFIX, SharedCache


def test_web_processes_count_together_with_the_platforms_own_rights(broker, operator):
    one, other = (SharedCache(broker.url_of("platform"), {}) for _ in range(2))
    one.add("x", 0, 60)
    one.set("times", [1.5, 2.5], 60)

    assert [one.incr("x"), other.incr("x"), other.get("x"), other.get("times")] == [1, 2, 2, [1.5, 2.5]]
    assert not other.add("x", 5, 60)
    assert other.delete("times")
    with pytest.raises(ValueError, match="not found"):
        one.incr("nothing")
    assert operator.keys() == [f"{PREFIX}:1:x"]
    assert 0 < operator.ttl(f"{PREFIX}:1:x") <= 60


def test_what_lies_in_redis_becomes_no_code(broker, operator):
    operator.set(f"{PREFIX}:1:x", b"cos\nsystem\n(S'true'\ntR.")

    with pytest.raises(ValueError, match="Expecting value"):
        SharedCache(broker.url_of("platform"), {}).get("x")


def test_a_worker_reaches_none_of_it(broker):
    cache = SharedCache(broker.url_of("worker"), {})
    cache.set("x", 1, 60)

    assert SharedCache(broker.url_of("platform"), {}).get("x") is None
