"""One damaged file, by its number.

What belongs here: which file, in which packing, damaged where and how, under which contract. What must not: how bytes
are changed (mutations, fields, parts) or what is expected (outcomes).
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import chain, zip_longest

from samkorning.encryption.age_chunks import unsealed_chunks
from samkorning.register_files import FileContract, FileSecrets
from tests.fuzz.fields import overwrite, places_of
from tests.fuzz.mutations import mutated
from tests.fuzz.packings import IDENTITY, PACKINGS, Packing
from tests.fuzz.parts import inside_of
from tests.fuzz.seeds import WORD, Seed, plain_seeds

_UNSEAL = partial(unsealed_chunks, secrets=(IDENTITY.secret,))
IDENTIFIERS = ("LopNr",)
_COLUMNS = [
    {"name": "LopNr", "required": True, "pattern": "[0-9]{12}"},
    {"name": "Datum", "type": "date", "optional": True, "date_shapes": ["YYYY-MM-DD", "YYYYMMDD"]},
    {"name": "Kommun", "codes": ["0180", "1480"], "optional": True, "max_length": 4},
    {"name": "Tal", "type": "decimal", "optional": True},
]
_CONTRACTS = tuple(
    FileContract.model_validate(terms)
    for terms in (
        {"columns": _COLUMNS, "tolerance": 0.5},
        {"columns": _COLUMNS, "tolerance": 1.0, "other_identifying": "accept", "missing_values": ["", "annat"]},
        {"columns": _COLUMNS[:1], "skip_rows": 1, "tolerance": 1.0},
        {"tolerance": 1.0, "sheet": "Blad1", "member": "*_*"},
    )
)
_INSIDE_NAMES = ("W_{}", "W_{}", "W_{}", "mapp/W {}", "{}", "../{}", "C:\\W\\{}", "W", "{}.zip")


@dataclass(frozen=True)
class Case:
    """A damaged file as it is sent; ``identifiers`` are its identity columns where it is judged by an order."""

    number: int
    format: str
    packing: str
    name: str
    content: bytes = field(repr=False)
    contract: FileContract
    identifiers: tuple[str, ...] | None
    secrets: FileSecrets = field(repr=False)


@cache
def files() -> tuple[Seed, ...]:
    """The plain files, one format after the other in turn."""
    formats: dict[str, list[Seed]] = {}
    for seed in plain_seeds():
        formats.setdefault(seed.format, []).append(seed)
    longest = max(map(len, formats.values()))
    turns = zip_longest(*((found * longest)[:longest] for found in formats.values()))
    return tuple(chain.from_iterable(turns))


def draw(seed: int, number: int) -> Case:
    """The case of this number; the same again for the same seed."""
    chance = random.Random(f"{seed}:{number}")
    file = files()[number % len(files())]
    packing = chance.choice(PACKINGS) if chance.random() < 0.55 else None
    content = _packed(file, packing, chance) if packing else _damaged(file, chance)
    name = f"{file.name}{packing.suffix}" if packing else file.name
    judged = chance.random() < 0.05  # it costs a hundred times what reading does
    return Case(
        number=number,
        format=file.format,
        packing=packing.name if packing else "",
        name=name if chance.random() < 0.9 else "file",
        content=content,
        contract=_contract(file, chance),
        identifiers=IDENTIFIERS if judged else None,
        secrets=FileSecrets(packing.password if packing else None, _UNSEAL),
    )


def _contract(file: Seed, chance: random.Random) -> FileContract:
    """The file's own, which for fixed width is its layout, or one that declares more."""
    if chance.random() < 0.6:
        return file.contract
    if file.format == "fixed_width":
        return file.contract.model_copy(update={"tolerance": 1.0})
    return chance.choice(_CONTRACTS)


def _packed(file: Seed, packing: Packing, chance: random.Random) -> bytes:
    """Damaged inside under whole packing, in the packing's headers, or anywhere."""
    name, how = chance.choice(_INSIDE_NAMES).replace("W", WORD).format(file.name), chance.random()
    if how < 0.5:
        return packing.wrap(name, _damaged(file, chance))
    if how < 0.75:
        return packing.damaged_headers(name, file.content, chance)
    return mutated(packing.wrap(name, file.content), chance, _contents())


def _damaged(file: Seed, chance: random.Random) -> bytes:
    """Numbers that the format goes by, what is inside of it, or any bytes; now and then two of these."""
    content, ways = file.content, ["bytes"]
    if places_of(file.format, content):
        ways += ["numbers"]
    if inside_of(file.format):
        ways += ["inside", "inside"]
    content = _one_damage(file.format, content, chance.choice(ways), chance)
    return mutated(content, chance, _contents()) if chance.random() < 0.1 else content


def _one_damage(form: str, content: bytes, way: str, chance: random.Random) -> bytes:
    inside = inside_of(form)
    if way == "numbers":
        return overwrite(content, places_of(form, content), chance)
    if way == "inside" and inside is not None:
        return inside(content, chance, _contents())
    return mutated(content, chance, _contents())


@cache
def _contents() -> Sequence[bytes]:
    return [file.content for file in files()]
