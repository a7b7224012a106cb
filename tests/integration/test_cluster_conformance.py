"""One case on Polars, DuckDB and a real cluster: one hash over who is in the study and every byte that is delivered.

The case has what is hard: a population that a selection finds in three registers, controls, relatives, a number
history, a received file with three identifiers, dirty and missing numbers and one person in most of its rows, and an
extract of an event group. The cluster delivers it; the two engines of one machine draw the same study anew and build
the same delivery again. A worker is killed when it does the first slices.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from assets.steps.delivery.rebuilding import rebuild
from assets.steps.intake.receiving import receive_file
from assets.steps.persons import drawing
from assets.steps.persons.study import FoundStudy, find_study
from pipelines.delivering import run_delivery
from resources.desk import Desk
from samkorning.case import EventKind, acts
from samkorning.case.ledger import last_received
from samkorning.encryption.primitives import mac
from tests.factories import SAMPLE_ORDER
from tests.office import ENGINEER, OFFICER, RECIPIENT, Office
from tests.small_office import CASE
from tests.spark_cluster import StandaloneCluster, meanwhile

pytestmark = [pytest.mark.services, pytest.mark.slow]

SELECTED = """\
  population:
    holder: Socialstyrelsen
    drawn: {selection: patients}
  code_lists:
    - name: everything
      codes: {ICD-10-SE: ["A-Z*"]}
    - name: drugs
      codes: {ATC: ["A-C*"]}
  events:
    - name: stays
      registers: [PAR_SV, PAR_OV]
      codes: {list: everything, positions: [main, secondary]}
      free_days: 30
      dates: {first_day: 2219-01-01, last_day: 2220-12-31}
      take: first
    - name: treated
      registers: [LMED]
      codes: {list: drugs, positions: [drug]}
      around: {of: stays, first_day: -200, last_day: 400}
    - name: dead
      registers: [DORS]
  selections:
    - {name: patients, all_of: [stays], any_of: [treated, dead], index_date: stays}
  controls:
    per_case: 2
    match:
      - {column: birth_year, within: 20}
      - {column: sex}
  relatives: {kinds: [mother, full_sibling, half_sibling_maternal], of: [cases]}
  own_registers:
    - {register_name: PAR_SV, from_year: 2220, to_year: 2220, variables: [INDATUM, HDIA, DIA1], events: stays}
    - {register_name: PAR_OV, from_year: 2220, to_year: 2220, variables: [INDATUM, HDIA], about: [controls, relatives]}
"""
DRAWN = ("study", "population", "controls", "relatives")


def order() -> str:
    """The sample order with a drawn study, one holder's file of three identifiers, and extracts."""
    head = SAMPLE_ORDER[: SAMPLE_ORDER.index("  population:\n")].replace("engine: polars", "engine: spark")
    history = SAMPLE_ORDER[SAMPLE_ORDER.index("  number_history:") : SAMPLE_ORDER.index("  sources:")]
    lisa = SAMPLE_ORDER[SAMPLE_ORDER.index("  sources:") : SAMPLE_ORDER.index("    - name: diabetes")]
    return head + SELECTED + history + lisa.replace("linked_share_at_least: 0.5", "linked_share_at_least: 0.1")


def skewed(office: Office) -> Path:
    """The holder's file, dirty as it is made, with a treated person in most of its rows, and keys that are missing."""
    header, *rows = office.sent("lisa").read_text(encoding="cp1252").splitlines()
    treated = set(office.world.register("LMED", 2219)["number"])
    number = next(each for each in office.world.register("PAR_SV", 2219)["number"] if each in treated)
    without = [";".join(["", *row.split(";")[1:]]) for row in rows[:40]]
    often = [";".join([str(number), *row.split(";")[1:]]) for row in rows] * 4
    written = [*rows, *without, *often]
    Random(3).shuffle(written)
    path = office.folder / "skewed.csv"
    path.write_text("\n".join([header, *written]) + "\n", encoding="cp1252")
    return path


