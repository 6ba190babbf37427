"""`python -m demo FOLDER`: writes a whole small competition, ready for `manage.py task_import`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from demo.bundle import Amounts, generate


def main(arguments: list[str]) -> None:
    """Draw as asked and say where everything lies."""
    usual = Amounts()
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where to write; made if it is missing")
    parser.add_argument("--seed", type=int, default=2021, help="another seed draws other images")
    parser.add_argument("--train-per-class", type=int, default=usual.train, metavar="N")
    parser.add_argument("--val-per-class", type=int, default=usual.val, metavar="N")
    parser.add_argument("--hidden-per-class", type=int, default=usual.hidden, metavar="N")
    parser.add_argument("--wrong-label-rate", type=float, default=usual.wrong_label_rate, metavar="SHARE")
    asked = parser.parse_args(arguments)
    amounts = Amounts(
        train=asked.train_per_class,
        val=asked.val_per_class,
        hidden=asked.hidden_per_class,
        wrong_label_rate=asked.wrong_label_rate,
    )
    files = generate(asked.folder, amounts, seed=asked.seed)
    sys.stdout.write(f"{files.bundle}\n{files.as_generated}\n{files.cleaned}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
