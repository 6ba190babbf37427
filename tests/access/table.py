"""The table's form: a line says what a request is answered to each person; what no line names, its section says.

A line is `METHODS address answers`, the answers those of PEOPLE in their order, or one for all of them. An answer is a
status; `in` leads to signing in, `door` to the admin's own; with `!` the request changes what is kept, and without it
nothing that is kept may change. GET stands for HEAD too. Words in braces name things of `world.py`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.access.world import PEOPLE

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@dataclass(frozen=True)
class Answer:
    """What is expected."""

    status: int
    to: str = ""
    changes: bool = False


@dataclass(frozen=True)
class Section:
    """Lines, and what every method that none of them names for an address is answered; "" where nobody asks so."""

    others: str
    lines: str


@dataclass(frozen=True)
class Asked:
    """One method at one address, with what each person is answered."""

    method: str
    address: str
    answers: dict[str, Answer]


def cases(sections: Iterable[Section]) -> dict[str, list[Asked]]:
    """By address, all methods."""
    found: dict[str, list[Asked]] = {}
    for section in sections:
        here: dict[str, list[Asked]] = {}
        for line in section.lines.strip().splitlines():
            if line.startswith("#"):
                continue
            methods, address, *cells = line.split()
            here.setdefault(address, []).extend(_asked(methods, address, cells))
        for address, asked in here.items():
            asked += list(_unnamed(section, address, {one.method: one for one in asked}))
        if twice := here.keys() & found.keys():
            raise ValueError(f"These stand in two sections: {sorted(twice)}")
        found |= here
    return found


def _asked(methods: str, address: str, cells: list[str]) -> Iterator[Asked]:
    for method in methods.split(","):
        yield Asked(method, address, _answers(cells))


def _unnamed(section: Section, address: str, named: dict[str, Asked]) -> Iterator[Asked]:
    for method in METHODS if section.others else ():
        if method == "HEAD" and "GET" in named and "HEAD" not in named:
            yield Asked(method, address, named["GET"].answers)
        elif method not in named:
            yield Asked(method, address, _answers(section.others.split()))


def _answers(cells: list[str]) -> dict[str, Answer]:
    given = [_answer(each) for each in cells]
    return dict(zip(PEOPLE, given * (len(PEOPLE) if len(given) == 1 else 1), strict=True))


def _answer(cell: str) -> Answer:
    word = cell.removesuffix("!")
    to = {"in": "/accounts/login/", "door": "/admin/login/"}.get(word, "")
    return Answer(302 if to else int(word), to, changes=cell.endswith("!"))
