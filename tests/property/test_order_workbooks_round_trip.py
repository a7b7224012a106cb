"""Any order, written as a workbook and read again, is the same order: in either language, with the same hash."""

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from samkorning.order import Order, read_order
from samkorning.order.document import FAULTY_CHARACTER, read_document
from samkorning.order.workbooks.columns import LANGUAGES
from samkorning.order.workbooks.filling import filled_sheets, filling_of
from samkorning.order.workbooks.judging import gather
from samkorning.order.workbooks.plain_text import order_text
from samkorning.own_registers.catalogue.models import CodeSystem
from tests.examples import examples
from tests.factories import CATALOGUE, SAMPLE
from tests.property.selection_grammar import specifications

SAMPLES = [
    read_order((SAMPLE / name).read_text(encoding="utf-8"), name)
    for name in ("order.yaml", "order_register_study.yaml")
]
ODD = [
    "=1+1",
    "-x",
    "null",
    "2020",
    "ja",
    "a; b",
    "x\u00a0y",
    "_x000D_",
    "É\u200b",
    "0,05",
    '"',
    "[a]",
    "😀",
    "a\nb",
    "true",
    "#",
]
texts = (
    st.one_of(st.sampled_from(ODD), st.text(max_size=30))
    .map(lambda said: FAULTY_CHARACTER.sub("", said).replace("\r", "").strip())
    .filter(bool)
)
years = st.integers(1900, 2299)
columns = st.lists(
    st.fixed_dictionaries(
        {"name": texts.filter(lambda name: not name.startswith("~"))},
        optional={
            "label": texts,
            "type": st.sampled_from(["text", "integer", "decimal", "date", "boolean"]),
            "codes": st.lists(texts, max_size=3),
            "max_length": st.integers(1, 9),
            "required": st.booleans(),
        },
    ),
    max_size=4,
    unique_by=lambda column: column["name"].casefold(),
)
files = st.fixed_dictionaries(
    {"columns": columns},
    optional={
        "format": st.sampled_from(["auto", "delimited", "excel", "arrow"]),
        "separator": st.sampled_from(["auto", ";", "\t", ",", "|"]),
        "encoding": st.sampled_from(["utf-8", "cp1252"]),
        "tolerance": st.floats(0, 1, allow_nan=False),
        "missing_values": st.lists(texts, max_size=2),
    },
)
identifiers = st.lists(
    st.fixed_dictionaries(
        {"column": texts},
        optional={
            "serial_name": st.sampled_from(["LopNr", "LopNrMor"]),
            "identifies": st.sampled_from(["person", "relative", "workplace"]),
            "unknown": st.sampled_from(["drop", "blank", "add"]),
            "issuer": st.sampled_from(["national", "skane"]),
        },
    ),
    min_size=1,
    max_size=3,
)
sources = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(["lisa", "labb", "par_sv", "population", "nummerhistorik"]),
            "source_class": st.sampled_from(["scb", "quality_register", "region", "researcher"]),
            "holder": texts,
            "identifiers": identifiers,
            "file": files,
        },
        optional={
            "deliver": st.lists(texts, max_size=2),
            "linked_share_at_least": st.floats(0, 1, allow_nan=False),
            "corrections": st.just("follow"),
            "period": st.tuples(years, years).map(lambda two: {"from_year": min(two), "to_year": max(two)}),
        },
    ),
    max_size=3,
)
attachments = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["ethics_decision", "consent_form", "other"]),
            "title": texts,
            "dated": st.dates().map(str),
        },
        optional={"version": texts, "file": st.sampled_from(["a b.pdf", "=x.pdf"]), "sha256": st.just("a" * 64)},
    ),
    max_size=3,
)


