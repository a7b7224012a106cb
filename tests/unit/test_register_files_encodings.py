"""The rule that finds an encoding: what decides, and where it would rather mark damage than guess."""

import pytest

from samkorning.register_files.text.encodings import UNDECODABLE, Utf16Decoder, find_encoding, to_utf8

TEXT = "LopNr;Namn\n1;Åsa Öberg\n2;Kalle Ängström\n3;René Müller\n"


@pytest.mark.parametrize(
    ("content", "encoding", "guessed"),
    [
        (b"", "utf-8", False),
        (b"a;b\n", "utf-8", False),
        (TEXT.encode(), "utf-8", False),
        ("ŁŐ漢字".encode(), "utf-8", False),
        (TEXT.encode("utf-8-sig"), "utf-8-sig", False),
        (TEXT.encode("utf-16"), "utf-16", False),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16", False),
        (TEXT.encode("utf-16-le"), "utf-16-le", False),
        (TEXT.encode("utf-16-be"), "utf-16-be", False),
        (TEXT.encode("latin-1"), "latin-1", True),
        (TEXT.encode("cp850"), "cp850", True),
        (TEXT.encode("mac_roman"), "mac_roman", True),
        ("Åsa – ”x”".encode("cp1252"), "cp1252", True),
        ("100 €;x".encode("cp1252"), "cp1252", True),  # the same byte is Ä of Mac Roman, which would stand by letters
        ("Škoda Ängby".encode("cp1252"), "cp1252", True),
        ("å".encode("cp850") + b"sa", "cp850", True),
        ("Ärla ör".encode("mac_roman"), "mac_roman", True),
        (TEXT.encode() + b"\xe5;x\n", "utf-8", True),  # one damaged row in UTF-8 does not make the rest wrong
        (TEXT.encode() * 3 + TEXT.encode("latin-1"), "utf-8", True),
        (TEXT.encode("latin-1") * 3 + TEXT.encode(), "cp1252", True),  # and is remarked as text encoded twice
        (TEXT.encode()[:-1] + "å".encode()[:1], "utf-8", True),
    ],
)
def test_the_encoding_is_found_by_rule(content: bytes, encoding: str, guessed: bool) -> None:
    found = find_encoding([content])
    assert (found.name, found.guessed) == (encoding, guessed)


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "cp850", "mac_roman"])
def test_the_rule_sees_the_whole_file_however_it_is_cut(encoding: str) -> None:
    content = b"a;b\n" * 10 + TEXT.encode(encoding)
    cut = [content[place : place + 3] for place in range(0, len(content), 3)]
    assert find_encoding(cut).name == encoding


def test_bytes_that_are_no_characters_are_marked_one_by_one() -> None:
    assert to_utf8(b"a\xe5\xff\xc3b", "utf-8") == b"a" + UNDECODABLE * 3 + b"b"
    assert to_utf8(b"a\x81b", "cp1252") == b"a" + UNDECODABLE + b"b"
    assert to_utf8(b"a\xffb", "latin-1") == "aÿb".encode()


def test_utf_16_survives_every_cut_and_marks_what_is_missing() -> None:
    content = "å𝄞b".encode("utf-16-le") + b"\x00\xd8" + b"x"
    for cut in range(len(content)):
        decoder = Utf16Decoder("utf-16-le")
        text = decoder.decode(content[:cut], final=False) + decoder.decode(content[cut:], final=True)
        assert text.startswith("å𝄞b".encode())
        assert text.removeprefix("å𝄞b".encode()).strip(UNDECODABLE) == b""
