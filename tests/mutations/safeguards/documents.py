"""What holds the documents of a delivery: no count of a few, no label taken for program, no word that is not scanned."""

from tests.mutations.safeguard import Safeguard

SUPPRESSION = "samkorning/delivery/codebook/suppression.py"
MAKING = "samkorning/delivery/codebook/making.py"
SUPPRESSION_TESTS, CODEBOOK = "tests/spec/test_suppression.py", "tests/spec/test_codebook.py"
LABELS, SCAN = "tests/spec/test_label_scripts.py", "tests/spec/test_number_scan.py"
LOST, LOST_TESTS = "samkorning/delivery/lost_persons.py", "tests/unit/test_reported_lost.py"
REPORT = "tests/unit/test_report.py"

DOCUMENTS = (
    Safeguard(
        "no-count-of-a-few",
        "a count behind which few persons stand is left out",
        SUPPRESSION,
        "    hidden = {place for place, part in enumerate(parts) if part.small}\n",
        "    hidden: set[int] = set()\n",
        (SUPPRESSION_TESTS,),
    ),
    Safeguard(
        "no-few-lost-persons",
        "no document tells that a source lost a few persons",
        LOST,
        "    few = is_few(count, limit) or any",
        "    few = any",
        (LOST_TESTS,),
    ),
    Safeguard(
        "no-few-lost-by-subtraction",
        "persons lost in all are left out where those of a reason could be reckoned from them",
        LOST,
        "    if None in by_reason.values() or ",
        "    if ",
        (LOST_TESTS,),
    ),
    Safeguard(
        "no-count-by-subtraction",
        "a count that is left out cannot be had from the sum",
        SUPPRESSION,
        "    while (hidden or total_hidden) and not _is_wide(parts, hidden, total_hidden, limit):\n",
        "    while False:\n",
        (SUPPRESSION_TESTS,),
    ),
    Safeguard(
        "no-choice-between-equals",
        "which of equal counts is left out beside a small one tells nothing",
        SUPPRESSION,
        "    differ = bool(values) if total_hidden else len(set(values)) > 1\n",
        "    differ = len(values) > (0 if total_hidden else 1)\n",
        (SUPPRESSION_TESTS,),
    ),
    Safeguard(
        "no-share-by-subtraction",
        "a share that is left out cannot be had from the other years and the sum",
        SUPPRESSION,
        "    while total_small or (hidden and not _all_wide(shares, hidden, limit)):\n",
        "    while total_small:\n",
        (SUPPRESSION_TESTS,),
    ),
    Safeguard(
        "few-are-persons",
        "many rows of one person are a small count",
        MAKING,
        "is_few(who, self._limit)",
        "is_few(count, self._limit)",
        (CODEBOOK,),
    ),
    Safeguard(
        "no-count-from-the-delivery-before",
        "a count that has changed by a few cannot be subtracted from the one shown before",
        SUPPRESSION,
        "    return earlier is not None and is_few(abs(count - earlier), limit)\n",
        "    return False\n",
        (CODEBOOK,),
    ),
    Safeguard(
        "steps-hold-many",
        "a step of a distribution shows no value of a few",
        "samkorning/delivery/codebook/distribution.py",
        "    least = max(ROWS_PER_PERSON * limit, -(-filled // MOST_BINS))\n",
        "    least = 1\n",
        (CODEBOOK,),
    ),
    Safeguard(
        "groups-of-few",
        "a group of few persons by age and sex is left out",
        "samkorning/delivery/study_persons/making.py",
        "is_few(count, limit) or ",
        "",
        ("tests/spec/test_study_persons.py",),
    ),
    Safeguard(
        "labels-in-r",
        "no label is taken for program by R",
        "samkorning/delivery/label_scripts/r.py",
        """.replace('"', '\\\\"')""",
        "",
        (LABELS,),
    ),
    Safeguard(
        "labels-in-sas",
        "no label is taken for program by SAS",
        "samkorning/delivery/label_scripts/sas.py",
        """.replace("'", "''")""",
        "",
        (LABELS,),
    ),
    Safeguard(
        "labels-in-spss",
        "no label is taken for program by SPSS",
        "samkorning/delivery/label_scripts/spss.py",
        """piece.replace('"', '""')""",
        "piece",
        (LABELS,),
    ),
    Safeguard(
        "labels-in-stata",
        "no label is taken for program by Stata",
        "samkorning/delivery/label_scripts/stata.py",
        ".translate(_MOST_LIKE)",
        "",
        (LABELS,),
    ),
    Safeguard(
        "report-is-no-program",
        "no text of an order becomes markup of the report",
        "samkorning/delivery/report/making.py",
        "autoescape=True",
        "autoescape=False",
        (REPORT,),
    ),
    Safeguard(
        "report-in-print-scanned",
        "a report in print is looked through for identity numbers by the page it is printed from",
        "samkorning/delivery/package/contents.py",
        "    return {**_without_report(description), **report_pages(description)}\n",
        "    return _without_report(description)\n",
        (f"{SCAN}::test_a_number_is_found_in_a_report_in_print",),
    ),
    Safeguard(
        "unread-document-stops",
        "a document that cannot be looked through does not leave",
        "assets/steps/delivery/scanning.py",
        "        if texts is None:\n",
        "        if False:\n",
        (f"{REPORT}::test_a_document_that_cannot_be_looked_through_stops_the_delivery",),
    ),
)
