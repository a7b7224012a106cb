"""What holds a case that answers another authority: what leaves it, how it ends, and what its disposal takes."""

from tests.mutations.safeguard import Safeguard

ENDINGS, RELEASES, OFFERS = (f"samkorning/case/{name}.py" for name in ("endings", "holder_releases", "offers"))
MAKING, TAKING = "samkorning/transit/making.py", "samkorning/transit/taking.py"
STEPS = "assets/steps/transit"
RULES, ANSWERS = "tests/spec/test_transit_rules.py", "tests/spec/test_answering_rules.py"
TRANSIT, CASES = "tests/pipeline/test_transit.py", "tests/pipeline/test_answering_case.py"

ANSWERING = (
    Safeguard(
        "hand-over-rests",
        "nothing is handed over while the case rests (R02)",
        MAKING,
        "    case_does_not_rest(case)\n    within",
        "    within",
        (f"{RULES}::test_r02_nothing_is_handed_over_while_the_case_rests",),
    ),
    Safeguard(
        "hand-over-of-a-holders-population",
        "a population that a holder's file lists is not handed over without that holder's release (R04)",
        MAKING,
        "    if within is not None and not_covered:\n",
        "    if False:\n",
        (f"{RULES}::test_r04_a_population_in_a_holders_file_is_handed_over_with_its_release_alone",),
    ),
    Safeguard(
        "hand-over-asks-what-may-leave",
        "every transit file is asked for whether it may leave (R02, R04)",
        f"{STEPS}/making.py",
        "    may_leave(case, desk.clock.today())\n",
        "",
        (f"{TRANSIT}::test_a_case_that_rests_hands_nothing_over",),
    ),
    Safeguard(
        "hand-over-uses-a-release",
        "a holder's release that a hand-over has used is not taken back (R04)",
        RELEASES,
        "    for event in case.of(EventKind.DELIVERED, EventKind.TRANSIT_MADE):\n",
        "    for event in case.of(EventKind.DELIVERED):\n",
        (f"{RULES}::test_r04_a_release_that_a_hand_over_has_used_is_not_taken_back",),
    ),
    Safeguard(
        "hand-over-tells-who-is-listed",
        "the release of who lists the population is used by whatever is handed over (R04)",
        RELEASES,
        "(lists_the_population or sources & _sources_in(event))",
        "sources & _sources_in(event)",
        (f"{RULES}::test_r04_a_release_that_a_hand_over_has_used_is_not_taken_back",),
    ),
    Safeguard(
        "rows-of-another-year",
        "rows of one year never take the place of another year's (R24)",
        TAKING,
        '        if is_of_it and event.detail["sha256"] == counts and event.detail["period"] != manifest.period:\n',
        "        if False:\n",
        (f"{RULES}::test_r24_rows_of_one_year_never_take_the_place_of_another_years",),
    ),
    Safeguard(
        "rows-are-asked-for-their-year",
        "taking rows asks whether another year's stand in their place (R24)",
        f"{STEPS}/answers.py",
        "    no_other_year_counts(case, answer.file.name, answer.signed.manifest, source)\n",
        "",
        (f"{TRANSIT}::test_a_second_year_is_not_taken_for_the_source_of_the_first",),
    ),
    Safeguard(
        "answer-ends-in-one-way",
        "a case that has answered is not dismissed, rejected or closed (R24)",
        ENDINGS,
        "    if left:\n        newest",
        "    if False:\n        newest",
        (ANSWERS,),
    ),
    Safeguard(
        "answer-needs-its-receipts",
        "a case ends with its answer only when every receipt has come or is given up by name (R24)",
        ENDINGS,
        "    if awaited:\n",
        "    if False:\n",
        (ANSWERS,),
    ),
    Safeguard(
        "answer-needs-its-end",
        "a case does not end while a hand-over of it is open (R24)",
        ENDINGS,
        "    if found is not None:\n        problem",
        "    if False:\n        problem",
        (ANSWERS,),
    ),
    Safeguard(
        "answer-is-charged",
        "work for an answer that was handed over is charged (R20)",
        OFFERS,
        "    if not case.of(K.DELIVERED) and not ended_with_its_answer(case):\n",
        "    if not case.of(K.DELIVERED):\n",
        (f"{ANSWERS}::test_r20_work_for_an_answer_that_was_handed_over_is_charged",),
    ),
    Safeguard(
        "transit-ends-no-class",
        "transit identifiers that go before the code key do not take it with them, nor close the case (R16)",
        "assets/steps/retention/destroying.py",
        " and not item.name.startswith(STORE) for item in due)",
        " for item in due)",
        (f"{CASES}::test_a_list_that_goes_before_the_population_comes_closes_nothing",),
    ),
)
