"""The disclosure preview: who is alike with whom, and what a decision on it holds for."""

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from samkorning.case import Case, EventKind, acts, rules
from samkorning.case.disclosure import accept_disclosure, disclosure_is_accepted, has_fallen, is_accepted
from samkorning.delivery.disclosure import (
    TOGETHER,
    Disclosure,
    FileDisclosure,
    GroupFigures,
    JoinedFile,
    alike_together,
)
from samkorning.errors import OrderRefused, RuleRefused
from samkorning.order.quasi_identifiers import Kind, QuasiIdentifier
from samkorning.order.reading import read_order
from samkorning.own_registers.program import program_sha256
from samkorning.vault import Part
from tests.factories import CATALOGUE, SAMPLE_ORDER, Step, a_case, an_order, approved, delivered, released, reviewed

QUASI = """  quasi_identifiers:
    - source: lisa
      columns: [{column: FodelseArMan, kind: birth}, {column: Kon}, {column: Kommun, kind: municipality}]
"""
ORDER = an_order(("specification:\n", f"specification:\n{QUASI}"))
PROGRAM = program_sha256(read_order(ORDER, "order.yaml").specification, CATALOGUE)
SEX, PLACE = QuasiIdentifier(column="SEX"), QuasiIdentifier(column="PLACE", kind=Kind.MUNICIPALITY)


def figures(rows: list[tuple[int, Any, Any]]) -> tuple[int | None, int, int]:
    """k, persons alone, and persons in groups under three."""
    taker = Disclosure((SEX, PLACE))
    frame = pl.DataFrame(rows, schema={"LopNr": pl.Int32, "SEX": pl.Int64, "PLACE": pl.String}, orient="row")
    taker.take(frame, pl.Series(dtype=pl.Int16))
    first = taker.answer()["variants"][0]
    return first["k"], first["unique"], first["in_groups_under"]["3"]


@pytest.mark.parametrize(
    ("what", "rows", "said"),
    [
        ("nobody", [], (None, 0, 0)),
        ("two alike, one alone", [(1, 1, "0180"), (2, 1, "0180"), (3, 2, "0180")], (1, 1, 3)),
        ("three alike", [(1, 1, "0180"), (2, 1, "0180"), (3, 1, "0180")], (3, 0, 0)),
        ("a missing value is a value", [(1, None, "0180"), (2, None, "0180"), (3, 1, "0180")], (1, 1, 3)),
        ("an empty text is none missing", [(1, 1, ""), (2, 1, None)], (1, 2, 2)),
        ("how often it stands there is not counted", [(1, 1, "0180"), (1, 1, "0180"), (2, 1, "0180")], (2, 0, 2)),
        ("the order of rows is not", [(1, 1, "0180"), (1, 1, "1480"), (2, 1, "1480"), (2, 1, "0180")], (2, 0, 2)),
        ("who has moved is another", [(1, 1, "0180"), (1, 1, "1480"), (2, 1, "0180"), (3, 1, "1480")], (1, 3, 3)),
    ],
)
def test_persons_are_alike_by_the_different_combinations_in_their_rows(
    what: str, rows: list[tuple[int, Any, Any]], said: tuple[int | None, int, int]
) -> None:
    assert figures(rows) == said, what


Rows = list[tuple[int, Any]]
COLUMNS = ("SEX", "PLACE")


def together(*files: Rows, **bounds: int) -> tuple[int, int | None, int, int]:
    """Persons, k, persons alone, and persons in groups under three, of one column a file."""
    found = alike_together(*joined(*files), **{"memory": 2**30, **bounds})
    first = found["variants"][0]
    return first["persons"], first["k"], first["unique"], first["in_groups_under"]["3"]


