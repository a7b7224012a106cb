"""A cluster is refused with any one protection off, and where something is missing; nothing of it needs a cluster."""

from collections.abc import Callable
from pathlib import Path

import pytest

from resources.cluster import installed
from resources.cluster.protection import SWITCHES, protected, require_protected
from resources.cluster.settings import ClusterSettings
from resources.cluster.task import OTHER_PROGRAM, Refused, Run, SliceFailed, Task, _guarded, program_of_tasks
from samkorning.encryption.primitives import NotAuthentic
from samkorning.errors import HomeRefused, MachineFailure, VaultDamaged
from samkorning.linkage.row_flow import RowFlow
from samkorning.linkage.slices import Done
from samkorning.program_hash import program_hash
from tests.factories import PROJECT

ON = {name: value for name, (value, _) in SWITCHES.items()}


@pytest.mark.parametrize("switch", SWITCHES)
def test_with_any_one_switch_off_the_run_is_refused(switch: str) -> None:
    other = {"true": "false", "false": "true"}.get(ON[switch], "1")
    for properties in ({**ON, switch: other}, {name: value for name, value in ON.items() if name != switch}):
        with pytest.raises(HomeRefused, match=f"not protected, and nothing was sent to it: `{switch}` must be"):
            require_protected(properties)
    with pytest.raises(HomeRefused, match=switch):
        protected({switch: other})


def test_what_nobody_sets_is_switched_on() -> None:
    assert protected({"spark.ui.port": "0"}) == {**ON, "spark.ui.port": "0"}
    require_protected({**ON, "spark.app.name": "x"})


def test_what_is_sent_opens_in_its_own_run_with_its_own_secret_alone() -> None:
    run = Run("app-1", "nonce", "program")
    sealed = run.sealed("a secret", {"encryption key": b"k" * 32})
    assert run.opened("a secret", sealed) == {"encryption key": b"k" * 32}
    assert b"k" * 8 not in sealed
    changed = bytes([sealed[0] ^ 1]) + sealed[1:]
    for other, secret, what in (
        (Run("app-2", "nonce", "program"), "a secret", sealed),
        (Run("app-1", "another", "program"), "a secret", sealed),
        (run, "another secret", sealed),
        (run, "a secret", changed),
    ):
        with pytest.raises(NotAuthentic):
            other.opened(secret, what)


def test_a_secret_that_others_may_read_or_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    settings = ClusterSettings(master="spark://127.0.0.1:7077", secret_file=file)
    with pytest.raises(HomeRefused, match="is not there, or others may read it"):
        settings.secret()
    file.write_text("s" * 64)
    file.chmod(0o644)
    with pytest.raises(HomeRefused, match="chmod 600"):
        settings.secret()
    file.chmod(0o600)
    assert settings.secret() == "s" * 64
    file.write_text("short")
    with pytest.raises(HomeRefused, match="fewer than 32 characters"):
        settings.secret()


def test_without_the_package_or_java_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "find_spec", lambda name: None)
    with pytest.raises(HomeRefused, match=r"pip install 'samkorning\[spark\]'"):
        installed.require_installed()
    monkeypatch.setattr(installed, "find_spec", lambda name: name)
    monkeypatch.setenv("JAVA_HOME", "/nowhere")
    with pytest.raises(HomeRefused, match="needs Java 17: install openjdk-17-jre-headless"):
        installed.require_installed()


def test_row_flows_of_slices_add_up() -> None:
    one = RowFlow("a", 5, 3, {"x": 2}, {"MOR": {"missing": 1}}, readings={"PNR": {"guessed_century": 1}})
    other = RowFlow("a", 4, 2, {"x": 1, "y": 1}, {"MOR": {"missing": 2, "z": 1}}, readings={"FAR": {"float": 3}})
    assert RowFlow.of_all([one, other]) == RowFlow(
        "a",
        9,
        5,
        {"x": 3, "y": 1},
        {"MOR": {"missing": 3, "z": 1}},
        readings={"PNR": {"guessed_century": 1}, "FAR": {"float": 3}},
    )
    assert RowFlow.of_all([one]) == one


def test_a_worker_gives_our_own_words_and_never_a_librarys() -> None:
    def fails(error: Exception) -> Callable[[], Done]:
        def work() -> Done:
            raise error

        return work

    assert _guarded(fails(VaultDamaged("a file is damaged"))) == Refused("a file is damaged")
    for error, said in (
        (ValueError("of a cell 22001010"), "ValueError"),
        (MachineFailure("the disk is full", "disk full"), "the disk is full"),
        (NotAuthentic(), "what was sent is not of this run"),
    ):
        with pytest.raises(SliceFailed) as failed:
            _guarded(fails(error))
        assert (str(failed.value), failed.value.__cause__, failed.value.__context__) == (said, None, None)


def test_a_worker_of_another_version_does_nothing() -> None:
    """Another version is one of the rules, or of what tasks do; one that is the same opens what it was sent."""
    for other in ("another program", program_hash()):
        assert Task(Run("app-1", "nonce", other), b"not opened")._done(b"", 0) == Refused(OTHER_PROGRAM)
    with pytest.raises(NotAuthentic):
        Task(Run("app-1", "nonce", program_of_tasks()), b"opened, and not of this run")._done(b"", 0)


def test_the_page_says_what_the_processes_of_a_cluster_are_started_with() -> None:
    page = (PROJECT / "docs" / "scale.md").read_text(encoding="utf-8")
    assert [name for name, value in ON.items() if f"\n{name} {value}\n" not in page] == []
