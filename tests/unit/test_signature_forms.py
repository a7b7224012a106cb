"""The signatures in other tools' forms: one form, equal bytes, and nothing else fits."""

import pytest

from samkorning.encryption import signature_forms as forms
from samkorning.encryption import signing
from samkorning.errors import PackageRefused

SEED, OTHER = bytes(range(32)), bytes(range(1, 33))
PUBLIC, MESSAGE, COMMENT = signing.public_key(SEED), b'{"delivery": "L001"}\n', "manifest.json of 1-2221_L001"


def minisign_fits(text: bytes, message: bytes = MESSAGE, comment: str = COMMENT, public: str = PUBLIC) -> bool:
    return forms.minisign_fits(public, message, comment, text)


def ssh_fits(text: bytes, message: bytes = MESSAGE, public: str = PUBLIC) -> bool:
    return forms.ssh_fits(public, message, text)


MINISIGN, SSH = forms.minisign_signature(SEED, MESSAGE, COMMENT), forms.ssh_signature(SEED, MESSAGE)


def test_each_form_fits_what_was_signed_and_is_the_same_each_time() -> None:
    assert minisign_fits(MINISIGN)
    assert ssh_fits(SSH)
    assert forms.minisign_signature(SEED, MESSAGE, COMMENT) == MINISIGN
    assert forms.ssh_signature(SEED, MESSAGE) == SSH


def test_no_form_fits_another_message_comment_or_key() -> None:
    stranger = signing.public_key(OTHER)
    assert not minisign_fits(MINISIGN, message=MESSAGE + b" ")
    assert not minisign_fits(MINISIGN, comment=COMMENT + " ")
    assert not minisign_fits(MINISIGN, public=stranger)
    assert not minisign_fits(forms.minisign_signature(OTHER, MESSAGE, COMMENT))
    assert not ssh_fits(SSH, message=MESSAGE + b" ")
    assert not ssh_fits(SSH, public=stranger)
    assert not ssh_fits(forms.ssh_signature(OTHER, MESSAGE))


@pytest.mark.parametrize(("text", "fits"), [(MINISIGN, minisign_fits), (SSH, ssh_fits)], ids=["minisign", "ssh"])
def test_any_flipped_bit_or_cut_does_not_fit(text: bytes, fits: object) -> None:
    assert callable(fits)
    changed = [text[:place] + bytes([text[place] ^ 1 << place % 8]) + text[place + 1 :] for place in range(len(text))]
    cut = [text[:place] for place in range(0, len(text), 7)]
    assert [each for each in (*changed, *cut, text + b"\n", b"\n" * 4) if fits(each)] == []


def test_a_comment_is_one_line() -> None:
    with pytest.raises(PackageRefused, match="one line"):
        forms.minisign_signature(SEED, MESSAGE, "one\ntwo")
