"""A crash at every point where the vault or keystore touches the disk, and what the next run finds.

Run as a program: ``python vault_crashes.py FOLDER SCENARIO killed|power_cut``. Every scenario is acted once per point:
the n-th call of fsync, link, unlink, rename, mkdir or rmdir does not happen, the process dies by SIGKILL there, and the
next run, in a process of its own, must find what was acknowledged, complete the act and leave nothing lying about.

``killed``: all that was written before stays, as after kill -9. ``power_cut``: besides, whatever was not fsynced is
undone, files and folder entries alike: the worst that a file system may do.
"""

import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.compute  # noqa: F401 - loaded here, not by each process that starts from this one

from samkorning.code_key import extend_code_key, read_code_key, remove_persons
from samkorning.errors import KeystoreRefused, NotFound
from samkorning.keystore import Keystore, PassphraseProvider, masters
from samkorning.vault import RetentionClass, Store, Vault

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

CASE, CLASS = "36759-2021", RetentionClass.CODE_KEY
PASSPHRASE, CHEAP = b"a passphrase for tests", 2**14
masters.from_passphrase = lambda passphrase, salt, cost: sha256(passphrase + salt).digest()
"""In place of stretching, which each of the processes would do anew and no crash is about."""
CALLS = ("fsync", "link", "unlink", "rename", "replace", "mkdir", "rmdir")


