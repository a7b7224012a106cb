"""The archive and the row counter: plain building blocks of sealing and verifying."""

import csv
import io
import tarfile
from collections.abc import Iterator

import pytest

from samkorning.delivery.package.archive import ChunkReader, Member, document, tar_chunks
from samkorning.delivery.recipient.check import RowCounter
from samkorning.errors import GuardedFailure

MEMBERS = [document("LÄSMIG.md", b"text"), document("data/b.csv", b"b" * 700), document("data/a.csv", b"")]


def archive_of(members: list[Member]) -> bytes:
    return b"".join(tar_chunks("36759-2021_L001", members))


def test_the_archive_opens_with_sorted_members_without_owner_or_time() -> None:
    with tarfile.open(fileobj=io.BytesIO(archive_of(MEMBERS)), mode="r:") as archive:
        members = archive.getmembers()
        assert [(member.name, member.mode) for member in members] == [
            ("36759-2021_L001", 0o700),
            ("36759-2021_L001/data", 0o700),
            ("36759-2021_L001/LÄSMIG.md", 0o600),
            ("36759-2021_L001/data/a.csv", 0o600),
            ("36759-2021_L001/data/b.csv", 0o600),
        ]
        assert {(member.mtime, member.uid, member.gid, member.uname, member.gname) for member in members} == {
            (0, 0, 0, "", "")
        }
        file = archive.extractfile("36759-2021_L001/data/b.csv")
        assert file is not None
        assert file.read() == b"b" * 700


def test_the_archive_is_the_same_whatever_the_order_of_members() -> None:
    assert archive_of(MEMBERS) == archive_of(MEMBERS[::-1])


def test_the_archive_is_padded_to_whole_records() -> None:
    for size in (0, 1, 511, 512, 513, 9_000, 10_240):
        assert len(archive_of([document("a", bytes(size))])) % tarfile.RECORDSIZE == 0


def test_a_member_larger_than_8_gigabytes_can_be_told() -> None:
    chunks = tar_chunks("36759-2021_L001", [Member("data/a.csv", 9 << 30, lambda: iter([]))])
    next(chunks), next(chunks)
    header = next(chunks)
    assert tarfile.TarInfo.frombuf(header[-512:], "utf-8", "strict").size == 0
    assert str(9 << 30).encode() in header


@pytest.mark.parametrize("chunks", [[], [b"ab"], [b"abcd"], [b"ab", b"cd"]])
def test_a_member_of_another_size_than_it_said_stops_the_sealing(chunks: list[bytes]) -> None:
    with pytest.raises(GuardedFailure, match=r"data/a\.csv"):
        archive_of([Member("data/a.csv", 3, lambda: iter(chunks))])


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8192])
def test_chunks_are_read_in_order_and_never_more_than_asked(size: int) -> None:
    reader = ChunkReader(iter([b"abc", b"", b"defgh", b"i"]))
    parts = list(iter(lambda: reader.read(size), b""))
    assert b"".join(parts) == b"abcdefghi"
    assert max(map(len, parts)) <= size


def test_chunks_are_made_only_when_read() -> None:
    made = []

    def chunks() -> Iterator[bytes]:
        for number in range(3):
            made.append(number)
            yield b"x"

    reader = ChunkReader(chunks())
    assert made == []
    reader.read(8192)
    assert made == [0]


TABLES = [
    [],
    [["a"]],
    [["a", ""], ["", "b"]],
    [['q"', '"'], ['""', "\r\n"]],
    [["\n\n", "a;b"], ["x\ny", 'z"\n"'], ["", '"\n']],
]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_rows_are_counted_whatever_the_chunks_and_line_breaks_inside(table: list[list[str]], size: int) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows([["LopNr", "TEXT"], *table])
    content, counter = text.getvalue().encode("utf-8-sig"), RowCounter()
    for start in range(0, len(content), size):
        counter.update(content[start : start + size])
    assert counter.rows == len(table)


def test_an_empty_file_has_no_rows() -> None:
    assert RowCounter().rows == 0
