"""Every way to tamper with a home, made by walking it: each table, row, column and file.

What belongs here: finding what there is and changing it. What must not: what is expected of the service.
"""

import itertools
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATABASE = "case_register.sqlite"
OUTSIDE = {
    "dagster": "what the page shows; nothing is decided from it",
    "overview.sqlite": "summaries of cases, made anew where they do not fit; no act goes by them",
    "overview.sqlite-wal": "the same",
    "overview.sqlite-shm": "the same",
    "failures.log": "classes and places in the code of failures; nothing is decided from it",
    "inbox": "files that have not been taken in; each is judged when it is",
    "config.yaml": "settings, which the administrator of the machine changes",
    "audit.log.index": "left aside and made anew where it does not fit the log",
    "vault/.locks": "locks; the kernel holds them, whatever lies there",
    "keystore/.lock": "the same",
    "keystore/provider/.lock": "the same",
}
"""What is deliberately not proven, and why."""

OTHER: dict[str, Callable[[Any], Any]] = {
    "case_number": lambda value: "99999-2026",
    "number": lambda value: value + 1_000,
    "kind": lambda value: "code_reviewed" if value != "code_reviewed" else "holder_released",
    "at": lambda value: f"2031{value[4:]}",
    "person": lambda value: "Somebody Else",
    "audit_number": lambda value: value - 1,
    "audit_authenticator": lambda value: value[::-1],
    "mac": lambda value: value[::-1],
}
"""Another plausible value of the same type, by column; ``detail`` has one for each of its fields."""


@dataclass(frozen=True)
class Tampering:
    """One change of a home: what it is told as, the case it concerns (if one), what it touches, and making it."""

    name: str
    case: str | None
    touched: tuple[str, ...]
    make: Callable[[Path], None]

    def undo(self, home: Path, pristine: Path) -> None:
        """Puts what was touched back as it was."""
        for name in (*self.touched, f"{DATABASE}-wal", f"{DATABASE}-shm"):
            (home / name).unlink(missing_ok=True)
            if (pristine / name).exists():
                shutil.copy2(pristine / name, home / name)


