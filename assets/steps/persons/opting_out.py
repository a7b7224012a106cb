"""Persons who are in no study: those who object to one, and those who have opted out of secondary use altogether.

What belongs here: who is left out of a case. What must not: taking an opt-out list in (intake), or keeping it
(resources.opt_out). Nobody is shown who is on it, only how many.
"""

import polars as pl

from assets.steps import stores
from resources.desk import Desk
from samkorning.case import Case


def opted_out(desk: Desk, case: Case) -> pl.LazyFrame:
    """Every number of the persons on the opt-out list, by the case's number history: column ``number``, each once."""
    listed, history = desk.opt_out.numbers(), stores.persons_of_history(desk, case)
    persons = history.join(listed, on="number", how="semi").select("person_number").unique()
    others = history.join(persons, on="person_number", how="semi").select("number")
    return pl.concat([listed, others]).unique()


def left_out(desk: Desk, case: Case) -> pl.LazyFrame:
    """The numbers of all who are in no file of this case: those who object to it, and those who have opted out."""
    return pl.concat([stores.objections(desk, case), opted_out(desk, case)]).unique()
