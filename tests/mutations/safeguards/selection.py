"""What holds selections: no text enters SQL unseen, nothing missing matches, and no step begins without what it reads."""

from tests.mutations.safeguard import Safeguard

ROOM = "samkorning/own_registers/selection"
FAULTS, SPEC = "tests/unit/test_selection_faults.py", "tests/spec/test_selection.py"
RULES, CODE_FILES = "tests/spec/test_selection_rules.py", "tests/unit/test_code_files.py"

SELECTION = (
    Safeguard(
        "text-in-statements",
        "a name, code or area enters SQL in its form alone",
        f"{ROOM}/writing.py",
        "    if not form.fullmatch(text):\n",
        "    if False:\n",
        (f"{FAULTS}::test_nothing_is_written_into_a_statement_that_has_not_its_form",),
    ),
    Safeguard(
        "columns-of-the-selection",
        "a variable of a register does not stand for the person of the row",
        f"{ROOM}/writing.py",
        "    if name.casefold() in OWN_COLUMNS:\n",
        "    if False:\n",
        (f"{FAULTS}::test_no_name_of_the_catalogue_reaches_a_statement_unseen",),
    ),
    Safeguard(
        "names-of-steps",
        "a step is not read in place of a register of the same name",
        f"{ROOM}/compiling.py",
        "        self._require_own_names()\n",
        "",
        (f"{FAULTS}::test_a_step_does_not_take_the_name_of_a_register",),
    ),
    Safeguard(
        "one-meaning-of-a-function",
        "a function that rows still to be computed call is not made anew",
        "samkorning/linkage/engines.py",
        "        if self._defined.setdefault(name, statement) != statement:\n",
        "        if False:\n",
        (f"{FAULTS}::test_a_function_is_not_made_anew_with_another_meaning",),
    ),
    Safeguard(
        "frames-before-steps",
        "a selection does not begin without what it reads",
        f"{ROOM}/running.py",
        "    frames.require_for(steps)\n",
        "",
        (f"{FAULTS}::test_what_a_step_needs_is_asked_for_before_anything_is_read",),
    ),
    Safeguard(
        "variables-of-a-register-year",
        "a year that lacks a variable does not pass for one in which nobody has the code",
        f"{ROOM}/frames.py",
        "            if missing:\n",
        "            if False:\n",
        (f"{FAULTS}::test_a_year_without_a_variable_that_it_should_have_is_named",),
    ),
    Safeguard(
        "rows-without-a-day",
        "a row without a day meets nothing that is asked of days",
        f"{ROOM}/events.py",
        "        return (days.filter(pl.col(DAY).is_not_null()) if self._group.needs_day else days).unique()\n",
        "        return days.unique()\n",
        (SPEC, f"{FAULTS}::test_what_is_missing_equals_nothing_that_is_missing"),
    ),
    Safeguard(
        "rows-without-a-day-in-sql",
        "and neither in SQL",
        f"{ROOM}/events.py",
        "        if with_day:\n",
        "        if False:\n",
        (SPEC, f"{FAULTS}::test_what_is_missing_equals_nothing_that_is_missing"),
    ),
    Safeguard(
        "blocks-before-steps",
        "blocks that do not hold together, or not with the catalogue, become no steps",
        f"{ROOM}/compiling.py",
        "    if broken:\n",
        "    if False:\n",
        (f"{RULES}::test_a_specification_that_no_longer_fits_the_catalogue_is_not_compiled",),
    ),
    Safeguard(
        "barred-registers-in-groups",
        "no event group looks at a register that is never linked (R06)",
        "samkorning/order/selection_rules.py",
        "            elif register.barred is not None:\n",
        "            elif False:\n",
        (RULES,),
    ),
    Safeguard(
        "everyones-index-date",
        "nobody in a selection is without its index date",
        "samkorning/order/selection_rules.py",
        "        elif named not in certain(selection, selections):\n",
        "        elif False:\n",
        (RULES,),
    ),
    Safeguard(
        "numbers-for-codes",
        "a number of Excel is not taken for a code",
        "samkorning/order/code_files.py",
        "    if _NUMBER_OF_EXCEL.fullmatch(written):\n",
        "    if False:\n",
        (CODE_FILES,),
    ),
    Safeguard(
        "digits-of-a-workbook",
        "a code of digits whose zeros a workbook may have lost is not taken",
        "samkorning/order/code_files.py",
        "    if of_workbook and _DIGITS.fullmatch(written):\n",
        "    if False:\n",
        (CODE_FILES,),
    ),
)
