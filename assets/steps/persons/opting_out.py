"""Persons who are in no study: those who object to one, and those who have opted out of secondary use altogether.

What belongs here: who is left out of a case, and what is noted of it there. What must not: taking an opt-out list in
(intake), or keeping it (resources.opt_out). Nobody is shown who is on it, only how many.

Whoever opts out keeps a serial number that was drawn before, so that it never stands for another. The case notes who of
its persons has opted out: by that they are linked no more, and what was linked with them is linked anew.
"""

import polars as pl

from assets.steps import stores
from resources.desk import Desk
from samkorning.case import Case
from samkorning.order import PERSON_SERIES
from samkorning.vault import Generation

NOBODY = pl.Series("number", [], dtype=pl.Int64)


def opted_out(desk: Desk, case: Case) -> pl.LazyFrame:
    """Every number of the persons on the opt-out list, by the case's number history: column ``number``, each once."""
    listed, history = desk.opt_out.numbers(), stores.persons_of_history(desk, case)
    persons = history.join(listed, on="number", how="semi").select("person_number").unique()
    others = history.join(persons, on="person_number", how="semi").select("number")
    return pl.concat([listed, others]).unique()


def left_out(desk: Desk, case: Case) -> pl.LazyFrame:
    """The numbers of all who are in no file of this case: those who object to it, and those who have opted out."""
    return pl.concat([stores.objections(desk, case), opted_out(desk, case)]).unique()


def noted_list(desk: Desk, case: Case) -> Generation | None:
    """What the case has noted of opt-outs; looking makes no store."""
    if not desk.vault.has_store(case.number, stores.CODE_KEY, stores.OPTED_OUT):
        return None
    return desk.store(case.number, stores.CODE_KEY, stores.OPTED_OUT).latest()


def noted(desk: Desk, case: Case) -> pl.Series:
    """The numbers of the case's persons who had opted out when it was noted last."""
    if noted_list(desk, case) is None:
        return NOBODY
    return desk.store(case.number, stores.CODE_KEY, stores.OPTED_OUT).scan().collect()["number"]


def note(desk: Desk, case: Case, numbers: pl.Series) -> None:
    """Notes who of the case's persons has opted out, in order of number; what is noted already is not noted twice."""
    if not numbers.equals(noted(desk, case)):
        desk.store(case.number, stores.CODE_KEY, stores.OPTED_OUT).append(numbers.to_frame())


def withdrawn(desk: Desk, case: Case, series: str) -> pl.Series:
    """The serial numbers of a series that may not leave: of persons who were taken out, object or have opted out."""
    rows = stores.code_key_rows(desk, case, series)
    gone = pl.col("number").is_null()
    if series == PERSON_SERIES:
        objecting = stores.objections(desk, case).collect()["number"]
        gone |= pl.col("number").is_in(pl.concat([objecting, noted(desk, case)]).unique().implode())
    return rows.filter(gone).select("serial_number").collect().to_series()
