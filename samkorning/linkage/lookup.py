"""The lookup from every number a person has had to that person's one serial number.

What belongs here: bringing code key and number history together. What must not: drawing serial numbers (the code key
does), or the history's own consistency (samkorning.persons).
"""

import polars as pl

from samkorning.errors import RuleRefused

NUMBER, PERSON_NUMBER, SERIAL_NUMBER = "number", "person_number", "serial_number"


def serial_number_lookup(code_key: pl.LazyFrame, history: pl.LazyFrame) -> pl.LazyFrame:
    """Every number that leads to a serial number.

    A person found in the code key under any of several numbers is found under all of them. A history that arrives
    after serial numbers were drawn therefore moves none of them.

    :param code_key: columns ``number`` (Int64) and ``serial_number`` (Int32), one row a serial number.
    :param history: columns ``number`` and ``person_number`` (Int64), one row for every number in the number history.
    :returns: columns ``number`` and ``serial_number``, each number once.
    :raises RuleRefused: when the history joins two persons who already carry different serial numbers.
    """
    key = code_key.select(NUMBER, SERIAL_NUMBER)
    of_person = history.join(key, on=NUMBER).select(PERSON_NUMBER, SERIAL_NUMBER)
    doubled = of_person.group_by(PERSON_NUMBER).len().filter(pl.col("len") > 1).select(pl.len()).collect().item()
    if doubled:
        raise RuleRefused(
            "R18",
            f"the number history joins {doubled} persons who already carry two serial numbers",
            "persons keep their serial numbers: take the history back, or settle those persons with the orderer",
        )
    others = history.join(of_person, on=PERSON_NUMBER).select(NUMBER, SERIAL_NUMBER)
    return pl.concat([key, others.join(key, on=NUMBER, how="anti")])


def numbers_to_add(numbers: pl.LazyFrame, lookup: pl.LazyFrame, history: pl.LazyFrame) -> pl.LazyFrame:
    """The persons among some numbers who have no serial number yet, each once, by their latest number.

    :param numbers: column ``number`` (Int64); may repeat.
    :returns: column ``number``.
    """
    unknown = numbers.select(NUMBER).unique().join(lookup, on=NUMBER, how="anti")
    latest = unknown.join(history, on=NUMBER, how="left")
    return latest.select(pl.coalesce(PERSON_NUMBER, NUMBER).alias(NUMBER)).unique()