@st.composite
def own_registers(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Extracts of the shipped catalogue's registers, and of one that it does not have."""
    found = []
    for name in draw(st.lists(st.sampled_from(["PAR_SV", "LMED", "DORS", "UNKNOWN"]), max_size=3, unique=True)):
        entry = CATALOGUE.find(name)
        variables = [variable.name for variable in entry.variables] if entry else ["X"]
        said: dict[str, Any] = {"register_name": name, "from_year": 2000, "to_year": draw(st.integers(2000, 2010))}
        said["variables"] = draw(st.lists(st.sampled_from(variables), min_size=1, max_size=4))
        said |= draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "repeats_until": st.integers(2011, 2020),
                    "about": st.lists(st.sampled_from(["cases", "controls", "relatives"]), min_size=1, max_size=2),
                    "serial_name": st.just("LopNrX"),
                    "cut_codes": st.just([{"variable": "HDIA", "characters": 3, "because": "etik"}]),
                },
            )
        )
        found.append(said)
    return found


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """Random orders, whose blocks each hold together."""
    said = draw(st.sampled_from(SAMPLES)).model_dump(mode="json", exclude_unset=True)
    said |= {"title": draw(texts), "attachments": draw(attachments), "deceased_only": draw(st.booleans())}
    said["ethics"] = draw(
        st.sampled_from([None, {"application": "x", "decided": "2020-02-29", "consent": ["v1", "v2; b"]}])
    )
    said["metadata"] = {"description": draw(texts), "keywords": draw(st.lists(texts, min_size=1, max_size=2))}
    selected, _ = specifications(Random(draw(st.integers(0, 10_000))), draw(st.integers(1, 2)))
    specification = said["specification"]
    specification |= {"sources": draw(sources), "own_registers": draw(own_registers())}
    if draw(st.booleans()):
        chosen = selected.model_dump(mode="json", exclude_unset=True)
        specification |= {key: chosen[key] for key in ("code_lists", "events", "selections") if key in chosen}
    elif draw(st.booleans()):
        specification |= draw(plain_selectors())
    return Order.model_validate(said)


@st.composite
def plain_selectors(draw: st.DrawFn) -> dict[str, Any]:
    """Code lists and event groups as the selectors write them."""
    lists, events = [], []
    for name in draw(st.lists(st.sampled_from(["a_b", "c1", "d9"]), min_size=1, max_size=3, unique=True)):
        codes = {
            str(system): draw(st.lists(st.sampled_from(patterns), min_size=1, max_size=3))
            for system, patterns in draw(st.permutations(list(PATTERNS.items())))[:2]
        }
        lists.append({"name": name, "codes": codes})
        event: dict[str, Any] = {
            "name": name,
            "registers": draw(st.sampled_from([["PAR_SV"], ["PAR_OV", "PAR_SV"], ["LMED"]])),
        }
        event["codes"] = {"list": name, "positions": draw(st.sampled_from([["main"], ["main", "secondary"], ["drug"]]))}
        event |= draw(st.sampled_from([{}, {"take": "first"}, {"take": 3}, {"dates": {"first_day": "2001-01-01"}}]))
        events.append(event)
    return {"code_lists": lists, "events": events}


PATTERNS = {
    CodeSystem.ICD_10: ["E109", "E10*", "E10-E14*", "E1*"],
    CodeSystem.ICD_8: ["25000", "0011", "250*", "ZZ"],
    CodeSystem.ATC: ["A10*", "C09AA05", "A10A-A10B*"],
}


@settings(max_examples=examples(25), deadline=None)
@given(order=orders(), language=st.sampled_from(LANGUAGES))
def test_an_order_written_as_a_workbook_is_the_same_order_when_it_is_read(order: Order, language: Any) -> None:
    filling = filling_of(order, CATALOGUE, language)
    said = gather(list(filled_sheets(filling, language)), CATALOGUE).value
    again = Order.model_validate(read_document(order_text(said), "derived").value)
    assert again == order
    assert again.specification.sha256 == order.specification.sha256


def test_both_samples_fill_the_lists_that_people_fill() -> None:
    """What the form and its lists can say does not stand among the further fields."""
    filling = filling_of(SAMPLES[0], CATALOGUE, "sv")
    assert {key: len(rows) for key, rows in filling.lists.items() if rows} == {
        "holders": 3,
        "identifiers": 5,
        "attachments": 3,
        "variables": 60,
    }
    further = {path.split(".")[0] for path, _ in filling.further}
    assert further <= {"synthetic", "specification"}
