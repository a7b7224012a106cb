"""What holds relatives: nobody's parents are guessed, and nothing is followed for ever."""

from tests.mutations.safeguard import Safeguard

ROOM = "samkorning/own_registers/relatives"
SPEC, ORACLE = "tests/spec/test_relatives.py", "tests/property/test_relatives_oracle.py"

RELATIVES = (
    Safeguard(
        "relatives-rows-that-differ",
        "of two rows of a person that differ none is believed",
        f"{ROOM}/sound_rows.py",
        'single = distinct.join(differing, on=PERSON, how="anti")',
        'single = distinct.unique(PERSON, keep="first", maintain_order=True)',
        (SPEC,),
    ),
    Safeguard(
        "relatives-own-parent",
        "nobody is their own parent",
        f"{ROOM}/sound_rows.py",
        "possible = single.filter(~own_parent.fill_null(value=False))",
        "possible = single",
        (SPEC,),
    ),
    Safeguard(
        "relatives-own-ancestor",
        "nobody is their own ancestor",
        f"{ROOM}/sound_rows.py",
        "of_two.filter(~pl.col(PERSON).is_in(circling.implode()))",
        "of_two",
        (SPEC,),
    ),
    Safeguard(
        "relatives-unknown-parents",
        "siblings of whom a parent is unknown are neither full nor half",
        f"{ROOM}/kin.py",
        'other_father = (nw.col("father") != nw.col("their_father")).fill_null(value=False)',
        'other_father = (nw.col("father") != nw.col("their_father")).fill_null(value=True)',
        (SPEC,),
    ),
    Safeguard(
        "relatives-unknown-degree",
        "a degree that might be nearer is unknown",
        f"{ROOM}/kin.py",
        "nw.when(certain).then(nw.col(DEGREE))",
        "nw.col(DEGREE)",
        (SPEC,),
    ),
    Safeguard(
        "relatives-nobody-their-own",
        "nobody is their own relative",
        f"{ROOM}/kin.py",
        ".filter(nw.col(PERSON) != nw.col(RELATIVE))",
        "",
        (ORACLE,),
    ),
    Safeguard(
        "relatives-marriages-of-two",
        "nobody is married to themselves",
        f"{ROOM}/spouses.py",
        "of_two = named.filter(pl.col(PERSON) != pl.col(PARTNER))",
        "of_two = named",
        (SPEC,),
    ),
)
