"""The keystore that opens while a command loads: opened when that is done, and refused to whoever asks for it."""

from pathlib import Path

import pytest

from cli.session import Session
from resources.desk import Desk
from samkorning.errors import KeystoreRefused


def session_at(home: Path) -> Session:
    session = Session()
    session.desk = Desk.at(home)
    return session


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a keystore."""
    home = tmp_path / "home"
    assert Desk.at(home).keystore
    return home


def test_it_is_open_when_loading_is_done(home: Path) -> None:
    session = session_at(home)
    with session.keystore_opens_meanwhile():
        pass
    assert "keystore" in vars(session.desk)


def test_one_that_does_not_open_stops_no_loading_and_is_refused_afterwards(home: Path) -> None:
    (home / "passphrase").write_text("another passphrase\n")
    session = session_at(home)
    with session.keystore_opens_meanwhile():
        pass
    with pytest.raises(KeystoreRefused):
        session.desk.keystore  # noqa: B018


def test_none_is_made_where_there_is_none(tmp_path: Path) -> None:
    session = session_at(tmp_path / "home")
    with session.keystore_opens_meanwhile():
        pass
    assert not session.desk.has_keystore


def test_what_fails_to_load_fails_as_it_does(home: Path) -> None:
    session = session_at(home)
    with pytest.raises(ImportError), session.keystore_opens_meanwhile():
        raise ImportError
    assert "keystore" in vars(session.desk)
