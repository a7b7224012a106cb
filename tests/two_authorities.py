"""Two authorities for tests: a region and a statistics authority, each with a home, a case and the other's address.

What belongs here: making both, copying both, and the acts of a hand-over by the program. What must not: expectations.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from assets.steps.intake import sealing
from samkorning.case import acts
from samkorning.encryption import age
from samkorning.transit.peers import Address
from tests.commands import answer, program
from tests.office import ENGINEER, MANAGER, OFFICER, RECIPIENT
from tests.small_office import SmallOffice, copied, small_order

REGION, STATISTICS = "10001-2026", "10002-2026"
LISTED, SELECTED, BOTH = 9, 8, 5
"""Persons whom the region lists, whom the statistics authority has selected, and who are in both."""


@dataclass
class Authority:
    """One of the two: its office, its case, and what it calls the other."""

    office: SmallOffice
    case: str
    peer: str

    @property
    def home(self) -> Path:
        return self.office.desk.home.root

    def runs(self, *arguments: object) -> Any:
        """The program at this home, acting as the officer where nobody else is named."""
        by = () if "--as" in arguments else ("--as", OFFICER)
        return program(self.home, "transit", *arguments, *by)

    def make(self, *arguments: object) -> Any:
        """A transit file for the other; the program's answer."""
        return answer(self.runs("make", self.case, *arguments, "--for", self.peer, "--json"))

    def take(self, file: object, *arguments: object) -> Any:
        """A transit file or receipt of the other; the program's answer."""
        return answer(self.runs("take", self.case, file, *arguments, "--json"))

    def address(self) -> Any:
        return answer(self.runs("show", self.case, "--json"))["address"]

    def name(self, address: Any, *, confirmed: bool = True) -> None:
        """Names the other's address, and lets a second person confirm it."""
        keys = ("--recipient", address["recipient"], "--signing-key", address["signing_key"])
        said = ("peer", self.case, self.peer, *keys, "--their-case", address["case"])
        answer(self.runs(*said, "--json"))
        if confirmed:
            mark = Address(address["case"], address["recipient"], address["signing_key"]).fingerprint
            answer(self.runs("confirm-peer", self.case, self.peer, mark, "--as", MANAGER, "--json"))

    def unsealed(self, path: object) -> bytes:
        """What a file that was sealed for this authority holds."""
        secrets = [secret.decode() for secret in self.office.desk.keystore.service_secrets(sealing.SECRET)]
        inside = BytesIO()
        age.unseal(BytesIO(Path(str(path)).read_bytes()), inside, *secrets)
        return inside.getvalue()

    def copy(self, folder: Path) -> "Authority":
        return Authority(copied(self.office, folder), self.case, self.peer)


@dataclass
class Two:
    """Both authorities, and what each has made for the other so far, by kind."""

    region: Authority
    statistics: Authority
    made: dict[str, Path]

    def copy(self, folder: Path) -> "Two":
        """Both once more, from copies of their homes."""
        region, statistics = self.region.copy(folder / "region"), self.statistics.copy(folder / "statistics")
        place = {self.region.home: region.home, self.statistics.home: statistics.home}
        moved = {
            kind: new / path.relative_to(old)
            for kind, path in self.made.items()
            for old, new in place.items()
            if path.is_relative_to(old)
        }
        return Two(region, statistics, moved)

    def answered(self) -> "Two":
        """The list is made and taken, its receipt too; group and rows are made and wait for the region."""
        self.made["persons"] = Path(self.region.make("persons")["path"])
        self.region.take(self.statistics.take(self.made["persons"])["receipt"])
        self.made["group"] = Path(self.statistics.make("group")["path"])
        self.made["rows"] = Path(self.statistics.make("rows", "diabetes")["path"])
        return self

    def close(self) -> None:
        for each in (self.region, self.statistics):
            each.office.desk.cases.close()


def two_authorities(folder: Path) -> Two:
    """Both with a decided and reviewed case, its files, and the other's confirmed address."""
    offices = [SmallOffice(folder / name) for name in ("region", "statistics")]
    for office in offices:
        office.folder.mkdir(parents=True)
    region, statistics = Authority(offices[0], REGION, "scb"), Authority(offices[1], STATISTICS, "region")
    numbers = offices[0].numbers
    open_decided(region, numbers[:LISTED])
    open_decided(statistics, numbers[-SELECTED:])
    statistics.office.take(STATISTICS, "diabetes", statistics.office.visits())
    region.name(statistics.address())
    statistics.name(region.address())
    return Two(region, statistics, {})


def open_decided(authority: Authority, population: list[str] | None, order: str | None = None) -> None:
    """A case that is decided and reviewed, with its population, where it has come, and the holder's release."""
    office, number = authority.office, authority.case
    text = (order or small_order()).replace(RECIPIENT, office.identity.recipient)
    detail = acts.order_detail(text, "order.yaml", office.desk.catalogue)
    office.desk.cases.open(number, office.desk.clock.now(), ENGINEER, detail)
    office.decide(number)
    office.release_holders(number, "Exempelregistret")
    office.review(number)
    if population is not None:
        office.take(number, "population", office.population(population))


def everything_of(authority: Authority) -> Iterator[tuple[str, object]]:
    """What a refusal must leave as it was: the case's events, its stores and every file of its outbox."""
    desk = authority.office.desk
    yield "events", len(desk.case(authority.case).events)
    for name in desk.vault.stores(authority.case):
        kind = next(
            kind for kind in ("code_key", "material") if (desk.vault.folder / authority.case / kind / name).exists()
        )
        yield name, sorted(path.name for path in (desk.vault.folder / authority.case / kind / name).rglob("*.parquet"))
    outbox = desk.home.outbox(authority.case)
    yield "outbox", {str(path): path.read_bytes() for path in outbox.rglob("*") if path.is_file()}


def moved(file: Path, to: Path) -> Path:
    """A copy of a file under another folder, as it comes over the wire."""
    to.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(file, to / file.name))
