"""A task's starter kit: what one needs to begin at home, in one zip that is put together while it is sent."""

import hashlib
import io
import shlex
import zipfile
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import BinaryIO

from django.template.loader import render_to_string
from PIL import Image, ImageDraw

from fixpoint.blobs.store import blob_open, blob_size
from fixpoint.tasks.hidden_archive import NEUTRAL_TIME
from fixpoint.tasks.kit_program import FOLDER, REQUIREMENTS, program_files
from fixpoint.tasks.models import Material, Task

_CHUNK = 2**20
_SIDE = 64
_Part = tuple[str, Callable[[], BinaryIO], str]
"""A file's name, its bytes, and what identifies them."""


class Kit:
    """The parts of a task's kit as they are now; the same digest means the same bytes."""

    def __init__(self, task: Task) -> None:
        self._parts = [*_texts(task), *_blobs(task)]  # raises BlobMissingError before anything is sent
        told = "\n".join(f"{name} {identity}" for name, _open, identity in self._parts)
        self.digest = hashlib.sha256(told.encode()).hexdigest()

    def chunks(self) -> Iterator[bytes]:
        """The zip, in pieces of a mebibyte or so; nothing of it is kept in memory or on the disk."""
        pipe = _Pipe()
        with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
            for name, opened, _identity in self._parts:
                with opened() as source, archive.open(zipfile.ZipInfo(name, NEUTRAL_TIME), "w") as part:
                    while piece := source.read(_CHUNK):
                        part.write(piece)
                        yield pipe.taken()
        yield pipe.taken()


class _Pipe(io.RawIOBase):
    """What was written and not yet sent; nobody can go back in it."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        view = memoryview(data)  # type: ignore[arg-type]  # whatever zipfile has at hand
        self._held += view
        return view.nbytes

    def taken(self) -> bytes:
        """All of it, once."""
        held, self._held = bytes(self._held), bytearray()
        return held


def _texts(task: Task) -> Iterator[_Part]:
    lines = REQUIREMENTS.read_text(encoding="utf-8")
    for name, data in (
        ("README.md", _readme(task).encode()),
        ("requirements.txt", lines.encode()),
        ("sample.zip", _sample(tuple(task.classes))),
        *program_files(),
    ):
        yield f"{task.slug}/{name}", lambda data=data: io.BytesIO(data), hashlib.sha256(data).hexdigest()  # type: ignore[misc]


def _blobs(task: Task) -> Iterator[_Part]:
    book = task.materials.filter(role=Material.Role.LABEL_BOOK).first()
    for name, sha256 in (
        ("training-data.zip", task.training_data_sha256),
        ("label-book.zip", book.archive_sha256 if book else ""),
    ):
        if sha256:
            blob_size(sha256)
            yield f"{task.slug}/{name}", lambda sha256=sha256: blob_open(sha256), sha256  # type: ignore[misc]


def _readme(task: Task) -> str:
    """In the language of whoever asks."""
    seeds = ",".join(map(str, task.entry_seeds))
    classes = ",".join(task.classes)
    program = ["venv/bin/fixed-model", "train", "sample.zip", "--recipe", task.recipe, "--seeds", seeds]
    command = shlex.join([*program, "--classes", classes])
    told = {"task": task, "classes": classes, "seeds": seeds, "command": command, "folder": FOLDER}
    return render_to_string("tasks/kit_readme.md", told)


@lru_cache(maxsize=8)
def _sample(classes: tuple[str, ...]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for number, name in enumerate(classes):
            for split, amount in (("train", 2), ("val", 1)):
                for each in range(amount):
                    info = zipfile.ZipInfo(f"{split}/{name}/{each + 1}.png", NEUTRAL_TIME)
                    archive.writestr(info, _drawn(number, each if split == "train" else amount + each + 1))
    return file.getvalue()


def _drawn(number: int, version: int) -> bytes:
    """A picture of its own for each: the class's number, somewhere."""
    image = Image.new("L", (_SIDE, _SIDE), 255 - 5 * version)
    ImageDraw.Draw(image).text((4 + 7 * version, 8 + 9 * version), str(number), fill=0)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
