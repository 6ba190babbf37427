"""A hostile YAML is answered soon, with a short sentence about what is wrong."""

from pathlib import Path
from time import process_time

import pytest

from fixpoint.tasks.bundle import load_bundle
from fixpoint.tasks.bundle_problems import MOST_PROBLEMS, BundleError
from fixpoint.tasks.saying import MOST_SIGNS
from tests.tasks.minimal import MINIMAL

pytestmark = pytest.mark.django_db
LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefg", "bcdefgh", strict=True)
)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (LAUGHS[:341], "references (&name, *name) are not read"),
        ("slug: &a x\n", "references (&name, *name) are not read"),
        (f"slug: {'[' * 1200}{']' * 1200}\n", "nested more than 20 levels deep"),
        (f"slug: {'{a: ' * 1200}1{'}' * 1200}\n", "nested more than 20 levels deep"),
        (f"{'? ' * 1200}a\n", "nested more than 20 levels deep"),
        ("[a, b]: x\n", "a key is one word"),
        ("? {a: b}\n: x\n", "a key is one word"),
        ("slug: !!timestamp never\n", "tags (!name) are not read"),
        ("slug: !!bool never\n", "tags (!name) are not read"),
        (f"seed: {'1:0' * 1}{':0' * 300_000}\n", "a number has 40 digits at most"),
        (f"seed: {'9' * 5000}\n", "a number has 40 digits at most"),
        (f"seed: 0x{'f' * 500_000}\n", "a number has 40 digits at most"),
    ],
    ids=["laughs", "anchor", "lists", "maps", "keys", "list-key", "map-key", "tag", "tag-2", "base-60", "long", "hex"],
)
def test_what_grows_beyond_bounds_is_refused_within_a_second(tmp_path: Path, text: str, says: str) -> None:
    begun = process_time()
    (problem,) = _problems(tmp_path, text)

    assert process_time() - begun < 1
    assert says in problem
    assert problem.startswith("task.yaml is not valid YAML")


@pytest.mark.parametrize(
    "text",
    [
        MINIMAL + f"summary: [{'x, ' * 20_000}x]\n",
        MINIMAL + f"{'k' * 1000}: 1\n",
        MINIMAL + f"visibility: {'v' * 50_000}\n",
        MINIMAL.replace("[i, ii]", f"[{'c' * 50_000}/, {'c' * 50_000}/]"),
        MINIMAL.replace("hidden.zip", "h" * 50_000),
        MINIMAL + "closes_at: 9999-12-31T23:59:59-14:00\n",
        MINIMAL + 'opens_at: "0001-01-01T00:00:00+14:00"\n',
        MINIMAL + 'title: "\\uD800"\n',
    ],
    ids=["list", "key", "value", "classes", "file", "after-all-days", "before-all-days", "half-sign"],
)
def test_a_sentence_about_a_long_value_is_short_and_can_be_written(tmp_path: Path, text: str) -> None:
    problems = _problems(tmp_path, text)

    assert max(map(len, problems)) <= MOST_SIGNS + 10
    assert "".join(problems).encode()


def test_of_very_many_problems_the_first_are_told(tmp_path: Path) -> None:
    problems = _problems(tmp_path, MINIMAL + "".join(f"unknown{n}: 1\n" for n in range(500)))

    assert len(problems) == MOST_PROBLEMS + 1
    assert problems[-1].endswith("more problems: mend these first.")


def _problems(folder: Path, text: str) -> tuple[str, ...]:
    (folder / "task.yaml").write_text(text)
    with pytest.raises(BundleError) as error:
        load_bundle(folder / "task.yaml", is_strangers=True)
    return error.value.problems
