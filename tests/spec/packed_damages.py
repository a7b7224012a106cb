"""Packed files and what is made of them: what happened to the file on its way, and the rows or the refusal's words.

What belongs here: the table, and the bytes of each case. What must not: tests (test_hostile_archives).
"""

import gzip
import io
import struct
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace

import inflate64

from tests.archives import (
    DEVICE,
    LINK,
    TEXT,
    RawEntry,
    aes_entry,
    old_lock_entry,
    raw_zip,
    seven_zip_greedy,
    seven_zip_named,
    seven_zipped,
    seven_zipped_link,
    special,
    tar_gz,
    tarred,
    zipped,
)

DAMAGED = "the archive is damaged or cut off"
CONTRADICTION = "the archive contradicts its own table of contents"
PLACE = "the archive holds a file whose path leads out of it"
NO_PLAIN_FILE = "the archive holds a link or a device"
NESTED = "the archive holds another archive or a sealed file"
PART = "the archive is one part of several"
NO_PASSWORD = "the archive is locked and its password is not known"
WRONG = "the password does not open the archive"
WRONG_OR_DAMAGED = "the password does not open the archive, or the archive is damaged"
UNREAD = "the archive is packed or locked by a method that is not read"


@dataclass(frozen=True)
class PackedDamage:
    """What a holder sends under a name, and what comes of it: the rows that are kept, or the refusal of the file."""

    name: str
    file: str
    sent: Callable[[], bytes]
    kept: tuple[int, ...] = (1, 2)
    refusal: str = ""
    member: str | None = None
    password: str | None = None


def refused(name: str, file: str, sent: Callable[[], bytes], refusal: str, **more: str) -> PackedDamage:
    return PackedDamage(name, file, sent, (), refusal, **more)


def flipped(content: bytes, place: int) -> bytes:
    """The same bytes with one bit changed."""
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def deflate64(content: bytes) -> bytes:
    packer = inflate64.Deflater()
    return packer.deflate(content) + packer.flush()


def with_end(content: bytes, *, disk: int | None = None, start: int | None = None) -> bytes:
    """A zip archive whose last record says something else."""
    end = bytearray(content[-22:])
    if disk is not None:
        struct.pack_into("<H", end, 4, disk)
    if start is not None:
        struct.pack_into("<L", end, 16, start)
    return content[:-22] + bytes(end)


def with_comment(comment: bytes) -> bytes:
    """A zip archive with a comment behind its last record."""
    return zipped()[:-2] + struct.pack("<H", len(comment)) + comment


def overlapping() -> bytes:
    """Two entries whose packed bytes are the same, so that a little is unpacked twice."""
    whole = RawEntry("par.csv", TEXT)
    behind = RawEntry("b.csv", b"x")
    return raw_zip(whole, replace(behind, at=20))


