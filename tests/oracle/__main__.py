"""`python -m tests.oracle`: what 65 entries gain on 1,210 public hidden images, as the table of docs/oracle.md."""

import argparse

from tests.oracle.asking import TELLINGS
from tests.oracle.attacks import ATTACKS
from tests.oracle.simulation import ENTRIES, IMAGES, gain


def main() -> None:
    """Print the table, in points of accuracy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"{ENTRIES} entries, {IMAGES} public images, mean of {options.trials} trials, seed {options.seed}\n")
    print("| scores are told | attack | told at last | on the public images | on the private ones |")
    print("|---|---|--:|--:|--:|")
    for telling in TELLINGS:
        for name, attack in ATTACKS.items():
            found = gain(attack, telling, trials=options.trials, seed=options.seed)
            cells = (_points(each) for each in (found.told, found.public, found.private))
            print(f"| {telling.name} | {name} | {' | '.join(cells)} |")


def _points(accuracy: float) -> str:
    return f"{round(100 * accuracy, 1) + 0.0:+.1f}"  # without a zero below zero


if __name__ == "__main__":
    main()