def joined(*files: Rows) -> tuple[list[JoinedFile], int]:
    """Files of one column each, and how many rows they have."""
    found = []
    for name, rows in zip(COLUMNS, files, strict=True):
        frame = pl.DataFrame(rows, schema={"LopNr": pl.Int32, name: pl.String}, orient="row")
        part = Part(None, None, frame.height, frame.lazy())
        found.append(JoinedFile(name.lower(), "LopNr", (QuasiIdentifier(column=name),), ((part,),)))
    return found, sum(map(len, files))


@pytest.mark.parametrize(
    ("what", "sexes", "places", "said"),
    [
        ("nobody", [], [], (0, None, 0, 0)),
        ("alike in both", [(1, "m"), (2, "m")], [(1, "A"), (2, "A")], (2, 2, 0, 2)),
        (
            "two and two alike in each file, and all alone in both",
            [(1, "m"), (2, "m"), (3, "w"), (4, "w")],
            [(1, "A"), (2, "B"), (3, "A"), (4, "B")],
            (4, 1, 4, 4),
        ),
        ("who is in one file only is not like who is in both", [(1, "m"), (2, "m")], [(1, "A")], (2, 1, 2, 2)),
        ("nor is no row a missing value", [(1, "m"), (2, "m")], [(1, None)], (2, 1, 2, 2)),
        ("in one file only, and alike", [(1, "m"), (2, "m")], [], (2, 2, 0, 2)),
        ("the same value in another file is another", [(1, "m")], [(2, "m")], (2, 1, 2, 2)),
        (
            "several values of a person are a set",
            [(1, "m"), (2, "m")],
            [(1, "A"), (1, "B"), (2, "B"), (2, "A"), (2, "A")],
            (2, 2, 0, 2),
        ),
    ],
)
def test_r20_persons_are_alike_together_when_they_are_alike_in_every_file(
    what: str, sexes: Rows, places: Rows, said: tuple[int, int | None, int, int]
) -> None:
    """R20: the disclosure preview looks at all files together as well, joined by serial number: alike are persons who
    are alike in every file, and whoever has no row in a file is like those alone who have none there."""
    assert together(sexes, places) == said, what


def test_what_less_detail_would_do_is_reckoned_for_each_column_of_each_file() -> None:
    """Left out, a column tells no more, but whether somebody has a row in its file is seen all the same."""
    found = alike_together(*joined([(1, "m"), (2, "w"), (3, "w")], [(1, "A"), (2, "A")]), memory=2**30)
    assert found["columns"] == ["sex.SEX", "place.PLACE"]
    told = {(each["column"], each["how"]): (each["k"], each["unique"]) for each in found["variants"]}
    assert told == {
        ("", "as delivered"): (1, 3),
        ("sex.SEX", "left out"): (1, 1),
        ("place.PLACE", "left out"): (1, 3),
    }


@pytest.mark.parametrize("memory", [2_000, 2**30])
def test_however_little_memory_there_is_the_counts_are_the_same(memory: int) -> None:
    sexes: Rows = [(number, "mw"[number % 2]) for number in range(40)]
    places: Rows = [(number, "ABCDE"[number % 5]) for number in range(30)]
    assert together(sexes, places, memory=memory) == (40, 3, 0, 0)


# the decision


def seen(source: str = "lisa", k: int | None = 4, contents: str = "a" * 64) -> FileDisclosure:
    found = GroupFigures(100, k, 3, {"3": 3, "5": 10, "10": 20})
    return FileDisclosure(f"ut_r_{source}_36759_2021", source, contents, ("Kon",), found, ())


def a_decided_case(*steps: Step, order: str = ORDER) -> Case:
    return a_case(*approved(order), reviewed(order), *steps, order=order)


def accepted(*files: FileDisclosure) -> Step:
    act = accept_disclosure(a_decided_case(), files or (seen(),), "seen and weighed", "Olle")
    return act.kind, "Olle", act.detail


STANDING, ONCE = released(ORDER, standing=True), released(ORDER)
OTHER = "b" * 64


def refused() -> Any:
    return pytest.raises(RuleRefused, match=r"^R20: .*case accept-disclosure")


