"""Register years in slices: what processes elsewhere give together is what one machine gives."""

import pickle
from collections.abc import Iterator
from random import Random

import polars as pl
import pytest

from samkorning.keystore import Keystore, PassphraseProvider
from samkorning.linkage import Bounds
from samkorning.linkage.engines import open_engine
from samkorning.linkage.sliced_registers import LentEventRows, RegisterSlice, SlicedDays, SlicedExtraction
from samkorning.linkage.slices import Done, Sliced, slices_of, taken_together
from samkorning.order import OwnRegister
from samkorning.own_registers.by_person import by_person
from samkorning.own_registers.extraction import extract, rows_about
from samkorning.own_registers.selection import EventRows, Frames, compile_selection, days_of_group
from samkorning.vault import Part, RetentionClass, Store, Vault
from samkorning.vault.draft import Draft
from tests.registers_for_selection import CATALOGUE, specification

CASE, YEAR, NUMBERS = "36759-2021", 2204, [212004110000 + number for number in range(12)]
LIST = {"name": "diabetes", "codes": {"ATC": ["A10*"]}}
GROUP = {"name": "drugs", "registers": ["LMED"], "codes": {"list": "diabetes", "positions": ["drug"]}, "take": "first"}
SAID = specification(GROUP, selections=[{"name": "treated", "all_of": ["drugs"]}], code_lists=[LIST])
HISTORY = pl.LazyFrame({"number": [NUMBERS[0], NUMBERS[1]], "person_number": [NUMBERS[1], NUMBERS[1]]})
"""The first two numbers are one person's, so that its days lie under both."""
OWN = OwnRegister.model_validate(
    {"register_name": "LMED", "variables": ["ATC", "EDATUM"], "from_year": YEAR, "to_year": YEAR, "events": "drugs"}
)
NO_BOUNDS = Bounds(())


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    folder = tmp_path_factory.mktemp("vault")
    provider = PassphraseProvider(folder / "keystore", b"a passphrase for tests", 2**14)
    return Vault(folder / "vault", Keystore.create(folder / "keystore", provider))


def store(vault: Vault, name: str) -> Store:
    return vault.create_store(CASE, RetentionClass.MATERIAL, name)


@pytest.fixture(scope="module")
def year(vault: Vault) -> list[Part]:
    chance = Random(5)
    rows = [
        (chance.choice(NUMBERS), chance.choice(["A10A", "C09", None]), f"2204-0{chance.randint(1, 9)}-01")
        for _ in range(300)
    ]
    frame = pl.DataFrame(rows, {"number": pl.Int64, "ATC": pl.String, "EDATUM": pl.String}, orient="row")
    lmed = store(vault, "lmed")
    lmed.append(frame.with_columns(pl.col("EDATUM").str.to_date()).sort("number"))
    return lmed.parts()


def persons(wanted: list[int]) -> pl.DataFrame:
    serials = [100_000_000 + NUMBERS.index(each) for each in wanted]
    types = {"serial_number": pl.Int32, "reused": pl.Int8}
    return pl.DataFrame(
        {"number": wanted, "serial_number": serials, "reused": [0] * len(wanted)}, schema_overrides=types
    )


def days(year: list[Part]) -> pl.DataFrame:
    rows = by_person(pl.concat(part.rows for part in year), HISTORY)
    with open_engine("polars", 2**28) as engine:
        return days_of_group(engine, compile_selection(SAID, CATALOGUE), Frames({"LMED": {YEAR: rows}}), "drugs")[0]


def done(work: Sliced, year: list[Part]) -> Done:
    """As a cluster does it: what is common travels, and slices are small."""
    travelled = pickle.loads(pickle.dumps(work))  # noqa: S301  (our own)
    slices = (RegisterSlice(**vars(each), register="LMED", year=YEAR) for each in slices_of(year, 70))
    return taken_together(travelled.done(each, attempt) for attempt, each in enumerate(slices))


def found(draft: Draft, answer: Done) -> pl.DataFrame:
    return pl.concat(draft.rows_of(name) for name in draft.adopt(answer.files)).collect()


@pytest.fixture
def draft(vault: Vault, request: pytest.FixtureRequest) -> Iterator[Draft]:
    with store(vault, f"linked.{request.node.name[5:30]}").draft() as draft:
        yield draft


def test_days_of_all_slices_are_those_of_the_year_over_the_number_history(year: list[Part], draft: Draft) -> None:
    history = draft.lend(HISTORY)
    work = SlicedDays(SAID, CATALOGUE, "drugs_rows", None, history, draft.place, 2**28)
    answer = done(work, year)
    rows = by_person(pl.concat(part.rows for part in year), HISTORY).filter(pl.col("ATC") == "A10A")
    every = rows.select("person", day="EDATUM").unique().collect()
    assert found(draft, answer).unique().sort(pl.all()).equals(every.sort(pl.all()))
    assert NUMBERS[0] not in every["person"] and NUMBERS[1] in every["person"]
    assert answer.row_flow.rows_in == 300


def test_days_of_some_persons_are_theirs_alone(year: list[Part], draft: Draft) -> None:
    about = draft.lend(pl.LazyFrame({"person": [NUMBERS[1], NUMBERS[3]]}))
    work = SlicedDays(SAID, CATALOGUE, "drugs_rows", about, draft.lend(HISTORY), draft.place, 2**28)
    assert set(found(draft, done(work, year))["person"]) == {NUMBERS[1], NUMBERS[3]}


def test_an_extract_of_an_event_group_in_slices_has_the_rows_and_counts_of_one_machine(
    year: list[Part], draft: Draft
) -> None:
    ours = persons(NUMBERS[:6])
    events = EventRows(SAID, CATALOGUE, "drugs", "LMED", YEAR, days(year).lazy(), HISTORY)
    with open_engine("polars", 2**28) as engine:
        expected = extract(engine, OWN, year, ours, lambda rows: events.taken(engine, rows)).collect()
    lent = LentEventRows.of(events, draft.lend(events.days), draft.lend(HISTORY))
    work = SlicedExtraction(OWN, draft.lend(ours.lazy()), {}, NO_BOUNDS, draft.place, 2**28, lent)
    answer = done(work, year)
    assert found(draft, answer).sort(pl.all()).equals(expected.sort(pl.all())) and not expected.is_empty()
    about = rows_about(year, ours)
    assert answer.row_flow.dropped == {"not_in_population": 300 - about, "not_in_event_group": about - expected.height}
    assert answer.row_flow.unexplained == 0


def test_nothing_of_a_day_travels_with_what_is_lent(year: list[Part], draft: Draft) -> None:
    """What a task is sent are files and what opens them; rows stay in the vault's folder."""
    events = EventRows(SAID, CATALOGUE, "drugs", "LMED", YEAR, days(year).lazy(), HISTORY)
    lent = LentEventRows.of(events, draft.lend(events.days), draft.lend(HISTORY))
    sent = pickle.dumps(lent)
    assert not any(number.to_bytes(8, "little") in sent or str(number).encode() in sent for number in NUMBERS)
    assert lent.held().days.collect().equals(events.days.collect())
