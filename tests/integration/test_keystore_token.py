"""The keystore on a hardware module, tried against SoftHSM (Debian package softhsm2, Python package python-pkcs11)."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from samkorning.errors import KeystoreRefused
from samkorning.keystore import Keystore
from samkorning.keystore.token import TokenProvider
from samkorning.vault import RetentionClass, Vault

pytestmark = pytest.mark.services
TOKEN, PIN = "samkorning", "123456"
CASE, CLASS = "36759-2021", RetentionClass.CODE_KEY
UTILITY = shutil.which("softhsm2-util")
LIBRARIES = ("usr/lib/softhsm/libsofthsm2.so", "usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")


def library() -> Path:
    """The module's library beside its utility."""
    pytest.importorskip("pkcs11", reason="the package python-pkcs11 is not installed")
    if UTILITY is None:
        pytest.skip("the Debian package softhsm2 is not installed")
    top = Path(UTILITY).resolve().parents[2]
    return next(top / name for name in LIBRARIES if (top / name).exists())


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A SoftHSM with one fresh token. A module reads its configuration once per process."""
    path, folder = library(), tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        token = ["--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", "654321"]
        subprocess.run([str(UTILITY), "--module", str(path), *token], check=True, capture_output=True)
        yield path


@pytest.fixture
def provider(module: Path) -> Iterator[TokenProvider]:
    provider = TokenProvider(module, TOKEN, PIN)
    yield provider
    with provider._session() as session:
        for stored in session.get_objects():
            stored.destroy()


def test_a_vault_works_on_a_token_as_on_a_passphrase(tmp_path: Path, provider: TokenProvider) -> None:
    keystore = Keystore.create(tmp_path / "keystore", provider)
    vault = Vault(tmp_path / "vault", keystore)
    store = vault.create_store(CASE, CLASS, "population")
    store.append(pl.DataFrame({"n": [1, 2]}))
    vault.rotate_class(CASE, CLASS)
    keystore.rotate_service()
    store.rotate()
    again = Vault(tmp_path / "vault", Keystore.open(tmp_path / "keystore", provider))
    assert again.open_store(CASE, CLASS, "population").scan().collect()["n"].to_list() == [1, 2]
    again.destroy_class(CASE, CLASS)
    assert again._keystore.is_destroyed(CASE, CLASS)
    with pytest.raises(KeystoreRefused):
        store.scan()


@pytest.mark.parametrize("length", [16, 32, 74])
def test_a_secret_of_any_length_is_wrapped_and_comes_back(provider: TokenProvider, length: int) -> None:
    provider.create("36759-2021.code_key.ab")
    wrapped = provider.wrap("36759-2021.code_key.ab", b"s" * length)
    assert b"ssss" not in wrapped
    assert provider.unwrap("36759-2021.code_key.ab", wrapped) == b"s" * length


def test_changed_bytes_and_another_encryption_key_do_not_unwrap(provider: TokenProvider) -> None:
    provider.create("one")
    provider.create("other")
    wrapped = provider.wrap("one", b"s" * 32)
    with pytest.raises(KeystoreRefused):
        provider.unwrap("other", wrapped)
    for place in (0, 39, 40, len(wrapped) - 1):
        changed = bytearray(wrapped)
        changed[place] ^= 1
        with pytest.raises(KeystoreRefused):
            provider.unwrap("one", bytes(changed))


def test_an_encryption_key_cannot_leave_the_token(provider: TokenProvider) -> None:
    pkcs11 = pytest.importorskip("pkcs11")
    provider.create("inside")
    with provider._session() as session:
        [inside] = session.get_objects({pkcs11.Attribute.LABEL: "inside"})
        assert inside[pkcs11.Attribute.EXTRACTABLE] is False
        assert inside[pkcs11.Attribute.SENSITIVE] is True
        with pytest.raises(pkcs11.PKCS11Error):
            inside[pkcs11.Attribute.VALUE]


def test_nothing_that_passed_through_stays_in_the_token(provider: TokenProvider) -> None:
    provider.create("inside")
    provider.unwrap("inside", provider.wrap("inside", b"s" * 32))
    with provider._session() as session:
        assert [stored.label for stored in session.get_objects()] == ["inside"]


def test_creating_again_keeps_the_encryption_key_and_destroying_ends_it(provider: TokenProvider) -> None:
    provider.create("one")
    wrapped = provider.wrap("one", b"s" * 32)
    provider.create("one")
    assert provider.unwrap("one", wrapped) == b"s" * 32
    provider.destroy("one")
    provider.destroy("one")
    assert not provider.holds("one")
    with pytest.raises(KeystoreRefused, match="missing in the token"):
        provider.unwrap("one", wrapped)


@pytest.mark.parametrize(("token", "pin"), [(TOKEN, "000000"), ("another", PIN)])
def test_a_wrong_pin_or_token_is_refused_and_not_quoted(module: Path, token: str, pin: str) -> None:
    with pytest.raises(KeystoreRefused) as caught:
        TokenProvider(module, token, pin).prepare()
    assert pin not in str(caught.value)
    assert PIN not in repr(TokenProvider(module, TOKEN, PIN))