def test_r20_nothing_is_released_before_the_disclosure_risk_is_accepted() -> None:
    """R20: where the specification names quasi-identifiers, no delivery is released before a person has accepted what
    the disclosure preview shows."""
    with refused():
        acts.release_delivery(a_decided_case(), PROGRAM, standing=False)
    assert acts.release_delivery(a_decided_case(accepted()), PROGRAM, standing=False)
    plain = a_decided_case(order=SAMPLE_ORDER)
    assert acts.release_delivery(plain, reviewed()[2]["program_sha256"], standing=False)


def test_r20_a_released_delivery_still_needs_the_decision() -> None:
    """R20: a release alone lets nothing leave whose quasi-identifiers nobody has looked at."""
    with refused():
        rules.disclosure_is_decided(a_decided_case(released(ORDER)))
    with refused():
        disclosure_is_accepted(a_decided_case(released(ORDER)), [seen()])


def test_r20_the_decision_keeps_who_saw_what_of_which_contents() -> None:
    """R20: the decision on the disclosure risk is kept with its reason, the figures and the contents they are of."""
    kind, _, detail = accepted()
    assert (kind, detail["reason"]) == (EventKind.DISCLOSURE_ACCEPTED, "seen and weighed")
    [file] = detail["files"]
    assert (file["source"], file["k"], file["unique"], file["contents"]) == ("lisa", 4, 3, "a" * 64)
    assert file["in_groups_under"] == {"3": 3, "5": 10, "10": 20}


def of_all(k: int = 2, contents: str = "c" * 64) -> FileDisclosure:
    """The figures of lisa with a file that was delivered before, and another whose rows are gone."""
    return replace(seen(TOGETHER, k, contents), earlier=("diabetes",), unseen=("par_sv 2219",))


def test_r20_the_decision_on_all_files_together_keeps_what_they_were() -> None:
    """R20: what was joined from earlier deliveries, and what could not be, is kept with the decision on all files
    together."""
    _, _, detail = accepted(seen(), of_all())
    [alone, together] = detail["files"]
    assert "earlier" not in alone
    assert (together["source"], together["k"]) == (TOGETHER, 2)
    assert (together["earlier"], together["unseen"]) == (["diabetes"], ["par_sv 2219"])


@pytest.mark.parametrize(
    ("what", "steps", "holds"),
    [
        ("nobody has looked at all together", (accepted(),), False),
        ("looked at", (accepted(seen(), of_all()),), True),
        ("looked at with other files", (accepted(seen(), of_all(contents="d" * 64)),), False),
        ("a supplement, as large", (accepted(seen(), of_all(contents="d" * 64)), STANDING, delivered()), True),
        ("a supplement, smaller", (accepted(seen(), of_all(3, "d" * 64)), STANDING, delivered()), False),
        ("the first supplement", (accepted(), STANDING, delivered()), False),
        (
            "looked at while all was kept",
            (accepted(seen(), replace(of_all(contents="d" * 64), unseen=())), STANDING, delivered()),
            False,
        ),
    ],
)
def test_r20_all_files_together_wait_for_a_person_as_each_file_does(
    what: str, steps: tuple[Step, ...], holds: bool
) -> None:
    """R20: a delivery whose files are harmless one by one waits for a person where nobody has accepted what they say
    together, with what was delivered before, where the smallest group fell, or where rows that were looked at are
    kept no longer."""
    case = a_decided_case(*steps)
    if holds:
        disclosure_is_accepted(case, [seen(), of_all()])
    else:
        with refused():
            disclosure_is_accepted(case, [seen(), of_all()])


def test_r20_who_wrote_the_specification_does_not_accept_its_risk() -> None:
    """R20: the disclosure risk is accepted by another person than who wrote the specification."""
    with pytest.raises(RuleRefused, match=r"^R20: who wrote the specification"):
        accept_disclosure(a_decided_case(), [seen()], "why", "Erik")


