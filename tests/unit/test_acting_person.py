"""Who acts: where persons are real, the account as the configuration has it, and nobody who names themselves (R11)."""

from pathlib import Path

import pytest

from cli.session import Session
from samkorning.errors import RuleRefused


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    """A session in a home whose configuration knows one account."""
    (tmp_path / "config.yaml").write_text("accounts: {ol: Olle Ordning}\n")
    monkeypatch.setenv("SAMKORNING_HOME", str(tmp_path))
    return Session()


@pytest.mark.parametrize(
    ("account", "named", "synthetic", "acts"),
    [
        ("ol", None, False, "Olle Ordning"),
        ("ol", None, True, "Olle Ordning"),
        ("ol", "Mia", True, "Mia"),
        ("other", None, True, "other"),
    ],
)
def test_who_acts(
    session: Session, monkeypatch: pytest.MonkeyPatch, account: str, named: str | None, synthetic: bool, acts: str
) -> None:
    monkeypatch.setenv("LOGNAME", account)
    assert session.person(named, synthetic) == acts


@pytest.mark.parametrize(
    ("account", "named", "problem"),
    [("ol", "Mia", "free names"), ("ol", "Olle Ordning", "free names"), ("other", None, "no owner")],
)
def test_nobody_names_themselves_where_persons_are_real(
    session: Session, monkeypatch: pytest.MonkeyPatch, account: str, named: str | None, problem: str
) -> None:
    monkeypatch.setenv("LOGNAME", account)
    with pytest.raises(RuleRefused, match=f"^R11: .*{problem}"):
        session.person(named, synthetic=False)
