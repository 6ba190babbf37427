"""What a kind of archive is made of: makers that write a dataset of eight pictures with something odd in it."""

import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.archives.classes import CLASSES
from tests.archives.forge import LOCAL_FIELDS, forge_end, forge_entry, forge_local, forge_name, make_zip
from tests.archives.pictures import picture

GOOD = tuple(f"{split}/{name}/{index}.png" for split in ("train", "val") for name in CLASSES for index in range(2))
VICTIM = GOOD[0]
PLACE = "train/i/odd.png"

Maker = Callable[[Path], object]


def content(name: str) -> bytes:
    """A real picture of its own for every name; nothing for a folder."""
    return b"" if name.endswith("/") else picture(zlib.crc32(name.encode()))


def dataset(names: tuple[str, ...] = GOOD) -> dict[str, bytes]:
    """Names with their pictures."""
    return {name: content(name) for name in names}


def only(*names: str) -> Maker:
    """An archive of these names and nothing else."""
    return lambda path: make_zip(path, dataset(names))


def with_names(*names: str) -> Maker:
    """The dataset and more names, each a good picture."""
    return lambda path: make_zip(path, dataset((*GOOD, *names)))


def renamed(change: Callable[[str], str]) -> Maker:
    """The dataset under other names."""
    return lambda path: make_zip(path, {change(name): content(name) for name in GOOD})


def with_file(make: Callable[[], bytes] | bytes, name: str = PLACE, method: int = zipfile.ZIP_DEFLATED) -> Maker:
    """The dataset and one more file of these bytes."""
    return lambda path: make_zip(path, dataset() | {name: make if isinstance(make, bytes) else make()}, method)


def with_files(files: Callable[[], Mapping[str, bytes]]) -> Maker:
    """The dataset and more files."""
    return lambda path: make_zip(path, dataset() | dict(files()))


def named(name: bytes) -> Maker:
    """A name that zip programs do not write, forged over one of the same length."""
    plain = "n" * len(name)
    return lambda path: forge_name(make_zip(path, dataset((*GOOD, plain))), plain, name)


def forged(**values: int) -> Maker:
    """One entry's fields in the directory."""
    return lambda path: forge_entry(make_zip(path, dataset()), VICTIM, **values)


def forged_local(**values: int) -> Maker:
    """One entry's fields before its data."""
    assert values.keys() <= LOCAL_FIELDS.keys()
    return lambda path: forge_local(make_zip(path, dataset()), VICTIM, **values)


def ended(**values: int) -> Maker:
    """Fields of the end record."""
    return lambda path: forge_end(make_zip(path, dataset()), **values)


def raw(data: bytes) -> Maker:
    """Any bytes at all."""
    return lambda path: path.write_bytes(data)


def changed(change: Callable[[bytes], bytes]) -> Maker:
    """The dataset's bytes, changed."""
    return lambda path: path.write_bytes(change(make_zip(path, dataset()).read_bytes()))


def damaged(at: int, method: int = zipfile.ZIP_DEFLATED) -> Maker:
    """One byte of the first entry's data turned round, counted from where the data begins."""

    def make(path: Path) -> None:
        data = bytearray(make_zip(path, dataset(), method).read_bytes())
        data[30 + len(VICTIM) + at] ^= 0xFF
        path.write_bytes(data)

    return make


def repeated(path: Path) -> None:
    """One name twice."""
    make_zip(path, dataset((*GOOD, "train/i/9.png")))
    forge_name(path, "train/i/9.png", b"train/i/1.png")


def split_header(path: Path) -> None:
    """A name before the data that is not the one in the directory."""
    data = make_zip(path, dataset()).read_bytes()
    path.write_bytes(data.replace(VICTIM.encode(), VICTIM.encode()[:-5] + b"9.png", 1))


def inner_zip(depth: int = 1) -> bytes:
    """A zip in a zip in a zip."""
    data = picture(1)
    for _ in range(depth):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inner.zip", data)
        data = file.getvalue()
    return data


def tar() -> bytes:
    """A tar of the dataset."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, data in dataset().items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()