@pytest.mark.parametrize(
    ("order", "files", "said"),
    [(SAMPLE_ORDER, [seen()], "names no quasi-identifiers"), (ORDER, [], "look at `case disclosure` first")],
)
def test_there_is_nothing_to_accept_where_nothing_was_reckoned(
    order: str, files: list[FileDisclosure], said: str
) -> None:
    with pytest.raises(RuleRefused, match=said):
        accept_disclosure(a_decided_case(order=order), files, "why", "Olle")


@pytest.mark.parametrize(
    ("what", "steps", "found", "holds", "fell"),
    [
        ("the contents that were seen", (accepted(), ONCE), seen(), True, False),
        ("others before the first delivery", (accepted(), STANDING), seen(contents=OTHER), False, False),
        ("others on a release of one delivery", (accepted(), ONCE, delivered()), seen(contents=OTHER), False, False),
        ("later, as large", (accepted(), STANDING, delivered()), seen(contents=OTHER), True, False),
        ("later, larger", (accepted(), STANDING, delivered()), seen(k=9, contents=OTHER), True, False),
        ("later, smaller", (accepted(), STANDING, delivered()), seen(k=3, contents=OTHER), False, True),
        ("later, nobody in it", (accepted(), STANDING, delivered()), seen(k=None, contents=OTHER), True, False),
        (
            "later, somebody where nobody was",
            (accepted(seen(k=None)), STANDING, delivered()),
            seen(contents=OTHER),
            False,
            True,
        ),
        ("a source that nobody looked at", (accepted(), STANDING, delivered()), seen("par_sv"), False, False),
        (
            "smaller, and accepted so",
            (accepted(), STANDING, delivered(), accepted(seen(k=2, contents=OTHER))),
            seen(k=2, contents=OTHER),
            True,
            False,
        ),
    ],
)
def test_r20_later_deliveries_wait_only_when_a_smallest_group_fell(
    what: str, steps: tuple[Step, ...], found: FileDisclosure, holds: bool, fell: bool
) -> None:
    """R20: on a standing release a later delivery waits for a person only if its smallest group of persons is smaller
    than what was accepted."""
    case = a_decided_case(*steps)
    assert (is_accepted(case, found), has_fallen(case, found)) == (holds, fell), what
    if holds:
        disclosure_is_accepted(case, [found])
    else:
        with refused():
            disclosure_is_accepted(case, [found])


def test_a_decision_does_not_outlive_its_specification() -> None:
    amended = an_order(("specification:\n", f"specification:\n{QUASI.replace('{column: Kon}, ', '')}"))
    opened: Step = (EventKind.AMENDED, "Erik", {"order": amended, "file": "order.yaml", "sha256": "1"})
    case = a_decided_case(accepted(), opened, *approved(amended), reviewed(amended))
    with refused():
        rules.disclosure_is_decided(case)


# the order


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("source: lisa", "source: nothing", "no source or own register of that name"),
        ("column: Kon}", "column: PersonNr}", "names a column that is not delivered"),
        ("column: Kon}", "column: Kommun}", "names a source or a column twice"),
        ("kind: birth", "kind: place", "quasi_identifiers.0.columns.0.kind"),
    ],
)
def test_quasi_identifiers_name_what_is_delivered(old: str, new: str, said: str) -> None:
    text = an_order(("specification:\n", f"specification:\n{QUASI.replace(old, new)}"))
    with pytest.raises(OrderRefused) as refusal:
        read_order(text, "order.yaml", CATALOGUE)
    assert said in str(refusal.value)


def test_quasi_identifiers_may_be_of_an_own_register() -> None:
    par = QUASI.replace("lisa", "par_sv").replace("FodelseArMan, kind: birth", "HDIA, kind: code")
    par = par.replace("Kon}", "KON}").replace("Kommun, kind: municipality", "INDATUM, kind: date")
    assert read_order(an_order(("specification:\n", f"specification:\n{par}")), "order.yaml", CATALOGUE)
