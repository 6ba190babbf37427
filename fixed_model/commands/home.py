"""`fixed-model train DIR`: the same training on one's own computer, from a folder of images to a digest to compare."""

from __future__ import annotations

import argparse
import itertools
import os
import shlex
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from tqdm import tqdm

from fixed_model.endings import told
from fixed_model.faults import BadRequestError
from fixed_model.ingest import ingest
from fixed_model.limits import Limits
from fixed_model.outcome import read_outcome, write_json
from fixed_model.packing import Request
from fixed_model.recipe import DCAI2021, RECIPES
from fixed_model.run import MOST_SEEDS, Asked, run
from fixed_model.train import Epoch

NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
LIMITS = Limits(
    images=10_000, image_bytes=20 * 2**20, image_pixels=50 * 10**6, archive_bytes=2**40, unpacked_bytes=2**40
)
SHOWN = 20  # refusals


def main(arguments: list[str]) -> None:
    """Pack the folder, train, say what came of it."""
    parser = argparse.ArgumentParser(prog="fixed-model train", description=__doc__, epilog="or: --request …, a stage")
    parser.add_argument(
        "directory", type=Path, metavar="DIR", help="train/<class>/… and val/<class>/…, or a zip of them"
    )
    parser.add_argument("--recipe", default=DCAI2021.name, choices=sorted(RECIPES), help="default: %(default)s")
    parser.add_argument("--seeds", default="0", metavar="N,…", help="default: 0; several are trained side by side")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="seeds at a time; default: all cores")
    parser.add_argument("--classes", metavar="A,B,…", help="in the task's order; default: Roman numerals, else by name")
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="for all that is made; default: DIR-run beside it, or -run-2, …"
    )
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    train_at_home(parser.parse_args(arguments))


def train_at_home(options: argparse.Namespace) -> None:
    """The whole way from a folder to a digest."""
    source: Path = options.directory
    if not source.exists():
        raise SystemExit(f"There is no {source}.")
    out: Path = options.out or default_out(source.resolve())
    if out.resolve() == source.resolve():
        raise SystemExit(f"--out {out} is the data itself; name another folder.")
    if holds_run(out):
        raise SystemExit(f"{out} holds a run already; name another folder with --out, or remove it.")
    classes = options.classes.split(",") if options.classes else classes_of(source)
    recipe = RECIPES[options.recipe]
    try:
        request = {"recipe": recipe.name, "seeds": options.seeds.split(","), "threads": options.threads}
        asked = Asked.of(request | {"classes": len(classes)})
    except (BadRequestError, ValueError):
        raise SystemExit(f"--seeds takes 1 to {MOST_SEEDS} different numbers such as 0,1,2.") from None
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SystemExit(f"Nothing can be written to {out}: {error}") from None
    with told():
        said = pack_folder(source, out, Request("splits", classes, LIMITS, 1, recipe.input_size, asked.threads))
    train, val = (sum(said["counts"][split].values()) for split in ("train", "val"))
    print(f"{train:,} train and {val:,} val images in {', '.join(classes)}; dataset digest {said['dataset_digest']}")
    write_json(out / "request.json", request | {"seeds": asked.seeds, "classes": len(classes)})
    tqdm.monitor_interval = 0  # no thread beside the seeds' forks
    with told(), tqdm(total=len(asked.seeds) * recipe.epochs, unit="epoch", file=sys.stderr) as bar:
        facts = run(asked, out / "pack.safetensors", out, options.device, lambda seed, epoch: show(bar, seed, epoch))
    tell(facts, out)


def default_out(source: Path) -> Path:
    """Beside the source, under its name; with a number where an earlier run has that name."""
    name = f"{source.name if source.is_dir() else source.stem}-run"
    folders = (source.with_name(name if n == 1 else f"{name}-{n}") for n in itertools.count(1))
    return next(folder for folder in folders if not holds_run(folder))


def holds_run(folder: Path) -> bool:
    """Whether something was trained there: it took its time and is not written over."""
    return (folder / "weights.safetensors").exists()


def classes_of(source: Path) -> list[str]:
    """The names of the folders under train, in the order that a task would have."""
    if source.is_dir():
        found = {path.name for path in (source / "train").glob("*") if path.is_dir() and not is_clutter(path.name)}
    else:
        try:
            with zipfile.ZipFile(source) as archive:
                parts = [Path(name).parts for name in archive.namelist() if not name.startswith("__MACOSX")]
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise SystemExit(f"{source} is neither a folder nor a zip that can be read: {error}") from None
        inside = [part[part.index("train") + 1 :] for part in parts if "train" in part[:2]]
        found = {part[0] for part in inside if len(part) > 1 and not is_clutter(part[0])}
    if not found:
        raise SystemExit(f"{source} has no folders train/<class>.")
    odd = sorted(found - set(NUMERALS))
    if odd and len(odd) < len(found):
        names = ", ".join(odd)
        raise SystemExit(f"Some classes are Roman numerals and some are not: {names}. Rename them, or give --classes.")
    return sorted(found) if odd else [name for name in NUMERALS if name in found]


def is_clutter(name: str) -> bool:
    """Whether a folder is an operating system's or a program's own."""
    return name.startswith((".", "__MACOSX"))


def pack_folder(source: Path, out: Path, request: Request) -> dict[str, Any]:
    """Write the pack as the platform's ingest does and give its outcome, or end with its reasons."""
    with tempfile.TemporaryDirectory() as folder:
        archive = source
        if source.is_dir():
            archive = Path(folder) / "archive.zip"
            with zipfile.ZipFile(archive, "w", strict_timestamps=False) as zipped:
                for path in sorted(path for path in source.rglob("*") if path.is_file()):
                    if not within(path, out) or not within(out, source):  # a run inside the data is no data
                        zipped.write(path, path.relative_to(source))
        ingest(request, archive, out)
    said = read_outcome(out)
    if said["outcome"] != "done":
        reasons = [f"  {one['path'] or source}: {one['detail']} ({one['rule']})" for one in said["refusals"][:SHOWN]]
        more = sum(said["refusal_counts"].values()) - len(reasons)
        raise SystemExit("\n".join(["The dataset is refused:", *reasons, *([f"  and {more} more"] if more else [])]))
    return said


def within(path: Path, folder: Path) -> bool:
    """Whether a path leads into a folder."""
    return path.resolve().is_relative_to(folder.resolve())


def show(bar: tqdm[Any], seed: int, epoch: Epoch) -> None:
    """Move the bar by an epoch."""
    bar.set_postfix_str(f"seed {seed}, loss {epoch.loss:.3f}, val accuracy {epoch.val_accuracy:.3f}", refresh=False)
    bar.update()


def tell(facts: dict[str, Any], out: Path) -> None:
    """What came of it."""
    for one in facts["seeds"]:
        print(
            f"seed {one['seed']}: val accuracy {one['best_val_accuracy']:.4f} in epoch {one['best_epoch']}, weights",
            end=" ",
        )
        print(one["weights_digest"])
    if facts["val_accuracy_spread"] is not None:
        print(f"mean {facts['best_val_accuracy']:.4f}, spread {facts['val_accuracy_spread']:.4f}")
    print(f"recipe {facts['recipe']} {facts['recipe_digest'][:16]}…, device class {facts['device_class']}")
    print(f"{facts['seconds']:.0f} s; everything is in {out}. To run it again and compare:")
    print(f"fixed-model verify {shlex.quote(str(out))}")
