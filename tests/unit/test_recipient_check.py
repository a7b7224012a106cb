"""What the recipient's check finds: signatures as the library does, and deliveries that do not belong together."""

import ast
import base64
import random
from pathlib import Path
from typing import Any

import pytest

from samkorning.delivery.recipient import check
from samkorning.encryption import signing

ORDER = check.ORDER


def fits(public: str, message: bytes, signature: bytes) -> bool:
    return check.signature_fits(base64.b64decode(public), message, signature)


RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_the_signatures_of_the_standard_fit(public: str, message: str, signature: str) -> None:
    said = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert check.signature_fits(*said)
    assert not check.signature_fits(said[0], said[1] + b"x", said[2])


def test_random_signatures_fit_as_the_library_says() -> None:
    chance = random.Random(8032)
    for size in range(40):
        seed, message = chance.randbytes(32), chance.randbytes(size * 7)
        public, signature = signing.public_key(seed), signing.sign(seed, message)
        assert fits(public, message, signature)
        for place in chance.sample(range(64), 4):
            changed = bytearray(signature)
            changed[place] ^= 1 << chance.randrange(8)
            assert fits(public, message, bytes(changed)) is signing.verify(public, message, bytes(changed)) is False


def test_a_signature_in_a_second_spelling_does_not_fit() -> None:
    public, signature = signing.public_key(bytes(32)), signing.sign(bytes(32), b"m")
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    second = signature[:32] + scalar.to_bytes(32, "little")
    assert fits(public, b"m", second) is signing.verify(public, b"m", second) is False


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(64), b"\xff" * 64, bytes(65)])
def test_what_is_no_signature_does_not_fit(signature: bytes) -> None:
    assert not fits(signing.public_key(bytes(32)), b"m", signature)
    assert not check.signature_fits(b"\xff" * 32, b"m", signing.sign(bytes(32), b"m"))
    assert not check.signature_fits(b"short", b"m", signing.sign(bytes(32), b"m"))


def test_it_is_one_file_of_the_standard_library_for_python_3_8() -> None:
    text = Path(check.__file__).read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 8))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    known = {
        "__future__",
        "argparse",
        "base64",
        "collections.abc",
        "csv",
        "hashlib",
        "io",
        "json",
        "pathlib",
        "re",
        "shutil",
    }
    assert imported - known == {"subprocess", "sys", "tarfile", "tempfile", "typing", "unicodedata"}
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert called.isdisjoint({"removeprefix", "removesuffix", "file_digest", "pairwise", "bit_count", "randbytes"})
    keywords = {each.arg for node in ast.walk(tree) if isinstance(node, ast.Call) for each in node.keywords}
    assert keywords.isdisjoint({"strict", "filter"})


def a_manifest(number: str = "L001", previous: str | None = None, **changes: Any) -> dict[str, Any]:
    place = int(number[1:])
    code_key = {
        "first": "a",
        "digest": f"d{place}",
        "rows": 10 * place,
        "previous": f"d{place - 1}" if previous else None,
    }
    said = {"case": "1-2221", "delivery": number, "previous": previous, "code_key": code_key, "units": []}
    return {**said, **changes}


def a_unit(unit: str, replaces: str | None = None) -> dict[str, Any]:
    return {"file": "data/a.csv", "unit": unit, "replaces": replaces}


ONE, TWO, THREE = a_manifest(), a_manifest("L002", "L001"), a_manifest("L003", "L002")
OTHER_KEY = {"first": "b", "digest": "d2", "rows": 20, "previous": "d1"}
REDRAWN = {"first": "a", "digest": "d2", "rows": 20, "previous": "another"}
SHRUNK = {"first": "a", "digest": "d2", "rows": 9, "previous": "d1"}

TOGETHER = [
    ([ONE], []),
    ([ONE, TWO, THREE], []),
    ([THREE, ONE, TWO], []),
    ([ONE, ONE], []),
    ([TWO, THREE], []),
    ([{**ONE, "code_key": None}, {**TWO, "code_key": None}], []),
    ([ONE, {**TWO, "case": "2-2221"}], [("other_case", "L002")]),
    ([ONE, {**ONE, "date": "2221-01-02"}], [("twice", "L001")]),
    ([ONE, THREE], [("missing_delivery", "L002")]),
    ([ONE, {**TWO, "previous": None}], [("chain", "L002")]),
    ([ONE, TWO, {**THREE, "previous": "L001"}], [("chain", "L003")]),
    ([ONE, {**TWO, "code_key": OTHER_KEY}], [("code_key", "L002")]),
    ([ONE, {**TWO, "code_key": REDRAWN}], [("code_key", "L002")]),
    ([ONE, {**TWO, "code_key": SHRUNK}], [("code_key", "L002")]),
    ([{**ONE, "units": [a_unit("lisa 2219")]}, {**TWO, "units": [a_unit("lisa 2219", "L001")]}], []),
    (
        [{**ONE, "units": [a_unit("lisa 2219")]}, {**TWO, "units": [a_unit("lisa 2220", "L001")]}],
        [("replaces", "L002 lisa 2220")],
    ),
]


@pytest.mark.parametrize(("manifests", "found"), TOGETHER)
def test_deliveries_that_do_not_belong_together_are_told(
    manifests: list[dict[str, Any]], found: list[tuple[str, str]]
) -> None:
    assert [(each.code, each.about) for each in check.together(manifests)] == found


def test_deliveries_of_two_signers_are_told() -> None:
    assert [each.code for each in check.together([ONE, TWO], ["one", "two"])] == ["signers"]
    assert check.together([ONE, TWO], ["one", "one"]) == []


def test_serial_numbers_are_counted_as_a_set_counts_them() -> None:
    chance = random.Random(9)
    one, two = ([chance.randrange(10**9) for _ in range(500)] for _ in range(2))
    sets = []
    for numbers in (one, [*two, *one[:50], *two]):
        found = check.SerialNumbers()
        for number in numbers:
            found.add(number)
        sets.append(found)
    assert [len(each) for each in sets] == [len(set(one)), len({*two, *one[:50]})]
    assert len(sets[0] | sets[1]) == len({*one, *two})


def test_every_finding_says_in_both_languages_what_to_do() -> None:
    for code in check.WORDS:
        lines = list(check.Finding(code, "data/a.csv").lines())
        assert len(lines) == 2
        assert all(line.endswith(".") for line in lines)
