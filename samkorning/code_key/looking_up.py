"""Looking a serial number up: who it stands for. A right of its own, with a purpose, and never without a record."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from samkorning.audit import AuditLog
from samkorning.code_key.table import read_code_key
from samkorning.errors import RuleRefused
from samkorning.vault.store import Store

SHORTEST_PURPOSE = 10


@dataclass(frozen=True)
class LookUp:
    """Who looks up, when, and what for. ``purpose`` is a sentence that somebody else can judge."""

    person: str
    at: datetime
    purpose: str


def look_up(store: Store, serial_numbers: pl.Series, asked: LookUp, audit: AuditLog) -> pl.DataFrame:
    """Give ``serial_number`` and ``number`` (null if unknown or removed) in the order asked for.

    The record is durable before the code key is opened: it holds the purpose and how many were asked for, none of the
    numbers. RuleRefused without a purpose.
    """
    if len(asked.purpose.strip()) < SHORTEST_PURPOSE:
        raise RuleRefused("look-up", "a look-up in the code key needs its purpose", "say what the answer is for")
    wanted = serial_numbers.cast(pl.Int32).alias("serial_number").to_frame()
    case, count = store.address.case, wanted.height
    audit.append("look-up", asked.person, case, asked.at, purpose=asked.purpose, store=store.address.store, asked=count)
    held = read_code_key(store).select("serial_number", "number")
    return wanted.join(held, on="serial_number", how="left", maintain_order="left")
