"""A whole training for its memory: read, learn one epoch, look back, write, as the stage does. Prints its peak as JSON.

whole.py PACK OUT. One epoch is no locked recipe, so the check of the digest is left out; the margins, which grow with
the epochs, have the room of all of the recipe's.
"""

from __future__ import annotations

from fixed_model.pins import pin

pin()  # before torch is loaded

import argparse  # noqa: E402
import json  # noqa: E402
from dataclasses import replace  # noqa: E402
from pathlib import Path  # noqa: E402
from unittest.mock import patch  # noqa: E402

from torch import Tensor  # noqa: E402

import fixed_model.commands.train  # noqa: E402, F401 - all that the stage loads
from demo.strokes import NUMERALS  # noqa: E402
from fixed_model.dynamics import Dynamics  # noqa: E402
from fixed_model.recipe import DCAI2021  # noqa: E402
from fixed_model.run import Asked, run  # noqa: E402
from tests.benchmarks.training.resident import peak_rss_mib  # noqa: E402


def main() -> None:
    """Train and tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("pack", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    asked = Asked(replace(DCAI2021, epochs=1), seeds=[0], threads=1, classes=len(NUMERALS))
    with patch("fixed_model.run.locked_digest", return_value=""), patch("fixed_model.train.Dynamics", with_all_epochs):
        run(asked, options.pack, options.out, "cpu")
    print(json.dumps({"peak_rss_mib": peak_rss_mib()}))


def with_all_epochs(_: int, labels: Tensor) -> Dynamics:
    """As a training of the whole recipe has it at its end, every page touched."""
    dynamics = Dynamics(DCAI2021.epochs, labels)
    dynamics.margins.fill_(1)
    return dynamics


if __name__ == "__main__":
    main()
