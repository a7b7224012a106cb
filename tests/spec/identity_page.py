"""Writes docs/identity-numbers.md from the tables of identity_examples.py: python -m tests.spec.identity_page"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from samkorning.identity import REMEDIES, IdentityRules
from tests.spec.identity_examples import (
    CENTURIES,
    ISSUERS,
    KINDS,
    PROBLEMS,
    SHAPES,
    SYNTHETIC,
    Example,
)

PAGE = Path(__file__).parents[2] / "docs" / "identity-numbers.md"
HEAD = """# Identity numbers

Generated from tests/spec/identity_examples.py by `make docs`; do not edit. Persons are synthetic
(born 2100-2299) or published test numbers. Where no rule is named, the reference date is 2221-12-31, synthetic persons
are allowed, and nothing is repaired.

An identity is an issuer and a number. National numbers are held as twelve digits, all others as text.
"""


def page() -> str:
    """The whole page."""
    kinds = [(e.kind, shown(e.value), e.issuer, f"`{e.identity}`", e.why) for e in KINDS]
    issuers = [(e.issuer, shown(e.value), e.why, "several issuers" if e.fits_others else "this one") for e in ISSUERS]
    sections = [
        HEAD,
        section("Kinds", ("kind", "written", "issuer", "identity", "what it shows"), kinds),
        section("Ways of writing", ("written", "read as", "what it shows", "rules"), map(line, SHAPES)),
        section("Centuries", ("written", "read as", "what it shows", "rules"), map(line, CENTURIES)),
        section("Issuers", ("declared issuer", "written", "format after the date", "undeclared it fits"), issuers),
        section("Problems", ("problem", "written", "what it shows", "rules"), (problem_line(e) for e in PROBLEMS)),
        section("What mends them", ("problem", "meaning", "remedy", "repair"), map(remedy_line, REMEDIES)),
        section("Vad som avhjälper dem", ("problem", "betydelse", "åtgärd"), map(atgard_line, REMEDIES)),
    ]
    return "\n".join(sections)


def section(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A heading and a table."""
    lines = [f"## {title}", "", row_of(columns), row_of(["---"] * len(columns)), *map(row_of, rows), ""]
    return "\n".join(lines)


def row_of(cells: Sequence[object]) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def line(example: Example) -> tuple[str, ...]:
    return shown(example.value), f"`{example.is_}`", example.why, differing(example.rules)


def problem_line(example: Example) -> tuple[str, ...]:
    return f"`{example.is_}`", shown(example.value), example.why, differing(example.rules)


def remedy_line(problem: object) -> tuple[str, ...]:
    remedy = REMEDIES[problem]  # type: ignore[index]
    return f"`{problem}`", remedy.meaning, remedy.remedy, f"`{remedy.repair}`" if remedy.repair else "none"


def atgard_line(problem: object) -> tuple[str, ...]:
    remedy = REMEDIES[problem]  # type: ignore[index]
    return f"`{problem}`", remedy.betydelse, remedy.atgard


def shown(value: str | None) -> str:
    """The value with its blanks visible."""
    if value is None:
        return "(empty)"
    return f"`{value.replace(' ', '␣').replace(chr(0xA0), '⍽').replace(chr(0x200E), '‹U+200E›')}`"


def differing(rules: IdentityRules) -> str:
    """What differs from the rules that the page names at its head."""
    names = ("reference_date", "issuer", "strict_century", "allow_synthetic", "ages", "repairs", "kinds")
    changed = {name: getattr(rules, name) for name in names if getattr(rules, name) != getattr(SYNTHETIC, name)}
    return "; ".join(f"{name} {plain(value)}" for name, value in changed.items())


def plain(value: object) -> str:
    if isinstance(value, frozenset):
        return ", ".join(sorted(value))
    return f"{value[0]}-{value[1]}" if isinstance(value, tuple) else str(value)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