@pytest.fixture
def office(tmp_path: Path, cluster: StandaloneCluster) -> Iterator[Office]:
    """A case that is ready to be delivered by the cluster."""
    office = Office(tmp_path / "office", persons=700)
    office.folder.mkdir()
    detail = acts.order_detail(
        order().replace(RECIPIENT, office.identity.recipient), "order.yaml", office.desk.catalogue
    )
    office.desk.cases.open(CASE, office.desk.clock.now(), ENGINEER, detail)
    office.decide(CASE)
    office.release_holders(CASE, "SCB")
    office.review(CASE)
    office.release(CASE)
    for register, years in {
        **dict.fromkeys(("PAR_SV", "PAR_OV", "LMED", "DORS"), (2219, 2220)),
        **dict.fromkeys(("BEFOLKNING", "BOENDE", "FLERGEN", "CIVIL"), (2220,)),
    }.items():
        office.load(register, *years)
    office.receive(CASE, "number_history")
    receive_file(office.desk, office.desk.case(CASE), "lisa", skewed(office), ENGINEER, "")
    settings = cluster.settings(rows_a_task=1_500)
    office.desk.__dict__["settings"] = office.desk.settings.model_copy(update={"cluster": settings})
    yield office
    office.desk.cases.close()


def hash_of(drawn: dict[str, str], data: dict[str, str]) -> str:
    """One hash of a study, by the hash of each drawn file, and of the data files of a delivery, by theirs."""
    return hashlib.sha256(json.dumps([drawn, data], sort_keys=True).encode()).hexdigest()


def drawn_anew(office: Office, engine: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The hashes of the study as an engine of this machine finds it."""
    case = office.desk.case(CASE)
    with monkeypatch.context() as patched:
        patched.setattr(Desk, "engine_of", lambda self, case: engine)
        patched.setattr(Desk, "cluster_of", lambda self, case: None)
        secret = drawing.draw_secret(office.desk, case)
        found = find_study(office.desk, case, secret)
    return {name: mac(secret, rows).hex() for name, rows in _files(found).items()}


def _files(found: FoundStudy) -> dict[str, bytes]:
    assert found.controls is not None and found.relatives is not None
    frames = {
        "study": drawing._study_rows(found),
        "population": drawing._population_rows(found),
        "controls": drawing._control_rows(found.controls),
        "relatives": drawing._relative_rows(found.relatives),
    }
    assert all(frame.height > 10 for frame in frames.values()), "each holds something to be compared"
    return {name: frame.sort(frame.columns).write_csv(separator=";").encode() for name, frame in frames.items()}


def test_polars_duckdb_and_a_cluster_with_a_killed_worker_give_one_hash_of_a_whole_case(
    office: Office, cluster: StandaloneCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = cluster.applications()
    with meanwhile(cluster.kill_who_works):
        made = run_delivery(office.desk, CASE)
    assert cluster.applications() - before == 1, "the whole run reached the cluster once"
    case = office.desk.case(CASE)
    events = {name: last_received(case, name) for name in DRAWN}
    drawn = {name: event.detail["sha256"] for name, event in events.items() if event is not None}
    [delivered] = case.of(EventKind.DELIVERED)
    data = {file["name"]: file["sha256"] for file in delivered.detail["files"]}
    on_spark, found = hash_of(drawn, data), {}
    for engine in ("polars", "duckdb"):
        again = rebuild(office.desk, CASE, made["delivery"], engine, OFFICER)
        assert (again.ok, again.engine, again.problems) == (True, engine, ())
        found[engine] = hash_of(drawn_anew(office, engine, monkeypatch), {f.name: f.sha256 for f in again.files})
    assert found == {"polars": on_spark, "duckdb": on_spark}
    rows = {file["name"]: file["rows"] for file in delivered.detail["files"]}
    assert all(rows.values()) and len(rows) == 6, rows
