"""The nodes of the river: what each asset is, in plain words, who looks after it, and what lies in it.

What belongs here: what a reader of the page is told of an asset before it has run; one table for all of them. What must
not: dependencies and work (the modules of the assets), or what a run shows (assets.shown).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import dagster as dg

from samkorning.order import SourceClass
from samkorning.program_hash import program_hash

DESK, INTAKE, CASE, PERSONS, LINKAGE, DELIVERY, RETENTION = (
    "desk", "intake", "case", "persons", "linkage", "delivery", "retention",
)  # fmt: skip
OFFICERS, ENGINEERS, KEEPERS = "team:case-officers", "team:data-engineers", "team:register-keepers"
"""Handläggare, dataingenjörer and those who keep the own registers."""

NUMBERS, SERIALS, COUNTS = "identity-numbers", "serial-numbers", "counts"
"""What lies in an asset's store: never what the page shows of it, which is counts."""

ARCHIVED, WITH_CODE_KEY, AS_MATERIAL = "archived", "with-code-key", "as-material"
CODE_VERSION = program_hash()[:12]


@dataclass(frozen=True)
class Node:
    """One asset: its group, owner, a sentence or two of what it is, what lies in it, until when, and in what form."""

    group: str
    owner: str
    text: str
    holds: str = COUNTS
    kept: str = ARCHIVED
    kinds: frozenset[str] = field(default_factory=frozenset)

    @property
    def words(self) -> dict[str, Any]:
        """The same as Dagster's assets and specs take it."""
        return {
            "group_name": self.group,
            "owners": [self.owner],
            "description": self.text,
            "tags": {"samkorning/holds": self.holds, "samkorning/kept": self.kept},
            "kinds": set(self.kinds),
            "code_version": CODE_VERSION,
        }


_PARQUET = frozenset({"parquet"})
_ENGINES = frozenset({"polars", "duckdb", "parquet"})
SENDERS = {
    SourceClass.SCB: "Statistics Sweden (SCB)",
    SourceClass.QUALITY_REGISTER: "quality registers (kvalitetsregister)",
    SourceClass.REGION: "regions (regioner)",
    SourceClass.RESEARCHER: "the researcher (forskare): study population, number history and own data",
}


def _came(source_class: SourceClass) -> Node:
    text = (
        f"Files from {SENDERS[source_class]}, as they came: files, rows, rows refused, and the report to each sender. "
        "Nothing is computed here; `samkorning receive` and the inbox bring them."
    )
    return Node(INTAKE, OFFICERS, text, NUMBERS, AS_MATERIAL, frozenset({"file"}))


def _linked(source_class: SourceClass) -> Node:
    text = (
        f"Linked (samkörda) files from {SENDERS[source_class]}: serial numbers in place of identity numbers, with the "
        "row flow (radflöde): what came, what linked, what was dropped and why. Awaited as long as nothing has come."
    )
    return Node(LINKAGE, ENGINEERS, text, SERIALS, AS_MATERIAL, _ENGINES)


NODES: Mapping[str, Node] = {
    "desk": Node(
        DESK,
        OFFICERS,
        "The register desk (registerservice) as it stands: cases by state, what is due and from whom, what waits for a "
        "person, files held, checks that stop a delivery, register years, lead times and health. Start here.",
    ),
    **{f"from_{each}": _came(each) for each in SENDERS},
    "own_registers": Node(
        INTAKE,
        KEEPERS,
        "The own registers (egna register) together: what populations are found in and extracts are taken from. "
        "Each register above it has its years.",
        NUMBERS,
        "as-register",
        _PARQUET,
    ),
    "order": Node(
        CASE,
        OFFICERS,
        "The order (beställning) as it stands: what was asked for, the extraction program (uttagsprogram) that follows "
        "from it, and what the program gave in the dry run that was reviewed.",
    ),
    "case": Node(
        CASE,
        OFFICERS,
        "The case (ärende): state, next act and whose it is, clocks, ledger (leveranslista) and deliveries. Shown anew "
        "after each act. A run stops here while approval, decision or code review is missing.",
    ),
    "population": Node(
        PERSONS,
        ENGINEERS,
        "The study population (studiepopulation): the valid numbers of the researcher's file, or the persons found in "
        "another holder's file or in registers, each once; without those who have opted out.",
        NUMBERS,
        WITH_CODE_KEY,
        frozenset({"polars", "parquet"}),
    ),
    "code_key": Node(
        PERSONS,
        ENGINEERS,
        "The code key (kodnyckel): one serial number (löpnummer) a person, drawn once, never changed, encrypted. "
        "Everything that leaves goes through it.",
        NUMBERS,
        WITH_CODE_KEY,
        _PARQUET,
    ),
    **{f"linked_{each}": _linked(each) for each in SENDERS},
    "linked_study": Node(
        LINKAGE,
        ENGINEERS,
        "Who is in the study under serial numbers, where the service drew it: cases, controls (kontroller), relatives.",
        SERIALS,
        AS_MATERIAL,
        _ENGINES,
    ),
    "linked_own_register": Node(
        LINKAGE,
        ENGINEERS,
        "Extracts (uttag) from the own registers for the persons of the study, year by year, with their row flow "
        "(radflöde) and the linkage rate of each year.",
        SERIALS,
        AS_MATERIAL,
        _ENGINES,
    ),
    "delivery_contents": Node(
        DELIVERY,
        ENGINEERS,
        "What the next delivery would hold, put together in the vault, not yet sealed: files, columns and where each "
        "comes from, disclosure risk (röjanderisk). The checks that stop a delivery stand here.",
        SERIALS,
        AS_MATERIAL,
        _PARQUET,
    ),
    "delivery": Node(
        DELIVERY,
        OFFICERS,
        "The sealed delivery (utlämning), handed over in the outbox and entered in the ledger: its files with rows and "
        "hashes, and where each column comes from.",
        SERIALS,
        AS_MATERIAL,
        frozenset({"age", "csv"}),
    ),
    "disposal": Node(
        RETENTION,
        OFFICERS,
        "Disposal (gallring): what was destroyed and when, what may go next and on which day. The act is `samkorning "
        "dispose`, by two persons; it is reported here.",
    ),
    "receipt": Node(
        RETENTION,
        OFFICERS,
        "The receipts (gallringskvitton) of the disposals, signed and archived: the first when encryption keys are "
        "destroyed, the second when the last backup of the keystore has expired. The river of a case ends here.",
    ),
}  # fmt: skip


def spec(name: str, **more: Any) -> dg.AssetSpec:
    """An asset that others make, as the table describes it."""
    return dg.AssetSpec(name, **NODES[name].words, **more)


def register_words(register: str) -> dict[str, Any]:
    """How the asset of one own register is described."""
    text = (
        f"The own register {register}, one partition a year: rows, persons and variables as it was loaded "
        "(`samkorning register load`), held against the catalogue and the year before."
    )
    return Node(INTAKE, KEEPERS, text, NUMBERS, "as-register", _PARQUET).words
