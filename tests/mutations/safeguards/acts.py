"""Acts in the page, and runs that are asked for: in nobody's name, twice, or outside two folders."""

from tests.mutations.safeguard import Safeguard

ACTS, ASKING, STORM = (
    "tests/pipeline/test_acts.py",
    "tests/pipeline/test_asking.py",
    "tests/pipeline/test_interleavings.py",
)
ACTS_IN_THE_PAGE = (
    Safeguard(
        "page-acts-by-the-account",
        "in a case of real persons nobody acts but the account that signed in",
        "pipelines/acts/acting.py",
        "    if not synthetic:\n        _require_known(account, owner, named)\n",
        "",
        (f"{ACTS}::test_in_a_case_of_real_persons_the_account_that_signed_in_acts_and_nobody_else",),
    ),
    Safeguard(
        "previews-record-nothing",
        "a preview of an act changes nothing",
        "pipelines/acts/job.py",
        "    if preview:\n        require_recordable",
        "    if False:\n        require_recordable",
        (f"{ACTS}::test_a_preview_of_any_act_changes_nothing",),
    ),
    Safeguard(
        "act-files-in-their-folders",
        "an act reads and writes in two folders of the home alone",
        "pipelines/acts/files.py",
        "a_file_name = typed.of_form(FILE_NAME,",
        'a_file_name = typed.of_form("(?s).*",',
        (f"{ACTS}::test_no_act_reads_or_writes_outside_its_two_folders",),
    ),
    Safeguard(
        "what-was-typed-is-looked-at",
        "what is typed into a form is looked at, and not said back",
        "pipelines/acts/asked.py",
        "    for check in checks:\n        value = check(value)\n",
        "",
        (f"{ACTS}::test_what_was_typed_is_looked_at_and_not_said_back",),
    ),
    Safeguard(
        "another-key-for-another-try",
        "a run that was killed is taken up, though Dagster remembers its key for ever",
        "pipelines/asking.py",
        'run_key=f"{mark}:{tries}"',
        "run_key=mark",
        (f"{ASKING}::test_a_run_that_was_killed_is_asked_for_again_under_another_key",),
    ),
    Safeguard(
        "persons-see-failures",
        "what a person has to see is not tried again",
        "pipelines/tries.py",
        "    if not _may_be_repeated(instance, run):\n",
        "    if False:\n",
        (ASKING,),
    ),
    Safeguard(
        "paused-cases-get-no-run",
        "no run is asked for of a case that is paused",
        "pipelines/asking.py",
        "newest is EventKind.PAUSED",
        "False",
        (f"{ASKING}::test_a_paused_case_gets_no_run_and_the_look_says_so",),
    ),
    Safeguard(
        "told-last-stays",
        "the page forgets no run that says how an asset came out last",
        "pipelines/forgetting.py",
        "    gone = [run for run in runs if run not in shown]\n",
        "    gone = runs\n",
        ("tests/pipeline/test_forgetting.py::test_a_run_loses_its_log_and_what_it_told_last_stays",),
    ),
)
