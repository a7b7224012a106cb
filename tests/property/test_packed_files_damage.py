"""One changed, lost or added byte anywhere in a packed file: the same rows or a refusal, never other rows."""

import gzip
import io
from functools import cache, partial

from hypothesis import given, settings
from hypothesis import strategies as st

from samkorning.encryption.age import create_identity, seal
from samkorning.encryption.age_chunks import unsealed_chunks
from samkorning.errors import FileRefused
from samkorning.register_files import FileContract, inspect_register_file
from samkorning.register_files.formats import open_register_file
from samkorning.register_files.packaging import FileSecrets
from tests.archives import TEXT, aes_entry, old_lock_entry, raw_zip, seven_zipped, tar_gz, zipped
from tests.examples import examples

TABLE = TEXT + b"".join(b"%03d;Ek %d\n" % (row, row * 7919 % 10_007) for row in range(3, 300))
PASSWORD, IDENTITY = "hemligt", create_identity()


def sealed(content: bytes) -> bytes:
    stream = io.BytesIO()
    seal(io.BytesIO(content), stream, [IDENTITY.recipient])
    return stream.getvalue()


@cache
def sent() -> dict[str, bytes]:
    """The same table in every packing."""
    return {
        "a.zip": zipped(("a.csv", TABLE), ("b/", b"")),
        "aes.zip": raw_zip(aes_entry(PASSWORD.encode(), content=TABLE)),
        "old.zip": raw_zip(old_lock_entry(PASSWORD.encode(), content=TABLE)),
        "a.csv.gz": gzip.compress(TABLE),
        "a.tar.gz": tar_gz(("a.csv", TABLE)),
        "a.7z": seven_zipped(("a.csv", TABLE)),
        "a.csv.age": sealed(TABLE),
        "a.csv.gz.age": sealed(gzip.compress(TABLE)),
    }


def rows_of(content: bytes, name: str) -> list[tuple[str, ...]]:
    secrets = FileSecrets(PASSWORD, partial(unsealed_chunks, secrets=(IDENTITY.secret,)))
    return inspect_register_file(content, name, FileContract(), secrets, open_register_file).frame.rows()


WHOLE = rows_of(TABLE, "a.csv")


@settings(max_examples=examples(300), deadline=None)
@given(
    st.sampled_from(["a.zip", "aes.zip", "old.zip", "a.csv.gz", "a.tar.gz", "a.7z", "a.csv.age", "a.csv.gz.age"]),
    st.sampled_from(["changed", "lost", "added", "cut"]),
    st.floats(0, 1, exclude_max=True),
    st.integers(1, 255),
)
def test_a_packed_file_with_one_wrong_byte_gives_the_same_rows_or_is_refused(
    name: str, damage: str, where: float, byte: int
) -> None:
    whole = sent()[name]
    place = int(where * len(whole))
    before, here, behind = whole[:place], whole[place], whole[place + 1 :]
    damaged = {
        "changed": before + bytes([here ^ byte]) + behind,
        "lost": before + behind,
        "added": before + bytes([byte, here]) + behind,
        "cut": before,
    }[damage]
    try:
        rows = rows_of(damaged, name)
    except FileRefused:
        return
    assert rows == WHOLE