def database_tamperings(home: Path, older: Path) -> Iterator[Tampering]:
    """Every table × row × column, every row removed, doubled and exchanged, cases cut and removed, an older copy."""
    with closing(sqlite3.connect(home / DATABASE)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        # a revision that nobody knows is refused before anything is read: tests/unit/test_case_register.py
        assert tables == {"case_event", "case_register_revision"}, "a new table needs its tamperings"
        connection.row_factory = sqlite3.Row
        rows = list(connection.execute("SELECT * FROM case_event ORDER BY case_number, number"))
    for row in rows:
        yield from _columns(row)
        yield _sql("removed", row, "DELETE FROM case_event WHERE case_number = ? AND number = ?")
        yield _sql("cut from here", row, "DELETE FROM case_event WHERE case_number = ? AND number >= ?")
        yield _doubled(row)
    for row, following in itertools.pairwise(rows):
        if row["case_number"] == following["case_number"]:
            yield _exchanged(row)
    for case in sorted({row["case_number"] for row in rows}):
        statement = "DELETE FROM case_event WHERE case_number = ?"
        yield Tampering(f"case {case} removed", case, (DATABASE,), _statement(statement, (case,)))
    yield _file("older", DATABASE, lambda path: shutil.copy2(older / DATABASE, path), None)


def file_tamperings(home: Path, older: Path) -> Iterator[Tampering]:
    """Every file outside ``OUTSIDE`` and the database: a byte flipped, cut, removed, exchanged, an older copy."""
    files = sorted(path for path in home.rglob("*") if path.is_file() and not _is_outside(path.relative_to(home)))
    for path in files:
        name = str(path.relative_to(home))
        case = next((part for part in path.relative_to(home).parts if part.endswith("-2026")), None)
        yield _file("flipped", name, _flip, case)
        yield _file("cut", name, _cut, case)
        yield _file("removed", name, lambda path: path.unlink(), case)
        sibling = next((each for each in files if _may_be_exchanged(path, each)), None)
        if sibling is not None:
            yield _swapped(name, str(sibling.relative_to(home)), case)
        if (older / name).is_file() and (older / name).read_bytes() != path.read_bytes():
            yield _file("older", name, lambda path, name=name: shutil.copy2(older / name, path), case)


def _is_outside(name: Path) -> bool:
    return name.name.startswith(DATABASE) or any(name.is_relative_to(outside) for outside in OUTSIDE)


def _columns(row: sqlite3.Row) -> Iterator[Tampering]:
    for column in row.keys():  # noqa: SIM118 (a row iterates over its values)
        if column != "detail":
            yield _changed(row, column, column, OTHER[column](row[column]))
    detail = json.loads(row["detail"])
    for field, value in detail.items():
        changed = json.dumps({**detail, field: other_value(value)}, ensure_ascii=False, sort_keys=True)
        yield _changed(row, f"detail.{field}", "detail", changed)


def other_value(value: Any) -> Any:
    """Another value of the same type."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return value.replace("age1", "age2") if "age1" in value else f"{value} "
        case list():
            return value[:-1] if value else ["another"]
        case dict():
            return {name: other_value(each) for name, each in value.items()} or {"another": 1}
    return 1


def _changed(row: sqlite3.Row, said: str, column: str, value: Any) -> Tampering:
    statement = f"UPDATE case_event SET {column} = ? WHERE case_number = ? AND number = ?"
    place = (row["case_number"], row["number"])
    return Tampering(f"{_place(row)} {said} changed", place[0], (DATABASE,), _statement(statement, (value, *place)))


def _sql(said: str, row: sqlite3.Row, statement: str) -> Tampering:
    make = _statement(statement, (row["case_number"], row["number"]))
    return Tampering(f"{_place(row)} {said}", row["case_number"], (DATABASE,), make)


def _doubled(row: sqlite3.Row) -> Tampering:
    statement = (
        "INSERT INTO case_event SELECT case_number, (SELECT max(number) + 1 FROM case_event WHERE case_number = ?1), "
        "kind, at, person, detail, audit_number, audit_authenticator, mac FROM case_event "
        "WHERE case_number = ?1 AND number = ?2"
    )
    return _sql("doubled", row, statement)


def _exchanged(row: sqlite3.Row) -> Tampering:
    def make(home: Path) -> None:
        case, number = row["case_number"], row["number"]
        for then, now in ((number, -1), (number + 1, number), (-1, number + 1)):
            _statement("UPDATE case_event SET number = ? WHERE case_number = ? AND number = ?", (now, case, then))(home)

    return Tampering(f"{_place(row)} exchanged with the next", row["case_number"], (DATABASE,), make)


def _statement(statement: str, values: tuple[Any, ...]) -> Callable[[Path], None]:
    def make(home: Path) -> None:
        with closing(sqlite3.connect(home / DATABASE)) as connection:
            for fence in ("no_update", "no_delete"):
                connection.execute(f"DROP TRIGGER IF EXISTS {fence}")
            assert connection.execute(statement, values).rowcount != 0
            connection.commit()

    return make


def _file(said: str, name: str, change: Callable[[Path], Any], case: str | None) -> Tampering:
    return Tampering(f"{name} {said}", case, (name,), lambda home: change(home / name))


def _swapped(name: str, sibling: str, case: str | None) -> Tampering:
    def make(home: Path) -> None:
        first, second = (home / name).read_bytes(), (home / sibling).read_bytes()
        (home / name).write_bytes(second)
        (home / sibling).write_bytes(first)

    return Tampering(f"{name} exchanged with {sibling}", case, (name, sibling), make)


def _may_be_exchanged(path: Path, other: Path) -> bool:
    alike = path.parent == other.parent and path.suffix == other.suffix and path.name < other.name
    return alike and path.read_bytes() != other.read_bytes()


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _cut(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(
        content[: max(0, content.rfind(b"\n", 0, -1)) + 1 if content.count(b"\n") > 1 else len(content) // 2]
    )


def _place(row: sqlite3.Row) -> str:
    return f"{row['case_number']} event {row['number']} ({row['kind']})"
