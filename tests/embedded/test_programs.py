"""The programs of the embedded default."""

from pathlib import Path

import httpx

from fixpoint.embedded.programs import Place, programs


def place(home: str) -> Place:
    return Place(
        root=Path("/srv"),
        home=Path(home),
        host="127.0.0.1",
        port=8000,
        broker="redis://:x@127.0.0.1:1/0",
        sandbox="auto",
    )


def names(home: str) -> set[str]:
    told = (program.environment.get("FIXPOINT_WORKER_NAME", "") for program in programs(place(home)))
    return {name for name in told if name}


def test_a_worker_ends_a_connection_that_rests_before_the_web_does():
    [web] = [program for program in programs(place("/srv/one")) if program.name == "web"]

    assert float(web.command[web.command.index("--timeout-keep-alive") + 1]) > httpx.Limits().keepalive_expiry


def test_workers_of_two_stacks_on_one_machine_have_different_names():
    assert len(names("/srv/one")) == 2
    assert not names("/srv/one") & names("/srv/two")


def test_the_workers_of_a_stack_keep_their_names_when_it_starts_again():
    assert names("/srv/one") == names("/srv/one")