@dataclass
class Disk:
    """Counts the calls that touch the disk, dies at one of them, and knows what a power cut would undo."""

    dies_at: int
    power_cut: bool
    calls: int = 0
    undo: list[tuple[Path, Callable[[], object]]] = field(default_factory=list)

    def install(self) -> None:
        for name in CALLS:
            setattr(os, name, self._counted(name, getattr(os, name)))
        self._open = os.open
        os.open = self._opened  # type: ignore[assignment]

    def _counted(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            self.calls += 1
            if self.calls == self.dies_at:
                self._die()
            self._note(name, arguments)
            return real(*arguments, **options)

        return call

    def _die(self) -> None:
        undo, self.undo = self.undo, []
        for _, act in reversed(undo):
            act()
        os.kill(os.getpid(), signal.SIGKILL)

    def _note(self, name: str, arguments: tuple[Any, ...]) -> None:
        if not self.power_cut:
            return
        if name == "fsync":
            self._made_durable(Path(f"/proc/self/fd/{arguments[0]}").readlink())
        elif name in ("rename", "replace"):
            source, target = map(Path, arguments[:2])
            self._restores(source)
            self._restores(target)
        else:
            self._restores(Path(arguments[1] if name == "link" else arguments[0]))

    def _made_durable(self, path: Path) -> None:
        """An fsync of a file keeps its bytes; of a folder, its entries."""
        self.undo = [(place, undo) for place, undo in self.undo if place != path]

    def _restores(self, path: Path) -> None:
        """Undo what happens to this entry next, unless its folder is fsynced before."""
        if path.is_dir():
            self.undo.append((path.parent, lambda: path.mkdir(exist_ok=True)))
        elif path.exists():
            content, mode = path.read_bytes(), path.stat().st_mode
            self.undo.append((path.parent, lambda: (path.write_bytes(content), path.chmod(mode))))
        else:
            self.undo.append((path.parent, lambda: removed(path)))

    def _opened(self, path: Any, flags: int, *arguments: Any, **options: Any) -> int:
        is_new = flags & os.O_CREAT and self.power_cut and not Path(path).exists()
        descriptor = self._open(path, flags, *arguments, **options)
        if is_new:
            place = Path(path).resolve()
            self.undo.append((place.parent, lambda: removed(place)))
            self.undo.append((place, lambda: place.exists() and os.truncate(place, 0)))
        return descriptor


def removed(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    elif path.exists():
        path.unlink()


@cache
def provider_of(home: Path) -> PassphraseProvider:
    """One per process, so that the passphrase is stretched once."""
    return PassphraseProvider(home / "keystore", PASSPHRASE, CHEAP)


def vault_of(home: Path) -> Vault:
    return Vault(home / "vault", Keystore.open(home / "keystore", provider_of(home)))


def store_of(home: Path) -> Store:
    return vault_of(home).open_store(CASE, CLASS, "code_key.person")


def numbers(first: int, count: int) -> pl.Series:
    return pl.Series("number", range(212001010000 + first, 212001010000 + first + count), dtype=pl.Int64)


def held(home: Path) -> dict[int, int]:
    return dict(read_code_key(store_of(home)).select("number", "serial_number").iter_rows())


def save_held(home: Path) -> None:
    pl.DataFrame(list(held(home).items()), schema=["n", "s"], orient="row").write_csv(home / "held.csv")


def assert_nothing_lost(home: Path) -> None:
    now = held(home)
    for number, serial_number in pl.read_csv(home / "held.csv").iter_rows():
        assert now[number] == serial_number
    assert len(set(now.values())) == len(now)


def assert_nothing_left(home: Path) -> None:
    """Every file in the vault is a manifest or named by one, and nothing half-written lies in the keystore."""
    for path in (home / "vault" / CASE).rglob("*.parquet"):
        assert any(path.name in other.read_text() for other in path.parent.glob("*.json")), path
    assert not list((home / "vault").rglob(".*.new"))
    assert len(list((home / "vault" / CASE).rglob("000000.json"))) <= 1
    for folder in ("roots", "anchors"):
        assert len(list((home / "keystore" / folder).rglob("[!.]*.json"))) <= 1


def keystore(home: Path) -> None:
    Keystore.create(home / "keystore", provider_of(home))


def empty(home: Path) -> None:
    keystore(home)
    vault_of(home).create_store(CASE, CLASS, "code_key.person")


def filled(home: Path) -> None:
    empty(home)
    for first in (0, 5, 10):
        extend_code_key(store_of(home), numbers(first, 10), os.urandom)
    save_held(home)
    (home / "root").write_text(root_of(home))


def root_of(home: Path) -> str:
    return vault_of(home)._keystore.roots.read(store_of(home).address).id


def create_keystore(home: Path) -> None:
    try:
        Keystore.open(home / "keystore", provider_of(home))
    except KeystoreRefused:
        Keystore.create(home / "keystore", provider_of(home))


def create_store(home: Path) -> None:
    vault = vault_of(home)
    if not vault.has_store(CASE, CLASS, "code_key.person"):
        vault.create_store(CASE, CLASS, "code_key.person")


def write_parts(home: Path, value: str) -> None:
    """A generation in two parts; rows that were set apart are written, read and taken away on the way."""
    rows = pl.DataFrame({"serial_number": [1, 2, 3, 4], "value": [value] * 4, "part": [0, 1, 1, -1]}).lazy()
    store = store_of(home)
    with store.draft() as draft:
        parts = draft.write(rows.with_columns(pl.col("part").cast(pl.Int16)), "part")
        draft.remove(parts.pop(-1))
        store.commit(draft, {parts[0]: (1, 1), parts[1]: (2, 4)})


def in_parts(home: Path) -> None:
    empty(home)
    write_parts(home, "first")


def after_parts(home: Path, acknowledged: bool) -> None:
    [value] = set(store_of(home).scan().collect()["value"])
    assert value == ("second" if acknowledged else value) and value in ("first", "second")
    write_parts(home, "third")
    parts = store_of(home).parts()
    assert [(part.first, part.last, part.height) for part in parts] == [(1, 1, 1), (2, 4, 2)]
    assert set(store_of(home).scan().collect()["value"]) == {"third"}
    assert_nothing_left(home)


def rotate_class(home: Path) -> None:
    vault_of(home).rotate_class(CASE, CLASS)


def remove_person(home: Path) -> None:
    remove_persons(store_of(home), numbers(0, 1))


def destroy(home: Path) -> None:
    vault_of(home).destroy_class(CASE, CLASS)


def after_create_keystore(home: Path, acknowledged: bool) -> None:
    create_keystore(home)
    assert len(Keystore.open(home / "keystore", provider_of(home)).service_secret("signing")) == 32


def after_create_store(home: Path, acknowledged: bool) -> None:
    create_store(home)
    assert extend_code_key(store_of(home), numbers(0, 3), os.urandom).drawn == 3
    assert_nothing_left(home)


def after_extend(home: Path, acknowledged: bool) -> None:
    assert_nothing_lost(home)
    again = extend_code_key(store_of(home), numbers(15, 10), os.urandom)
    assert again.known + again.drawn == 10
    assert not acknowledged or again.drawn == 0
    extend_code_key(store_of(home), numbers(40, 1), os.urandom)
    assert len(held(home)) == 26
    assert_nothing_lost(home)
    assert_nothing_left(home)


def after_rotation(home: Path, acknowledged: bool) -> None:
    assert_nothing_lost(home)
    extend_code_key(store_of(home), numbers(15, 10), os.urandom)
    rotate_class(home)
    store_of(home).rotate()
    provider_of(home).rotate_master()
    assert_nothing_lost(home)
    assert_nothing_left(home)
    assert len(list((home / "keystore" / "provider" / "keys").iterdir())) == 2


def after_removal(home: Path, acknowledged: bool) -> None:
    first = numbers(0, 1).item()
    assert not acknowledged or first not in held(home)
    remove_person(home)
    now = held(home)
    serial_numbers = read_code_key(store_of(home))["serial_number"].to_list()
    assert len(set(serial_numbers)) == len(serial_numbers) == 20
    for number, serial_number in pl.read_csv(home / "held.csv").iter_rows():
        assert serial_number in serial_numbers
        assert number == first or now[number] == serial_number
    assert first not in now
    extend_code_key(store_of(home), numbers(40, 1), os.urandom)
    assert_nothing_left(home)
    assert root_of(home) != (home / "root").read_text(), "copies of earlier files still open"


def after_destruction(home: Path, acknowledged: bool) -> None:
    vault = vault_of(home)
    if vault.has_store(CASE, CLASS, "code_key.person"):
        assert not acknowledged
    destroy(home)
    assert vault._keystore.is_destroyed(CASE, CLASS)
    assert_unreadable(home)
    assert not list((home / "vault" / CASE).rglob("*.*"))
    assert not list((home / "keystore" / "provider" / "keys").glob(f"*{CASE}*"))
    assert not list((home / "keystore" / "provider" / "keys").glob(".*"))


def assert_unreadable(home: Path) -> None:
    try:
        held(home)
    except (NotFound, KeystoreRefused):
        return
    raise AssertionError("the destroyed class opens")


@dataclass(frozen=True)
class Scenario:
    prepare: Callable[[Path], object]
    act: Callable[[Path], object]
    next_run: Callable[[Path, bool], object]


SCENARIOS = {
    "create_keystore": Scenario(lambda home: None, create_keystore, after_create_keystore),
    "create_store": Scenario(keystore, create_store, after_create_store),
    "extend": Scenario(filled, lambda home: extend_code_key(store_of(home), numbers(15, 10), os.urandom), after_extend),
    "write_parts": Scenario(in_parts, lambda home: write_parts(home, "second"), after_parts),
    "rotate_master": Scenario(filled, lambda home: provider_of(home).rotate_master(), after_rotation),
    "rotate_class": Scenario(filled, rotate_class, after_rotation),
    "rotate_store": Scenario(filled, lambda home: store_of(home).rotate(), after_rotation),
    "remove_person": Scenario(filled, remove_person, after_removal),
    "destroy": Scenario(filled, destroy, after_destruction),
}


def in_a_process(act: Callable[[], object]) -> int:
    """Run an act in a forked process and give how it ended: 0, 1 for a failure, -9 for the kill."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        act()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def crash_everywhere(folder: Path, scenario: Scenario, power_cut: bool) -> int:
    """Crash at one point after the other until the act ends before its crash; give how many points there were."""
    template = folder / "template"
    template.mkdir()
    assert in_a_process(lambda: scenario.prepare(template)) == 0
    for point in range(1, 1000):
        home = Path(shutil.copytree(template, folder / f"at-{point}"))

        def act(home: Path = home, point: int = point) -> None:
            Disk(point, power_cut).install()
            scenario.act(home)

        ended = in_a_process(act)
        assert ended in (0, -signal.SIGKILL), f"point {point}: the act failed"
        code = in_a_process(lambda home=home, ended=ended: scenario.next_run(home, ended == 0))  # type: ignore[misc]
        assert code == 0, f"the run after a crash at point {point} failed"
        shutil.rmtree(home)
        if ended == 0:
            return point - 1
    raise AssertionError("the act never ended")


if __name__ == "__main__":
    points = crash_everywhere(Path(sys.argv[1]), SCENARIOS[sys.argv[2]], sys.argv[3] == "power_cut")
    print(f"{sys.argv[2]}, {sys.argv[3]}: {points} points")
