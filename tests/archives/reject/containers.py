"""The table's part about what is no zip, or not the zip that it says it is."""

import functools
import struct

from tests.archives import floods
from tests.archives.makers import Maker, changed, ended, forged, raw, tar
from tests.archives.pictures import picture

CONTAINERS: dict[str, tuple[str, Maker]] = {
    "nothing at all": ("not-a-zip", raw(b"")),
    "a picture": ("not-a-zip", raw(picture(1))),
    "a tar archive": ("not-a-zip", raw(tar())),
    "a gzip stream": ("not-a-zip", raw(b"\x1f\x8b\x08\0" + b"\0" * 60)),
    "a rar archive": ("not-a-zip", raw(b"Rar!\x1a\x07\x01\0" + b"\0" * 60)),
    "a 7z archive": ("not-a-zip", raw(b"7z\xbc\xaf\x27\x1c" + b"\0" * 60)),
    "a web page": ("not-a-zip", raw(b"<!doctype html><title>Not found</title>")),
    "zeros": ("not-a-zip", raw(bytes(100_000))),
    "only an end signature": ("not-a-zip", raw(b"PK\x05\x06")),
    "a thousand end signatures": ("not-a-zip", raw(b"PK\x05\x06" * 1_000)),
    "the first half": ("not-a-zip", changed(lambda whole: whole[: len(whole) // 2])),
    "the last byte missing": ("not-a-zip", changed(lambda whole: whole[:-1])),
    "the end record missing": ("not-a-zip", changed(lambda whole: whole[:-22])),
    "the first byte missing": ("not-a-zip", changed(lambda whole: whole[1:])),
    "the middle missing": ("not-a-zip", changed(lambda whole: whole[:200] + whole[300:])),
    "the directory missing": ("not-a-zip", changed(lambda whole: whole[whole.rindex(b"PK\x05\x06") :])),
    "a picture before it": ("not-a-zip", changed(lambda whole: picture(1) + whole)),
    "a script before it": ("not-a-zip", changed(lambda whole: b"#!/bin/sh\nrm -rf /\n" + whole)),
    "a program before it": ("not-a-zip", changed(lambda whole: b"MZ" + bytes(510) + whole)),
    "a PDF before it": ("not-a-zip", changed(lambda whole: b"%PDF-1.7\n" + whole)),
    "a second zip before it": ("not-a-zip", changed(lambda whole: whole + whole)),
    "a picture behind it": ("not-a-zip", changed(lambda whole: whole + picture(1))),
    "zeros behind it": ("not-a-zip", changed(lambda whole: whole + bytes(1_000))),
    "more behind it than a comment can hold": ("not-a-zip", changed(lambda whole: whole + bytes(70_000))),
    "a comment that is longer than it says": ("not-a-zip", changed(lambda whole: whole + b"comment")),
    "a comment that is another end record": ("not-a-zip", changed(lambda whole: whole[:-2] + b"\x16\0" + whole[-22:])),
    "one disk of several": ("not-a-zip", ended(disk=3)),
    "fewer entries announced": ("not-a-zip", ended(entries=2, here=2)),
    "more entries announced": ("not-a-zip", ended(entries=9, here=9)),
    "counts that disagree": ("not-a-zip", ended(entries=8, here=7)),
    "a directory past the end": ("not-a-zip", ended(offset=2**31)),
    "a directory of four gigabytes": ("not-a-zip", ended(bytes=2**32 - 2)),
    "a directory of no bytes": ("not-a-zip", ended(bytes=0)),
    "a directory that is noise": ("not-a-zip", changed(lambda whole: whole.replace(b"PK\x01\x02", b"\0\0\0\0"))),
    "a directory of a version to come": ("not-a-zip", forged(needs=99)),
    "a name that is no UTF-8": ("not-a-zip", changed(lambda whole: whole.replace(b"train/i/0", b"train/\xff/0").replace(
        b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\0\x08"))),
    "zip64: 2⁶⁴ entries": ("not-a-zip", functools.partial(floods.zip64, entries=2**64 - 1, here=2**64 - 1)),
    "zip64: two counts": ("not-a-zip", functools.partial(floods.zip64, entries=8, here=7)),
    "zip64: fewer entries": ("not-a-zip", functools.partial(floods.zip64, entries=7, here=7)),
    "zip64: a directory elsewhere": ("not-a-zip", functools.partial(floods.zip64, shift=64)),
    "zip64: a directory of 2⁶³ bytes": ("not-a-zip", functools.partial(floods.zip64, size=2**63)),
    "a directory of extra fields": ("not-a-zip", floods.listing(
        lambda n: floods.header(b"train/i/%d.png" % n, struct.pack("<HH", 0x7777, 0) * 16_000), 480)),
    "a directory of 40 MiB of names": ("not-a-zip", floods.listing(
        lambda n: floods.header(b"train/i/" + b"x" * 60_000 + b"%d.png" % n), 700)),
    "60,000 entries": ("too-many-entries", floods.real_entries(60_000)),
    "60,000 entries concealed": ("too-many-entries", floods.concealed),
    "65,000 entries announced": ("too-many-entries", ended(entries=65_000, here=65_000)),
    "a million entries": ("too-many-entries", floods.listing(
        lambda n: floods.header(b"train/i/%d.png" % n), 1_000_000)),
    "a million entries with nothing in them": ("too-many-entries", floods.listing(
        lambda _: floods.header(b""), 700_000, announced=60_000)),
}  # fmt: skip
