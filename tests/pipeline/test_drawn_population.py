"""Populations that the service finds itself, through the real job: drawn once, and delivered as who is in the study."""

import csv
import re
import shutil
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from assets.shown.study import study_metadata
from assets.steps import stores
from assets.steps.case_view import program_of
from assets.steps.intake.opt_out_list import take_in_opt_out_list
from assets.steps.persons.drawing import attrition, balance, draw_again, rehearse_draw
from assets.steps.persons.register_frames import years_of
from assets.steps.persons.study import find_study
from assets.steps.retention.disposing import dispose
from pipelines.delivering import run_delivery
from resources.clock import Clock
from resources.desk import Desk
from samkorning.case import EventKind, acts
from samkorning.case.clocks import months_after
from samkorning.case.next_act import next_act
from samkorning.errors import CaseBusy, FileRefused, NotFound, RuleRefused, SamkorningError
from samkorning.keystore import RetentionClass
from tests.office import ENGINEER, RECIPIENT
from tests.small_office import CASE, SmallOffice, copied, small_order

STUDY = "ut_r_study_36759_2021"


def order_with(population: str) -> str:
    """The small order with another population block."""
    text = small_order()
    start, end = text.index("  population:\n"), text.index("  number_history:")
    return text[:start] + population + text[end:]


def opened(office: SmallOffice, order: str) -> None:
    """A case decided and reviewed, nothing received."""
    text = order.replace(RECIPIENT, office.identity.recipient)
    office.desk.cases.open(
        CASE, office.desk.clock.now(), ENGINEER, acts.order_detail(text, "order.yaml", office.desk.catalogue)
    )
    office.decide(CASE)
    office.release_holders(CASE, "Exempelregistret")
    office.review(CASE)
    office.release(CASE)


def load_registers(office: SmallOffice) -> None:
    """What a selection in the inpatient register with controls is found in."""
    office.load("PAR_SV", 2219, 2220)
    office.load("BEFOLKNING", 2220)
    office.load("BOENDE", 2220)


