"""What a store is called: case, retention class (gallringsklass) and name, and which characters they may have."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from samkorning.errors import NotFound

CASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
STORE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,119}")


class RetentionClass(StrEnum):
    """What is disposed of together, and so has one encryption key per case."""

    CODE_KEY = "code_key"
    """Code key, population and number history (R16, R17)."""
    MATERIAL = "material"
    """Received and linked files and delivery contents (R16)."""
    ARCHIVE = "archive"
    """The documents that came with the order: archived with it, never disposed of (R16)."""
    REGISTERS = "registers"
    """The authority's own registers, under the pseudo-case ``own-registers``."""


def require_case(case: str) -> str:
    """Give the case number back if it can name a folder: letters, digits and hyphen, no path."""
    if not CASE.fullmatch(case):
        raise NotFound("the case number has characters that no case number has; write it as 36759-2021")
    return case


@dataclass(frozen=True)
class StoreAddress:
    """One store of one case. ``labels`` bind every encryption key and file to it."""

    case: str
    retention_class: RetentionClass
    store: str

    def __post_init__(self) -> None:
        require_case(self.case)
        if not STORE.fullmatch(self.store):
            raise NotFound(f"{self.case}: a store's name has only letters A-Z, digits and _ . -, at most 120")

    @property
    def labels(self) -> tuple[str, str, str]:
        """Case, retention class and store, as the labels of derivations and associated data."""
        return self.case, self.retention_class.value, self.store

    @property
    def folder(self) -> PurePath:
        """The store's place below the vault's or keystore's folder."""
        return PurePath(*self.labels)

    @property
    def class_label(self) -> str:
        """The name of the class the store belongs to."""
        return class_label(self.case, self.retention_class)

    def __str__(self) -> str:
        return "/".join(self.labels)


def class_label(case: str, retention_class: RetentionClass) -> str:
    """Name one case's retention class; a case number has no dot, so no two classes share a name."""
    return f"{require_case(case)}.{retention_class.value}"