def zip64() -> bytes:
    """An archive whose sizes stand in the larger records, as those above 4 GiB have them."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("par.csv", "w", force_zip64=True) as entry,
    ):
        entry.write(TEXT)
    return stream.getvalue()


def several() -> tuple[tuple[str, bytes], ...]:
    return (("lev/Par_2219.csv", TEXT), ("lev/läsmig.txt", b"x"))


def bomb() -> bytes:
    """Text that is nothing but one letter, some thousand times smaller when packed."""
    return b"a;b\n" + b"1;1\n" * (32 * 1024 * 1024)


def with_long_header() -> tarfile.TarInfo:
    """An entry with a comment of two mebibytes."""
    entry = tarfile.TarInfo("lev")
    entry.type, entry.pax_headers = tarfile.DIRTYPE, {"comment": "x" * 2 * 1024 * 1024}
    return entry


def bad_crc(entry: RawEntry) -> bytes:
    return raw_zip(replace(entry, crc=1))


ZIP = [
    PackedDamage("none", "par.zip", lambda: zipped()),
    PackedDamage("a name that tells nothing", "par", lambda: zipped()),
    PackedDamage("no compression", "par.zip", lambda: zipped(method=zipfile.ZIP_STORED)),
    PackedDamage("bzip2 inside", "par.zip", lambda: zipped(method=zipfile.ZIP_BZIP2)),
    PackedDamage(
        "Deflate64, as Windows packs large files", "par.zip",
        lambda: raw_zip(RawEntry(method=9, packed=deflate64(TEXT))),
    ),
    PackedDamage("the larger records of zip64", "par.zip", zip64),
    PackedDamage(
        "a folder and what systems leave behind",
        "par.zip",
        lambda: zipped(("lev/", b""), ("lev/par.csv", TEXT), ("__MACOSX/lev/._par.csv", b"x"), ("lev/.DS_Store", b"x")),
    ),
    PackedDamage("a comment at the end", "par.zip", lambda: with_comment(b"uttag 2219")),
    PackedDamage("several files, one declared", "par.zip", lambda: zipped(*several()), member="par_*.csv"),
    PackedDamage("AES of 256 bits", "par.zip", lambda: raw_zip(aes_entry(b"hemligt")), password="hemligt"),
    PackedDamage(
        "AES of 128 bits, first version", "par.zip", lambda: raw_zip(aes_entry(b"hemligt", strength=1, version=1)),
        password="hemligt",
    ),
    PackedDamage("the old lock", "par.zip", lambda: raw_zip(old_lock_entry(b"hemligt")), password="hemligt"),
    PackedDamage(
        "a password with letters of an old encoding", "par.zip",
        lambda: raw_zip(old_lock_entry("lösen".encode("cp850"))), password="lösen",
    ),
    PackedDamage(
        "a password that nobody needs", "par.zip", lambda: zipped(), password="hemligt"
    ),
    refused("AES and no password", "par.zip", lambda: raw_zip(aes_entry(b"hemligt")), NO_PASSWORD),
    refused("AES and another password", "par.zip", lambda: raw_zip(aes_entry(b"hemligt")), WRONG, password="fel"),
    refused(
        "AES and a changed byte", "par.zip",
        lambda: raw_zip(replace(aes_entry(b"hemligt"), packed=flipped(aes_entry(b"hemligt").data, 30))),
        DAMAGED, password="hemligt",
    ),
    refused("the old lock and no password", "par.zip", lambda: raw_zip(old_lock_entry(b"hemligt")), NO_PASSWORD),
    refused("the old lock and another password", "par.zip", lambda: raw_zip(old_lock_entry(b"hemligt")), WRONG,
            password="fel"),
    refused(
        "the old lock and a changed byte", "par.zip",
        lambda: raw_zip(replace(old_lock_entry(b"hemligt"), packed=flipped(old_lock_entry(b"hemligt").data, 20))),
        WRONG_OR_DAMAGED, password="hemligt",
    ),
    refused("a lock of another kind", "par.zip", lambda: raw_zip(RawEntry(flags=0x841)), UNREAD),
    refused("a method of packing that is not read", "par.zip", lambda: raw_zip(RawEntry(method=98)), UNREAD),
    refused("cut off", "par.zip", lambda: zipped()[:-9], DAMAGED),
    refused("the first bytes alone", "par.zip", lambda: b"PK\x03\x04rest", DAMAGED),
    refused("bytes behind the end", "par.zip", lambda: zipped() + b"more", DAMAGED),
    refused("another file before it", "par.zip", lambda: raw_zip(RawEntry(), before=b"PK\x03\x04" + bytes(40)),
            CONTRADICTION),
    refused("a changed byte, told by the check sum", "par.zip", lambda: bad_crc(RawEntry()), DAMAGED),
    refused("more bytes than the table says", "par.zip", lambda: raw_zip(RawEntry(size=len(TEXT) - 3)), DAMAGED),
    refused("fewer bytes than the table says", "par.zip", lambda: raw_zip(RawEntry(size=len(TEXT) + 3)), CONTRADICTION),
    refused("a table of contents that leads elsewhere", "par.zip", lambda: with_end(zipped(), start=7), CONTRADICTION),
    refused("text under its name", "par.zip", lambda: TEXT, "the content is text, not a zip archive"),
    refused("one part of several", "par.zip", lambda: with_end(zipped(), disk=1), PART),
    refused("one part of several, by its first bytes", "par.zip", lambda: b"PK\x07\x08" + zipped(), PART),
    refused("one part of several, by its name", "par.z01", lambda: zipped(), PART),
    refused("no file", "par.zip", lambda: zipped(("lev/", b"")), "the archive holds no file"),
    refused("several files", "par.zip", lambda: zipped(*several()), "the archive holds 2 files"),
    refused("several files, none as declared", "par.zip", lambda: zipped(*several()), "0 files in the archive",
            member="lmed_*"),
    refused("several files, two as declared", "par.zip", lambda: zipped(*several()), "2 files in the archive",
            member="*"),
    refused("two files of one name", "par.zip", lambda: raw_zip(RawEntry(), RawEntry()), "two files of the same name"),
    refused("over 1000 entries", "par.zip", lambda: zipped(*((f"{n}/", b"") for n in range(1001))),
            "more than 1000 entries"),
    refused("a path up", "par.zip", lambda: zipped(("../par.csv", TEXT)), PLACE),
    refused("a path up, further in", "par.zip", lambda: zipped(("lev/../../par.csv", TEXT)), PLACE),
    refused("a path from the root", "par.zip", lambda: zipped(("/etc/par.csv", TEXT)), PLACE),
    refused("a drive", "par.zip", lambda: zipped(("C:/par.csv", TEXT)), PLACE),
    refused("backslashes", "par.zip", lambda: zipped(("..\\par.csv", TEXT)), PLACE),
    refused("a zero byte in a name", "par.zip", lambda: raw_zip(RawEntry("par.csv\x00.exe")), PLACE),
    refused("no name", "par.zip", lambda: raw_zip(RawEntry("")), PLACE),
    refused("a path up beside the file", "par.zip", lambda: zipped(("par.csv", TEXT), ("../.DS_Store", b"")), PLACE),
    refused("a link", "par.zip", lambda: raw_zip(RawEntry(mode=LINK, content=b"/etc/passwd")), NO_PLAIN_FILE),
    refused("a device", "par.zip", lambda: raw_zip(RawEntry(mode=DEVICE)), NO_PLAIN_FILE),
    refused("another name in the entry than in the table", "par.zip",
            lambda: raw_zip(RawEntry(local_name="xar.csv")), CONTRADICTION),
    refused("another method in the entry than in the table", "par.zip",
            lambda: raw_zip(RawEntry(local_method=zipfile.ZIP_STORED)), CONTRADICTION),
    refused("entries over one another", "par.zip", overlapping, CONTRADICTION, member="par.csv"),
    refused("a bomb", "par.zip", lambda: zipped(("par.csv", bomb())), "more than 250 times its size"),
    refused("a size that no file has", "par.zip", lambda: raw_zip(RawEntry(size=0xFFFFFFF0)),
            "more than 250 times its size"),
    refused("an archive in the archive", "par.zip", lambda: zipped(("par.zip", zipped())), NESTED),
    refused("gzip in the archive", "par.zip", lambda: zipped(("par.csv.gz", gzip.compress(TEXT))), NESTED),
    refused("a web page in the archive", "par.zip", lambda: zipped(("par.csv", b"<!DOCTYPE html><html>")),
            "the content is a web page"),
    refused("an empty file in the archive", "par.zip", lambda: zipped(("par.csv", b"")), "the file is empty"),
]  # fmt: skip

GZIP = [
    PackedDamage("none", "par.csv.gz", lambda: gzip.compress(TEXT)),
    PackedDamage("a name that tells nothing", "par.gz", lambda: gzip.compress(TEXT)),
    PackedDamage(
        "members one behind the other", "par.csv.gz",
                 lambda: gzip.compress(TEXT[:20]) + gzip.compress(TEXT[20:])
    ),
    PackedDamage("zeros behind the end", "par.csv.gz", lambda: gzip.compress(TEXT) + bytes(512)),
    refused("cut off", "par.csv.gz", lambda: gzip.compress(TEXT)[:-1], DAMAGED),
    refused(
        "cut off in the second member", "par.csv.gz",
            lambda: gzip.compress(TEXT) + gzip.compress(TEXT)[:-9], DAMAGED
    ),
    refused("bytes behind the end", "par.csv.gz", lambda: gzip.compress(TEXT) + b"more", DAMAGED),
    refused("a changed check sum", "par.csv.gz", lambda: flipped(gzip.compress(TEXT), -8), DAMAGED),
    refused("a bomb", "par.csv.gz", lambda: gzip.compress(bomb()), "more than 250 times its size"),
    refused("gzip in gzip", "par.csv.gz.gz", lambda: gzip.compress(gzip.compress(TEXT)), NESTED),
    refused("text under its name", "par.csv.gz", lambda: TEXT, "the content is text, not a gzip archive"),
    refused("one part of several", "par.csv.gz.001", lambda: gzip.compress(TEXT), PART),
    refused("nothing in it", "par.csv.gz", lambda: gzip.compress(b""), "the file is empty"),
]  # fmt: skip

TAR = [
    PackedDamage("none", "par.tar.gz", lambda: tar_gz()),
    PackedDamage("the short name", "par.tgz", lambda: tar_gz()),
    PackedDamage(
        "a folder", "par.tar.gz",
                 lambda: tar_gz(("lev/par.csv", TEXT), entries=[special("lev", tarfile.DIRTYPE)])
    ),
    PackedDamage("several files, one declared", "par.tar.gz", lambda: tar_gz(*several()), member="lev/par_*"),
    refused("several files", "par.tar.gz", lambda: tar_gz(*several()), "the archive holds 2 files"),
    refused("a path up", "par.tar.gz", lambda: tar_gz(("../par.csv", TEXT)), PLACE),
    refused("a path from the root", "par.tar.gz", lambda: tar_gz(("/par.csv", TEXT)), PLACE),
    refused(
        "a link", "par.tar.gz",
            lambda: tar_gz(entries=[special("x", tarfile.SYMTYPE, "/etc/passwd")]), NO_PLAIN_FILE
    ),
    refused(
        "a hard link", "par.tar.gz",
            lambda: tar_gz(entries=[special("x", tarfile.LNKTYPE, "par.csv")]), NO_PLAIN_FILE
    ),
    refused("a device", "par.tar.gz", lambda: tar_gz(entries=[special("x", tarfile.CHRTYPE)]), NO_PLAIN_FILE),
    refused("cut off inside gzip", "par.tar.gz", lambda: gzip.compress(tarred(("par.csv", TEXT))[:700]), DAMAGED),
    refused("without its end", "par.tar.gz", lambda: gzip.compress(tarred(("par.csv", TEXT))[:1024]), DAMAGED),
    refused("cut off", "par.tar.gz", lambda: tar_gz()[:-1], DAMAGED),
    refused("a second archive behind it", "par.tar.gz", lambda: gzip.compress(tarred(("par.csv", TEXT)) * 2), DAMAGED),
    refused("no tar archive inside", "par.tar.gz", lambda: gzip.compress(TEXT), DAMAGED),
    refused("a changed header", "par.tar.gz", lambda: gzip.compress(flipped(tarred(("par.csv", TEXT)), 3)), DAMAGED),
    refused("a header that fills the memory", "par.tar.gz", lambda: tar_gz(entries=[with_long_header()]), DAMAGED),
    refused("an archive in the archive", "par.tar.gz", lambda: tar_gz(("par.zip", zipped())), NESTED),
]  # fmt: skip

SEVEN_ZIP = [
    PackedDamage("none", "par.7z", lambda: seven_zipped()),
    PackedDamage("a password", "par.7z", lambda: seven_zipped(password="hemligt"), password="hemligt"),
    PackedDamage("a password over names as well", "par.7z", lambda: seven_zipped(password="hemligt", hidden=True),
                 password="hemligt"),
    PackedDamage("several files, one declared", "par.7z", lambda: seven_zipped(*several()[::-1]), member="par_*"),
    refused("a password and none known", "par.7z", lambda: seven_zipped(password="hemligt"), NO_PASSWORD),
    refused("a password over names and none known", "par.7z", lambda: seven_zipped(password="hemligt", hidden=True),
            NO_PASSWORD),
    refused("another password", "par.7z", lambda: seven_zipped(password="hemligt"), WRONG_OR_DAMAGED, password="fel"),
    refused("another password over names", "par.7z", lambda: seven_zipped(password="hemligt", hidden=True),
            WRONG_OR_DAMAGED, password="fel"),
    refused("several files", "par.7z", lambda: seven_zipped(*several()), "the archive holds 2 files"),
    refused("a path up", "par.7z", lambda: seven_zip_named("../.csv"), PLACE),
    refused("a path from the root", "par.7z", lambda: seven_zip_named("/ar.csv"), PLACE),
    refused("a drive", "par.7z", lambda: seven_zip_named("C:a.csv"), PLACE),
    refused("a link", "par.7z", seven_zipped_link, NO_PLAIN_FILE),
    refused("cut off", "par.7z", lambda: seven_zipped()[:-1], DAMAGED),
    refused("bytes behind the end", "par.7z", lambda: seven_zipped() + b"more", DAMAGED),
    refused("a changed byte", "par.7z", lambda: flipped(seven_zipped(), 40), DAMAGED),
    refused("one part of several", "par.7z.001", lambda: seven_zipped()[:60], PART),
    refused("a dictionary that fills the memory", "par.7z", seven_zip_greedy, "unpacking needs more than 320 MiB"),
    refused("a bomb", "par.7z", lambda: seven_zipped(("par.csv", bomb())), "more than 250 times its size"),
    refused("an archive in the archive", "par.7z", lambda: seven_zipped(("par.zip", zipped())), NESTED),
]  # fmt: skip

PACKED_DAMAGES: dict[str, list[PackedDamage]] = {"zip": ZIP, "gz": GZIP, "tar.gz": TAR, "7z": SEVEN_ZIP}
"""By what the file comes packed in."""