def rows(office: SmallOffice, made: dict, name: str) -> list[dict[str, str]]:
    """The rows of a delivered file."""
    with (office.opened(made) / "data" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


WITHIN = """\
  population:
    holder: Exempelregistret
    drawn: {within: diabetes}
    index_date: Besoksdatum
"""


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    return SmallOffice(tmp_path / "office")


def test_the_persons_of_another_holders_file_are_the_population(office: SmallOffice) -> None:
    opened(office, order_with(WITHIN))
    office.take(CASE, "diabetes", office.visits())
    made = office.deliver(CASE)
    assert office.persons_of(made) == list(range(12))
    study = rows(office, made, STUDY)
    assert len(study) == 12 and {row["INDEXDATUM"] for row in study} == {"2218-01-01"}
    visits = rows(office, made, "ut_r_diabetes_36759_2021")
    assert {row["LopNr"] for row in study} == {row["LopNr"] for row in visits}


def test_nothing_is_drawn_before_the_file_has_come(office: SmallOffice) -> None:
    opened(office, order_with(WITHIN))
    with pytest.raises(Exception, match="R13") as refusal:
        office.deliver(CASE)
    assert "its file has not come" in str(refusal.value)


def test_a_file_of_a_drawn_population_is_not_taken_in(office: SmallOffice) -> None:
    opened(office, order_with(WITHIN))
    for source in ("population", "study"):
        with pytest.raises(NotFound, match="awaits no source"):
            office.take(CASE, source, office.population(office.first))


def test_the_delivery_tells_how_the_study_came_to_its_persons(office: SmallOffice) -> None:
    opened(office, order_with(WITHIN))
    lines = office.visits().read_text(encoding="utf-8-sig").splitlines()
    undated = [*lines[:-2], *(line.replace("2218-01-01", "") for line in lines[-2:])]
    path = office.folder / "undated.csv"
    path.write_text("\n".join(undated) + "\n", encoding="utf-8-sig")
    office.take(CASE, "diabetes", path)
    made = office.deliver(CASE)
    table = (office.opened(made) / "urval.csv").read_text(encoding="utf-8-sig").splitlines()
    assert table == [
        "of;criterion;persons;removed",
        "population;listed in diabetes with an identity number;–;",
        "population;with an index date in Besoksdatum;10;–",
    ], "two who were left out are few, and twelve less ten is two"
    readme = (office.opened(made) / "README.md").read_text()
    assert "| population | with an index date in Besoksdatum | 10 | – |" in readme


SELECTED = """\
  population:
    holder: Socialstyrelsen
    drawn: {selection: patients}
  code_lists:
    - name: everything
      codes: {ICD-10-SE: ["A-Z*"]}
  events:
    - name: stays
      registers: [PAR_SV]
      codes: {list: everything, positions: [main]}
      dates: {first_day: 2219-01-01, last_day: 2220-12-31}
      take: first
  selections:
    - {name: patients, all_of: [stays], index_date: stays}
  controls:
    per_case: 2
    match:
      - {column: birth_year, within: 20}
      - {column: sex}
"""
SECRET = bytes(32)
POPULATION_REGISTERS = ("BEFOLKNING", "BOENDE", "FLERGEN", "CIVIL")


EXTRACTS = """\
  own_registers:
    - register_name: PAR_SV
      from_year: 2219
      to_year: 2220
      variables: [INDATUM, HDIA, DIA1]
      about: [cases]
      events: stays
      cut_codes: [{variable: HDIA, characters: 3, because: the approval asks for categories}]
    - register_name: PAR_OV
      from_year: 2220
      to_year: 2220
      variables: [INDATUM, HDIA]
      about: [controls]
"""


@pytest.fixture(scope="module", params=["polars", pytest.param("duckdb", marks=pytest.mark.slow)])
def extracted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[SmallOffice, dict]:
    """A delivery of a drawn study with its controls, and extracts about both; on each engine."""
    office = SmallOffice(tmp_path_factory.mktemp("extracted") / "office", persons=800)
    opened(office, order_with(SELECTED + EXTRACTS).replace("engine: polars", f"engine: {request.param}"))
    load_registers(office)
    office.load("PAR_OV", 2220)
    return office, office.deliver(CASE)


def test_a_population_from_a_register_with_controls_is_delivered_under_serial_numbers(
    extracted: tuple[SmallOffice, dict],
) -> None:
    office, made = extracted
    study, controls = rows(office, made, STUDY), rows(office, made, "ut_r_controls_36759_2021")
    stays = pl.concat([office.world.register("PAR_SV", year) for year in (2219, 2220)])
    stays = stays.filter(
        pl.col("INDATUM").is_between(date(2219, 1, 1), date(2220, 12, 31)), pl.col("HDIA").is_not_null()
    )
    cases = [row for row in study if row["ROLL"] == "fall"]
    assert len(cases) == stays["number"].n_unique()
    assert {row["LopNr"] for row in cases} == {row["LopNr"] for row in study if row["ROLL"] == "fall"}
    drawn = [row for row in study if row["ROLL"] == "kontroll"]
    assert {row["LopNrKontroll"] for row in controls} == {row["LopNr"] for row in drawn}
    assert {row["LopNrFall"] for row in controls} <= {row["LopNr"] for row in cases}
    assert all(abs(int(row["BIRTH_YEAR_FALL"]) - int(row["BIRTH_YEAR_KONTROLL"])) <= 20 for row in controls)
    assert all(row["SEX_FALL"] == row["SEX_KONTROLL"] for row in controls)
    assert {row["ANTALKONTROLLER"] for row in cases} <= {"", "0", "1", "2"}
    assert sum(int(row["ANTALKONTROLLER"] or 0) for row in cases) == len(controls) > 0
    balance = (office.opened(made) / "balans.csv").read_text(encoding="utf-8-sig").splitlines()
    assert balance[0] == "column;level;cases;eligible;drawn;difference_before;difference_after"
    assert any(line.startswith("sex;") for line in balance)


def test_an_extract_takes_the_rows_of_its_event_group_about_whom_it_says(extracted: tuple[SmallOffice, dict]) -> None:
    office, made = extracted
    study = rows(office, made, STUDY)
    stays, visits = rows(office, made, "ut_r_par_sv_36759_2021"), rows(office, made, "ut_r_par_ov_36759_2021")
    index = {row["LopNr"]: row["INDEXDATUM"] for row in study if row["ROLL"] == "fall"}
    assert {row["LopNr"] for row in stays} == set(index)
    assert all(row["INDATUM"] == index[row["LopNr"]] for row in stays)
    assert all(len(row["HDIA"]) == 3 for row in stays)
    assert any(len(row["DIA1"]) > 3 for row in stays)
    assert "`ut_r_par_sv_36759_2021`: HDIA (3 tecken)" in (office.opened(made) / "LÄSMIG.md").read_text()
    controls = {row["LopNr"] for row in study if row["ROLL"] == "kontroll"}
    assert visits and {row["LopNr"] for row in visits} <= controls
    flow = (office.opened(made) / "radflode.csv").read_text(encoding="utf-8-sig")
    assert "par_sv 2220;bortfall;ej i händelsegruppen;" in flow


ONE_GROUP_FOR_TWO = """\
  relatives: {kinds: [mother, full_sibling, half_sibling_maternal, half_sibling_paternal], of: [cases]}
  own_registers:
    - {register_name: PAR_SV, from_year: 2219, to_year: 2220, variables: [INDATUM], about: [cases], events: firsts}
    - {register_name: PAR_OV, from_year: 2219, to_year: 2220, variables: [INDATUM], about: [relatives], events: firsts}
"""
FIRSTS = """\
    - name: firsts
      registers: [PAR_SV, PAR_OV]
      codes: {list: everything, positions: [main]}
      take: first
  selections:
"""


@pytest.mark.slow
def test_two_extracts_of_one_event_group_are_each_about_whom_they_say(tmp_path: Path) -> None:
    """The days that a group takes are those of everybody, whichever extract asks first."""
    office = SmallOffice(tmp_path / "office", persons=800)
    opened(office, order_with(SELECTED.replace("  selections:\n", FIRSTS) + ONE_GROUP_FOR_TWO))
    office.load("PAR_SV", 2219, 2220)
    office.load("PAR_OV", 2219, 2220)
    for register in POPULATION_REGISTERS:
        office.load(register, 2220)
    made = office.deliver(CASE)
    number_of = {str(serial): number for number, serial in code_key_of(office).items()}
    relatives = {number_of[row["LopNrNarstaende"]] for row in rows(office, made, "ut_r_relatives_36759_2021")}
    events = pl.concat(
        [
            office.world.register(register, year).select("number", "INDATUM", "HDIA", ours=pl.lit(register == "PAR_OV"))
            for register in ("PAR_SV", "PAR_OV")
            for year in (2219, 2220)
        ]
    ).filter(pl.col("HDIA").is_not_null(), pl.col("number").is_in(relatives))
    first = pl.col("INDATUM") == pl.col("INDATUM").min().over("number")
    meant = Counter(events.filter(first).filter("ours").select("number", pl.col("INDATUM").cast(pl.String)).iter_rows())
    visits = rows(office, made, "ut_r_par_ov_36759_2021")
    found = Counter((number_of[row["LopNr"]], row["INDATUM"]) for row in visits)
    assert ((found - meant).total(), (meant - found).total(), bool(meant)) == (0, 0, True)


def code_key_of(office: SmallOffice) -> dict[int, int]:
    """Every number in the code key and its serial number."""
    key = stores.code_key(office.desk, office.desk.case(CASE)).scan()
    return dict(key.select("number", "serial_number").collect().iter_rows())


SIBLINGS = """\
  relatives: {kinds: [mother, full_sibling, half_sibling_maternal, half_sibling_paternal], of: [cases]}
  own_registers:
    - register_name: DORS
      from_year: 2220
      to_year: 2220
      variables: [DODSDAT]
      about: [relatives]
"""


def test_relatives_leave_as_pairs_and_rows_about_them_only_where_an_extract_says_so(tmp_path: Path) -> None:
    office = SmallOffice(tmp_path / "office", persons=3_000)
    opened(office, order_with(SELECTED + SIBLINGS))
    office.load("PAR_SV", 2219, 2220)
    for register in (*POPULATION_REGISTERS, "DORS"):
        office.load(register, 2220)
    made = office.deliver(CASE)
    study, pairs = rows(office, made, STUDY), rows(office, made, "ut_r_relatives_36759_2021")
    cases = {row["LopNr"] for row in study if row["ROLL"] == "fall"}
    assert pairs and {row["LopNr"] for row in pairs} <= cases
    assert {row["SLAKTSKAP"] for row in pairs} >= {"mother", "full_sibling"}
    relatives = {row["LopNrNarstaende"] for row in pairs}
    assert "" not in relatives and all(len(number) == 9 for number in relatives)
    assert relatives & cases, "a relative who is in the population has the number that she has there"
    deaths = rows(office, made, "ut_r_dors_36759_2021")
    assert deaths and {row["LopNr"] for row in deaths} <= relatives
    table = (office.opened(made) / "urval.csv").read_text(encoding="utf-8-sig")
    assert "relatives;relatives: mother;" in table


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> SmallOffice:
    """A case whose study is selected, and the registers that it is found in; nobody is drawn yet."""
    office = SmallOffice(tmp_path_factory.mktemp("loaded") / "office", persons=800)
    opened(office, order_with(SELECTED))
    load_registers(office)
    office.desk.cases.close()
    return office


def test_a_study_is_drawn_once_and_again_only_by_a_persons_act(loaded: SmallOffice, tmp_path: Path) -> None:
    office = copied(loaded, tmp_path / "office")
    first = office.deliver(CASE)
    before = rows(office, first, STUDY)
    fewer = office.world.register("PAR_SV", 2220).head(-15)
    office.desk.registers.load("PAR_SV", 2220, fewer)
    assert office.deliver(CASE)["delivery"] is None
    with pytest.raises(FileRefused, match="R19: the study population is frozen") as refusal:
        draw_again(office.desk, office.desk.case(CASE), ENGINEER, "the year was loaded anew")
    adds, removes = (int(found) for found in re.findall(r"--(?:adds|removes) (\d+)", str(refusal.value)))
    office.decide_population(CASE, adds, removes)
    draw_again(office.desk, office.desk.case(CASE), ENGINEER, "the year was loaded anew")
    second = office.deliver(CASE)
    after = rows(office, second, STUDY)
    pairs = {row["LopNr"]: row for row in before if row["ROLL"] == "fall"}
    assert second["kind"] == "replacement"
    assert {row["LopNr"] for row in after if row["ROLL"] == "fall"} <= set(pairs)
    assert len([row for row in after if row["ROLL"] == "fall"]) == len(pairs) - removes


def test_the_page_shows_attrition_and_balance(loaded: SmallOffice, tmp_path: Path) -> None:
    office = copied(loaded, tmp_path / "office")
    case = draw_again(office.desk, office.desk.case(CASE), ENGINEER, "a look before")
    shown = study_metadata(attrition(case), balance(office.desk, case))
    assert "| controls | cases: with all controls |" in shown["attrition"].value
    assert "| sex | 1 |" in shown["balance_table"].value
    assert shown["balance"].value.startswith("![differences before and after drawing](data:image/svg+xml;base64,")


def test_a_rehearsed_draw_keeps_nothing(loaded: SmallOffice, tmp_path: Path) -> None:
    office = copied(loaded, tmp_path / "office")
    steps, change = rehearse_draw(office.desk, office.desk.case(CASE))
    assert steps and change is None
    assert not office.desk.case(CASE).of(EventKind.FILE_RECEIVED)


def test_who_has_opted_out_is_no_control_and_no_relative(tmp_path: Path) -> None:
    office = SmallOffice(tmp_path / "office", persons=1_500)
    opened(office, order_with(SELECTED + SIBLINGS))
    office.load("PAR_SV", 2219, 2220)
    for register in POPULATION_REGISTERS:
        office.load(register, 2220)
    desk = office.desk
    before = find_study(desk, desk.case(CASE), SECRET)
    control, relative = before.controls.pairs["control"][0], before.relatives.pairs["relative"][0]
    case_person = before.entries["number"][0]
    path = tmp_path / "list.csv"
    path.write_text(f"number\n{control}\n{relative}\n{case_person}\n")
    take_in_opt_out_list(desk, path, None, ENGINEER)
    after = find_study(desk, desk.case(CASE), SECRET)
    left = {control, relative, case_person}
    assert left.isdisjoint(after.controls.pairs["control"]) and left.isdisjoint(after.controls.pairs["case"])
    assert left.isdisjoint(after.relatives.pairs["relative"])
    assert case_person not in set(after.entries["number"])
    [willing] = [step for step in after.attrition if step.step == "willing"]
    assert willing.removed and str(case_person) not in str(after.attrition)
    assert len(after.controls.pairs) > 0


CONTROLS_OF_A_FILE = """\
  controls:
    per_case: 1
    match: [{column: birth_year, within: 20}]
"""


@pytest.mark.slow
def test_controls_follow_a_population_that_was_sent_and_decided_anew(tmp_path: Path) -> None:
    """The cases come as a file with index dates; another file, decided by three, has controls for its new cases too."""
    office = SmallOffice(tmp_path / "office", persons=800)
    text = small_order().replace("    column: PERSNR\n", "    column: PERSNR\n    index_date: INDEXDATUM\n", 1)
    opened(office, text.replace("  number_history:", CONTROLS_OF_A_FILE + "  number_history:"))
    office.load("BEFOLKNING", 2220)
    office.load("BOENDE", 2220)
    office.take(CASE, "population", office.population(office.first))
    office.take(CASE, "diabetes", office.visits())
    first = office.deliver(CASE)
    before = {(row["LopNrFall"], row["LopNrKontroll"]) for row in rows(office, first, "ut_r_controls_36759_2021")}
    assert 0 < len(before) <= 9
    office.decide_population(CASE, 3, 0)
    office.take(CASE, "population", office.population(office.numbers, "more"))
    office.release_holders(CASE, "Exempelregistret")
    second = office.deliver(CASE)
    after = {(row["LopNrFall"], row["LopNrKontroll"]) for row in rows(office, second, "ut_r_controls_36759_2021")}
    serials = code_key_of(office)
    new_cases = {str(serials[int(number)]) for number in office.later}  # who is a case now is nobody's control
    stays = {pair for pair in before if pair[1] not in new_cases}
    assert second["kind"] == "replacement" and stays <= after and len(after) > len(stays)


def test_persons_whose_numbers_are_text_are_in_no_selection(office: SmallOffice) -> None:
    """A register may hold them beside the others; a selection finds persons by national numbers alone."""
    opened(office, order_with(WITHIN))
    rows_of_year = office.world.register("PAR_SV", 2220).head(3)
    other = rows_of_year.with_columns(pl.when(pl.int_range(pl.len()) == 0).then(-5).otherwise("number").alias("number"))
    office.desk.registers.load("PAR_SV", 2220, other)
    found = years_of(office.desk, office.desk.case(CASE), "PAR_SV")[2220].collect()
    assert sorted(found["person"]) == sorted(other["number"].filter(other["number"] > 0))


REPEATED = """\
  own_registers:
    - register_name: PAR_OV
      from_year: 2220
      to_year: 2220
      repeats_until: 2222
      variables: [INDATUM, HDIA]
"""


@pytest.mark.slow
def test_a_study_is_there_for_repeats_after_its_material_is_disposed_of_and_goes_with_the_code_key(
    tmp_path: Path,
) -> None:
    office = SmallOffice(tmp_path / "office", persons=800)
    opened(office, order_with(SELECTED + REPEATED))
    for register, years in {
        "PAR_SV": (2219, 2220),
        "PAR_OV": (2220,),
        "BEFOLKNING": (2220,),
        "BOENDE": (2220,),
    }.items():
        office.load(register, *years)
    in_study = {row["LopNr"] for row in rows(office, office.deliver(CASE), STUDY)}
    office.act(CASE, "Olle", lambda case: acts.withdraw_source(case, "diabetes", "never came"))
    today = office.desk.clock.today()
    later = Desk(office.desk.home, office.desk.settings, Clock(months_after(today, 4)))
    until = months_after(today, 12)
    office.act(CASE, "Olle", lambda case: acts.keep_code_key(case, until, today, "repeats are ordered"))
    [done] = dispose(later, CASE, "Olle", second="Mia")
    assert done.phase == "disposed"
    assert later.vault.stores(CASE, RetentionClass.MATERIAL) == []
    office.load("PAR_OV", 2221)
    second = run_delivery(later, CASE)
    assert (second["delivery"], second["kind"]) == ("L002", "repeat")
    assert {row["LopNr"] for row in rows(office, second, "ut_r_par_ov_36759_2021")} <= in_study
    end = Desk(office.desk.home, office.desk.settings, Clock(months_after(today, 24)))
    dispose(end, CASE, "Olle", second="Mia")
    assert end.vault.stores(CASE) == []


def test_the_next_act_of_a_case_whose_study_is_not_drawn_is_to_deliver(office: SmallOffice) -> None:
    opened(office, order_with(SELECTED))
    case = office.desk.case(CASE)
    act = next_act(case, office.rows(CASE), program_of(office.desk, case), office.desk.clock.today())
    assert act.what == "deliver: who is in the study is found first"


TWO_STEPS = """\
  population:
    holder: Exempelregistret
    drawn: {within: diabetes, selection: visitors}
    index_date: Besoksdatum
  code_lists:
    - name: everything
      codes: {ICD-10-SE: ["A-Z*"]}
  events:
    - name: visits
      registers: [PAR_OV]
      codes: {list: everything, positions: [main]}
      around: {of: index_date, first_day: FIRST, last_day: LAST}
  selections:
    - {name: visitors, all_of: [visits]INDEX}
"""


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize(("first", "last"), [(0, 730), (731, 1095)])
def test_two_steps_a_group_that_a_holder_lists_and_of_it_those_whom_a_register_has(
    tmp_path: Path, engine: str, first: int, last: int
) -> None:
    """R22: who is listed, and had a visit in a window from their own index date; reckoned here row by row."""
    office = SmallOffice(tmp_path / "office", persons=60)
    text = TWO_STEPS.replace("FIRST", str(first)).replace("LAST", str(last)).replace("INDEX", "")
    opened(office, order_with(text).replace("engine: polars", f"engine: {engine}"))
    office.load("PAR_OV", 2218, 2219, 2220)
    listed = office.visits().read_text(encoding="utf-8-sig").splitlines()
    twice = [listed[1].replace("2218-01-01", "2219-01-01"), listed[2].replace("2218-01-01", "2219-06-30")]
    path = office.folder / "twice.csv"
    path.write_text("\n".join([*listed, *twice]) + "\n", encoding="utf-8-sig")
    office.take(CASE, "diabetes", path)
    dates = {(int(row.split(";")[0]), date.fromisoformat(row.split(";")[1])) for row in [*listed[1:], *twice]}
    visits = pl.concat([office.world.register("PAR_OV", year) for year in (2218, 2219, 2220)])
    seen = set(visits.filter(pl.col("HDIA").is_not_null()).select("number", "INDATUM").iter_rows())
    meant = {
        (number, day)
        for number, day in dates
        if any(other == number and first <= (visit - day).days <= last for other, visit in seen)
    }
    found = find_study(office.desk, office.desk.case(CASE), SECRET).entries
    assert set(found.select("number", "index_date").iter_rows()) == meant
    assert meant or first, "somebody is in the first window"


def test_a_selection_with_index_dates_of_its_own_gives_these_to_the_listed(tmp_path: Path) -> None:
    office = SmallOffice(tmp_path / "office", persons=60)
    text = TWO_STEPS.replace("    index_date: Besoksdatum\n", "").replace("INDEX", ", index_date: visits")
    text = re.sub(r"      around: .*\n", "      take: last\n", text)
    opened(office, order_with(text))
    office.load("PAR_OV", 2218, 2219, 2220)
    office.take(CASE, "diabetes", office.visits())
    visits = pl.concat([office.world.register("PAR_OV", year) for year in (2218, 2219, 2220)])
    last = visits.filter(pl.col("HDIA").is_not_null()).group_by("number").agg(pl.col("INDATUM").max())
    meant = {row for row in last.iter_rows() if str(row[0]) in office.numbers}
    found = find_study(office.desk, office.desk.case(CASE), SECRET).entries
    assert meant and set(found.select("number", "index_date").iter_rows()) == meant


@pytest.mark.slow
def test_a_study_that_is_drawn_twice_is_the_same(loaded: SmallOffice, tmp_path: Path) -> None:
    office = copied(loaded, tmp_path / "office")
    for reason in ("a look before", "once more"):
        draw_again(office.desk, office.desk.case(CASE), ENGINEER, reason)
    case = office.desk.case(CASE)
    for name in ("study", "controls", "population"):
        assert len({event.detail["sha256"] for event in case.received_files(name)}) == 1
    office.deliver(CASE)
    assert office.deliver(CASE)["delivery"] is None


def test_a_vault_of_before_the_draw_is_refused(loaded: SmallOffice, tmp_path: Path) -> None:
    """Restored from yesterday: nobody is drawn anew in the place of those whom the ledger remembers."""
    office = copied(loaded, tmp_path / "office")
    yesterday = shutil.copytree(office.desk.home.vault, tmp_path / "yesterday")
    draw_again(office.desk, office.desk.case(CASE), ENGINEER, "a look before")
    shutil.rmtree(office.desk.home.vault)
    shutil.copytree(yesterday, office.desk.home.vault)
    with pytest.raises(Exception, match="restore") as refusal:
        run_delivery(Desk.at(office.desk.home.root), CASE)
    assert isinstance(refusal.value, SamkorningError)
    assert not office.desk.case(CASE).of(EventKind.DELIVERED)


def test_a_draw_waits_for_nobody_and_names_nobody(loaded: SmallOffice, tmp_path: Path) -> None:
    """By two at once one is told that the case is busy; a reason with somebody's number is refused."""
    office = copied(loaded, tmp_path / "office")
    case = office.desk.case(CASE)
    with pytest.raises(RuleRefused) as refusal:
        draw_again(office.desk, case, ENGINEER, f"asked for by {office.first[0]}")
    assert office.first[0] not in str(refusal.value)
    holding = "import sys; from pathlib import Path; from resources.desk import Desk\n"
    holding += f"with Desk.at(Path(sys.argv[1])).vault.lock({CASE!r}): print('held', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", holding, str(office.desk.home.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout and other.stdout.readline() == b"held\n"
        with pytest.raises(CaseBusy):
            draw_again(office.desk, case, ENGINEER, "a look before")
        other.communicate()
    assert not office.desk.case(CASE).of(EventKind.FILE_RECEIVED)
