"""What holds own registers: each value exactly as it came or counted, and no year with a fault in it."""

from tests.mutations.safeguard import Safeguard

VALUES, LOADING = "samkorning/own_registers/values.py", "samkorning/own_registers/loading.py"
SORTING = "samkorning/own_registers/sorting.py"
PARTS, SORTED = "tests/integration/test_own_register_parts.py", "tests/property/test_register_year_parts.py"
SPEC, LOADED = "tests/spec/test_own_register_values.py", "tests/integration/test_own_register_loading.py"

OWN_REGISTERS = (
    Safeguard(
        "barred-register",
        "nothing is extracted from a register that the catalogue bars (R06)",
        "samkorning/own_registers/extraction.py",
        "    if register.barred:\n",
        "    if False:\n",
        ("tests/spec/test_register_catalogue.py",),
    ),
    Safeguard(
        "marks-of-the-catalogue",
        "what is due is found out anew when an entry of the register catalogue changes",
        "assets/steps/delivery/due.py",
        "CATALOGUE: desk.catalogue.mark()",
        'CATALOGUE: ""',
        ("tests/pipeline/test_due.py",),
    ),
    Safeguard(
        "length-of-values",
        "a value that is longer than the catalogue says is not taken",
        VALUES,
        '    if variable.type in ("text", "integer"):\n',
        "    if False:\n",
        (SPEC,),
    ),
    Safeguard(
        "digits-of-decimals",
        "a decimal with more digits than are kept is not cut",
        VALUES,
        "(Fault.DIGITS, cut)]",
        "]",
        (SPEC,),
    ),
    Safeguard(
        "digits-of-floating-points",
        "a whole number that floating point may have rounded is not taken",
        VALUES,
        "column.abs() < _FIRST_INEXACT",
        "column.abs() < 2**62",
        (SPEC,),
    ),
    Safeguard(
        "time-of-day",
        "a time of day is not cut off a date",
        VALUES,
        "[*checks, (Fault.TIME, values.cast(column.dtype) != column)]",
        "checks",
        (SPEC,),
    ),
    Safeguard(
        "years-of-the-calendar",
        "a date beyond the calendar is not taken",
        VALUES,
        "    return days.set(outside, None), [(Fault.BEYOND, outside)]\n",
        "    return days, []\n",
        (SPEC,),
    ),
    Safeguard(
        "rows-about-somebody",
        "a row without a national number of twelve digits is not taken",
        VALUES,
        "    return Read(read.values, read.faults | {fault: count for fault, count in more.items() if count})\n",
        "    return read\n",
        (SPEC,),
    ),
    Safeguard(
        "kinds-that-are-no-type",
        "a value in a form that the catalogue's type does not have is not turned into one",
        VALUES,
        "reader = _READERS.get((family, variable.type), _refuse_all)",
        "reader = _READERS.get((family, variable.type), _as_it_is)",
        (SPEC,),
    ),
    Safeguard(
        "year-without-faults",
        "a year in which a single value does not fit is not loaded",
        LOADING,
        "            raise FileRefused(self._name, self._faults_in_words(), _REMEDY)\n",
        "            return\n",
        (LOADED,),
    ),
    Safeguard(
        "bounds-that-are-nobodys-number",
        "what a manifest, which is not encrypted, tells of a register year's parts is no person's number",
        SORTING,
        "each.first * MONTH for each in cut[1:]",
        "each.first * MONTH + 121234 for each in cut[1:]",
        (PARTS, SORTED),
    ),
    Safeguard(
        "register-year-within-memory",
        "a number with more rows than a part bears is never in memory whole",
        SORTING,
        "    if wanted.rows <= most:\n",
        "    if True:\n",
        (SORTED,),
    ),
)
