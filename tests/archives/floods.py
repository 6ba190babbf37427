"""Archives that are much, or say that they are: floods of entries, of fields, of zeros."""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.archives.forge import forge_end, forge_entry, make_zip
from tests.archives.makers import GOOD, PLACE, VICTIM, content, dataset

END64 = struct.Struct("<4sQ2H2L4Q")
MEBIBYTE = 2**20


def header(name: bytes, extra: bytes = b"", **fields: int) -> bytes:
    """One entry of a directory, without any data anywhere."""
    flags, method = fields.get("flags", 0x800), fields.get("method", 8)
    size, packed = fields.get("size", 99), fields.get("packed", 99)
    head = struct.pack("<4s6H3L", b"PK\x01\x02", 20, 20, flags, method, 0, 0, 0, packed, size)
    return head + struct.pack("<5H2L", len(name), len(extra), 0, 0, 0, 0, 0) + name + extra


def listing(entry: Callable[[int], bytes], count: int, announced: int | None = None) -> Callable[[Path], object]:
    """A file that is nothing but a directory of so many numbered entries; `announced` is what its end says."""

    def make(path: Path) -> None:
        with path.open("wb") as file:
            for number in range(count):
                file.write(entry(number))
            size, said = file.tell(), min(count if announced is None else announced, 0xFFFF)
            file.write(struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, said, said, size, 0, 0))

    return make


def real_entries(count: int) -> Callable[[Path], object]:
    """Entries of no bytes that are really there, with a zip64 end record where that is needed."""

    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for index in range(count):
                archive.writestr(f"{index}", b"")

    return make


def concealed(path: Path) -> None:
    """Sixty thousand entries of which the end admits eight."""
    real_entries(60_000)(path)
    forge_end(path, entries=8, here=8)


def everything_wrong(path: Path) -> None:
    """As many entries as may be, each against five rules."""
    name = b"train/i/" + b"x" * 180
    listing(lambda n: header(name + b"%d.zip" % (n // 2), flags=1, method=9, size=2**31), 40_000)(path)


def zeros(path: Path) -> None:
    """Seventeen entries of 256 MiB of which only the sizes are real: the totals are too much."""
    make_zip(path, dataset() | {f"train/i/zero{index}.png": bytes(MEBIBYTE) for index in range(17)})
    for index in range(17):
        forge_entry(path, f"train/i/zero{index}.png", size=2**28)


def zeros_for_real(path: Path) -> None:
    """One entry that unpacks to 64 MiB, and says so."""
    make_zip(path, dataset() | {PLACE: bytes(64 * MEBIBYTE)})


def zeros_unsaid(path: Path) -> None:
    """One entry that unpacks to 64 MiB and says that it is a thousand bytes."""
    zeros_for_real(path)
    forge_entry(path, PLACE, size=1000)


def kernel(path: Path) -> None:
    """Fifty entries that are all the same bytes: the flat bomb of 2019."""
    names = [f"train/i/same{index}.png" for index in range(50)]
    make_zip(path, dataset((*GOOD, *names)))
    for name in names:
        forge_entry(path, name, offset=0)


def quoted(path: Path) -> None:
    """Entries whose data holds the following entries' headers: the same bomb without a shared start."""
    make_zip(path, dataset(), zipfile.ZIP_STORED)
    whole = path.stat().st_size
    for name in GOOD[:4]:
        forge_entry(path, name, packed=whole // 2, size=whole // 2)


def own_bytes(path: Path) -> None:
    """A quine: an entry whose data is the archive that holds it."""
    make_zip(path, dataset((PLACE, *GOOD)), zipfile.ZIP_STORED)
    size = path.stat().st_size - 30 - len(PLACE)
    forge_entry(path, PLACE, packed=size, size=size)


def zip64(path: Path, *, entries: int = 8, here: int = 8, shift: int = 0, size: int | None = None) -> None:
    """A zip64 end record that says what it is told to, before an end record that agrees or does not."""
    whole = make_zip(path, dataset()).read_bytes()
    at = whole.rindex(b"PK\x05\x06")
    *_, length, offset, _ = struct.unpack("<4s4H2LH", whole[at:])
    said = length if size is None else size
    record = END64.pack(b"PK\x06\x06", 44, 45, 45, 0, 0, here, entries, said, offset + shift)
    path.write_bytes(whole[:at] + record + struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1) + whole[at:])


def zip64_entry(field: int, **values: int) -> Callable[[Path], object]:
    """An entry whose size, packed size or offset stands in a zip64 field and is absurd."""

    def make(path: Path) -> None:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in GOOD:
                info = zipfile.ZipInfo(name)
                info.extra = struct.pack("<HHQ", 1 if name == VICTIM else 0x7777, 8, field)
                archive.writestr(info, content(name), zipfile.ZIP_DEFLATED)
        path.write_bytes(file.getvalue())
        forge_entry(path, VICTIM, **values)

    return make
