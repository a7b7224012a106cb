"""Sealing and unsealing: round trip, every wrong byte refused, own errors kept."""

import io

import pytest

from samkorning.encryption import age
from samkorning.errors import PackageRefused

IDENTITY = age.create_identity()


def sealed(content: bytes) -> bytes:
    writer = io.BytesIO()
    age.seal(io.BytesIO(content), writer, [IDENTITY.recipient])
    return writer.getvalue()


def unsealed(content: bytes, secret: str = IDENTITY.secret) -> bytes:
    writer = io.BytesIO()
    age.unseal(io.BytesIO(content), writer, secret)
    return writer.getvalue()


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 200_000, 1 << 20, (1 << 20) + 1, (1 << 21) + 65_536])
def test_what_is_sealed_opens_with_the_identity(size: int) -> None:
    content = bytes(index % 251 for index in range(size))
    assert unsealed(sealed(content)) == content


def test_each_recipient_can_open() -> None:
    second, writer = age.create_identity(), io.BytesIO()
    age.seal(io.BytesIO(b"for both"), writer, [IDENTITY.recipient, second.recipient])
    assert unsealed(writer.getvalue(), second.secret) == unsealed(writer.getvalue()) == b"for both"


def test_two_identities_differ_and_show_no_secret() -> None:
    other = age.create_identity()
    assert other.secret != IDENTITY.secret
    assert other.recipient != IDENTITY.recipient
    assert other.secret not in repr(other)


def test_the_recipient_follows_from_the_secret() -> None:
    assert age.recipient_of(IDENTITY.secret) == IDENTITY.recipient


def test_an_identity_file_with_comments_is_read() -> None:
    text = f"# created: 2221-12-31\n# public: {IDENTITY.recipient}\n{IDENTITY.secret}\n"
    assert age.recipient_of(text) == IDENTITY.recipient


@pytest.mark.parametrize(
    "secret",
    ["", "AGE-SECRET-KEY-1XYZ", IDENTITY.recipient, f"{IDENTITY.secret}\n{IDENTITY.secret}", "# comment"],
    ids=["nothing", "no identity", "a recipient", "two identities", "a comment"],
)
def test_what_is_no_identity_is_refused_without_being_repeated(secret: str) -> None:
    with pytest.raises(PackageRefused) as refusal:
        age.recipient_of(secret)
    assert not secret or secret not in str(refusal.value)
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__


def test_another_identity_does_not_open() -> None:
    with pytest.raises(PackageRefused, match="does not open"):
        unsealed(sealed(b"content"), age.create_identity().secret)


def test_any_flipped_bit_is_refused() -> None:
    content = sealed(b"content" * 3)
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1
        with pytest.raises(PackageRefused):
            unsealed(bytes(changed))


@pytest.mark.parametrize("length", [0, 10, 150, 65_000, 65_800, 131_000, -1])
def test_a_cut_file_is_refused(length: int) -> None:
    with pytest.raises(PackageRefused):
        unsealed(sealed(bytes(131_072))[:length])


def test_an_appended_byte_is_refused() -> None:
    with pytest.raises(PackageRefused):
        unsealed(sealed(b"content") + b"x")


@pytest.mark.parametrize("recipients", [[], ["age1xyz"], [""], [IDENTITY.secret]], ids=range(4))
def test_sealing_for_nobody_or_for_no_age_key_is_refused_before_a_byte_is_written(recipients: list[str]) -> None:
    writer = io.BytesIO()
    with pytest.raises(PackageRefused):
        age.seal(io.BytesIO(b"content"), writer, recipients)
    assert writer.getvalue() == b""


class FailingWriter:
    """Takes a number of chunks and then has no room."""

    def __init__(self, chunks: int) -> None:
        self.left = chunks

    def write(self, chunk: bytes) -> int:
        self.left -= 1
        if self.left < 0:
            raise OSError("no room")
        return len(chunk)


@pytest.mark.parametrize(("size", "chunks"), [(10, 0), (10, 1), (3_000_000, 1), (3_000_000, 3)])
def test_a_full_disk_is_told_as_such_even_at_the_last_chunk(size: int, chunks: int) -> None:
    with pytest.raises(OSError, match="no room"):
        age.seal(io.BytesIO(bytes(size)), FailingWriter(chunks), [IDENTITY.recipient])
    with pytest.raises(OSError, match="no room"):
        age.unseal(io.BytesIO(sealed(bytes(size))), FailingWriter(0), IDENTITY.secret)


class StoppedReader:
    """A reader that a person stops."""

    def read(self, size: int) -> bytes:
        raise KeyboardInterrupt


def test_a_stop_by_hand_is_not_taken_for_a_damaged_file() -> None:
    with pytest.raises(KeyboardInterrupt):
        age.seal(StoppedReader(), io.BytesIO(), [IDENTITY.recipient])
