"""Deliveries for the integration tests: valid ones with defaults, and the keys they are made with."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from samkorning.delivery.checks import check_description
from samkorning.delivery.description import (
    DeliveredFile,
    DeliveredVariable,
    DeliveryDescription,
    DeliveryKind,
    Recipient,
    SerialNumberFacts,
)
from samkorning.delivery.package.sealing import SealedPackage, seal_package
from samkorning.encryption import age, signing
from samkorning.linkage.row_flow import RowFlow
from tests.provenance import PROVENANCE
from tests.rendered import a_delivered_file

RECIPIENT, STRANGER = age.create_identity(), age.create_identity()
SEED = bytes(range(32))
PUBLIC = signing.public_key(SEED)
PAR, DORS = "ut_r_par_sv_36759_2021", "ut_r_dors_36759_2021"
SERIAL_NUMBERS = (417_205_118, 530_114_922, 977_000_131)


def a_frame(numbers: Sequence[int] = SERIAL_NUMBERS) -> pl.DataFrame:
    values = {"LopNr": numbers, "HDIA": ["C509", None, ""] * len(numbers), "TEXT": ['=1+1;"å"\r\n'] * 3 * len(numbers)}
    length = len(numbers)
    return pl.DataFrame(
        {name: list(column)[:length] for name, column in values.items()},
        {"LopNr": pl.Int32, "HDIA": pl.String, "TEXT": pl.String},
    )


def a_file(name: str, frame: pl.DataFrame) -> DeliveredFile:
    variables = (DeliveredVariable(one, "klartext", "label", "text", 9) for one in frame.columns)
    return a_delivered_file(name, frame, tuple(variables))


def a_description(number: str = "L001", **frames: pl.DataFrame) -> DeliveryDescription:
    frames = frames or {PAR: a_frame(), DORS: a_frame(SERIAL_NUMBERS[:1])}
    return DeliveryDescription(
        case="36759-2021",
        number=number,
        kind=DeliveryKind.FIRST,
        synthetic=True,
        title="Bröstcancer och läkemedel",
        recipient=Recipient("Anna Exempel", "Exempeluniversitetet"),
        date=date(2221, 12, 31),
        files=tuple(a_file(name, frame) for name, frame in frames.items()),
        row_flows=(RowFlow("PAR_SV", 5, 3, {"unknown_person": 2}),),
        awaited=("region",),
        serial_numbers=SerialNumberFacts(3, 3),
        provenance=PROVENANCE,
    )


def sealed_in(folder: Path, **changes: Any) -> SealedPackage:
    return seal_package(a_description(**changes), folder, RECIPIENT.recipient, SEED)


def test_the_default_delivery_holds() -> None:
    check_description(a_description())
