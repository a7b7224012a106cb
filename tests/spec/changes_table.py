"""Every kind of change in every state of a case, under every release setting: what must come of it, and its page.

What belongs here: the table, and docs/changes.md made from it. What must not: running the rules (test_changes).
"""

STATES = ("before the decision", "decided", "linked", "delivered")
SETTINGS = ("none", "once", "standing")
"""How deliveries are released: not at all, the next one, or the later ones too."""

TAKEN, HELD, KNOWN, REFUSED, RECORDED, SEEN = "taken in", "held", "known already", "refused", "recorded", "seen"
FIRST, SUPPLEMENT, REPEAT, REPLACEMENT = "goes out: first", "supplement", "repeat", "replacement"
NOTHING, PERSON, RELEASE = "nothing is due", "waits for a person's decision on the change", "waits for a release (R20)"
HOLDER, CONFIRMATION, APPROVAL = (
    "waits for the holder (R04)",
    "waits for the confirmation (R20)",
    "waits for the approval",
)

Next = tuple[str, str, str]
"""What the next delivery is, or waits for, under each setting."""
Cell = tuple[str, Next]


def always(what: str) -> Next:
    """The same under every setting."""
    return (what, what, what)


def released(kind: str) -> Next:
    """Goes out as soon as a person has released it."""
    return (RELEASE, kind, kind)


EARLY, FIRST_ONE = always(APPROVAL), released(FIRST)


def before_delivery(act: str, nothing_delivered: Next, delivered: Cell, early: str = HELD) -> tuple[Cell, ...]:
    """The same act in the states decided and linked."""
    return ((early, EARLY), (act, nothing_delivered), (act, nothing_delivered), delivered)


def frozen_by_linking(before: Cell, linked: Cell, delivered: Cell, early: str = HELD) -> tuple[Cell, ...]:
    """Other things before and after the first linkage."""
    return ((early, EARLY), before, linked, delivered)


NO, STANDS = (REFUSED, FIRST_ONE), (REFUSED, always(NOTHING))

TABLE: dict[str, tuple[Cell, ...]] = {
    "a first file comes late": before_delivery(TAKEN, FIRST_ONE, (TAKEN, released(SUPPLEMENT))),
    "a corrected file": before_delivery(TAKEN, FIRST_ONE, (TAKEN, always(PERSON))),
    "a corrected file, to be replaced": before_delivery(REFUSED, FIRST_ONE, (RECORDED, released(REPLACEMENT)), REFUSED),
    "a corrected file, declined": before_delivery(REFUSED, FIRST_ONE, (RECORDED, always(NOTHING)), REFUSED),
    "a corrected file, and `corrections: follow`": before_delivery(TAKEN, FIRST_ONE, (TAKEN, released(REPLACEMENT))),
    "a year loaded again": before_delivery(SEEN, FIRST_ONE, (SEEN, always(PERSON)), SEEN),
    "a year loaded again, to be replaced": before_delivery(
        REFUSED, FIRST_ONE, (RECORDED, released(REPLACEMENT)), REFUSED
    ),
    "a year loaded again, declined": before_delivery(REFUSED, FIRST_ONE, (RECORDED, always(NOTHING)), REFUSED),
    "a new year, the code key kept": before_delivery(SEEN, FIRST_ONE, (SEEN, released(REPEAT)), SEEN),
    "the same population again": frozen_by_linking((KNOWN, FIRST_ONE), (KNOWN, FIRST_ONE), (KNOWN, always(NOTHING))),
    "a larger population": frozen_by_linking(NO, NO, STANDS),
    "a smaller population": frozen_by_linking(NO, NO, STANDS),
    "another population": frozen_by_linking(NO, NO, STANDS),
    "the same persons in another file": frozen_by_linking(NO, NO, STANDS),
    "a larger population, with a reason": frozen_by_linking((TAKEN, always(HOLDER)), NO, STANDS),
    "a smaller population, with a reason": frozen_by_linking((TAKEN, FIRST_ONE), NO, STANDS),
    "another population, with a reason": frozen_by_linking((TAKEN, always(HOLDER)), NO, STANDS),
    "the same persons in another file, with a reason": frozen_by_linking((TAKEN, FIRST_ONE), NO, STANDS),
    "a larger population, decided by three": frozen_by_linking(
        NO, (TAKEN, always(HOLDER)), (TAKEN, always(HOLDER)), REFUSED
    ),
    "a smaller population, decided by three": frozen_by_linking(
        NO, (TAKEN, FIRST_ONE), (TAKEN, released(REPLACEMENT)), REFUSED
    ),
    "another population, decided by three": frozen_by_linking(
        NO, (TAKEN, always(HOLDER)), (TAKEN, always(HOLDER)), REFUSED
    ),
    "a larger population, decided by three and released by the holders": frozen_by_linking(
        NO, (TAKEN, FIRST_ONE), (TAKEN, released(REPLACEMENT)), REFUSED
    ),
    "a larger population than was decided": frozen_by_linking(NO, NO, STANDS, REFUSED),
    "an objection": before_delivery(RECORDED, FIRST_ONE, (RECORDED, always(NOTHING)), REFUSED),
    "a late number history": frozen_by_linking((TAKEN, FIRST_ONE), NO, STANDS),
    "a late number history, with a reason": frozen_by_linking(
        (TAKEN, FIRST_ONE), (TAKEN, FIRST_ONE), (TAKEN, always(PERSON))
    ),
    "the recipient exchanged, and a file late": before_delivery(
        RECORDED, always(CONFIRMATION), (RECORDED, always(CONFIRMATION)), REFUSED
    ),
    "the recipient exchanged and confirmed, and a file late": before_delivery(
        RECORDED, FIRST_ONE, (RECORDED, released(SUPPLEMENT)), REFUSED
    ),
    "an unused holder's release recalled, and a file late": before_delivery(
        RECORDED, always(HOLDER), (RECORDED, always(HOLDER)), RECORDED
    ),
    "a used holder's release recalled": before_delivery(RECORDED, always(HOLDER), STANDS, RECORDED),
    "the release of deliveries recalled, and a file late": before_delivery(
        RECORDED, always(RELEASE), (RECORDED, always(RELEASE)), REFUSED
    ),
    "an amendment": before_delivery(RECORDED, EARLY, STANDS, RECORDED),
    "an amendment, decided anew": before_delivery(RECORDED, FIRST_ONE, STANDS, RECORDED),
    "an amendment that asks a holder for more, decided anew": before_delivery(
        RECORDED, always(HOLDER), STANDS, RECORDED
    ),
}


def page() -> str:
    """The table as docs/changes.md."""
    lines = [
        "# What becomes of a change\n",
        "Each row is a kind of change, each column the state of the case when it comes: decided is approved and "
        "reviewed, linked is frozen, delivered has made L001. A cell says what becomes of the change itself, then what "
        "`deliver` makes next. *Released* is a person's `case release`, of the next delivery or standing: without one "
        "everything waits for it.\n",
        f"| change | {' | '.join(STATES)} |",
        f"|---|{'---|' * len(STATES)}",
    ]
    lines += [f"| {change} | {' | '.join(map(_in_words, cells))} |" for change, cells in TABLE.items()]
    return "<!-- Generated by `make docs`. -->\n\n" + "\n".join(lines) + "\n"


def _in_words(cell: Cell) -> str:
    act, (none, *others) = cell
    if none in others:
        return f"{act}; {none}"
    return f"{act}; once released, goes out: {others[0].removeprefix('goes out: ')}"
