"""What the work list, one case and the lead times cost in a register of ten years, and starting the program for them.

``python bench/cases.py [--years 10] [--postgresql]`` makes a home with a case of forty events, as many cases like it as
ten years of 400 orders are, and prints a table; it ends with 1 if a limit is broken. The quickest of three looks
counts, each from a desk of its own whose keystore is open: opening that is slow on purpose, once per process. With
``--postgresql`` the case register lies in a PostgreSQL that is started for it.

- The list: at most 0.2 s. One case read, proven and accounted for: at most 0.05 s. Lead times: at most 2 s.
- Whole processes, in seconds of the processor, each with its modules compiled before as they are where the program is
  installed: `--help` and completion at most 0.3, `case show` at most 0.7; beside them `case list` and lead times.
- Beside them, what finding one changed case out anew costs.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

from measuring import report, seconds, show
from sqlalchemy import text

from assets.steps.case_account import case_account
from assets.steps.overview import overview, summaries
from assets.steps.safekeeping.case_register_database import upgrade_database
from resources.desk import Desk
from samkorning.case.assignment import assign
from samkorning.case.overview import as_text
from samkorning.case.reports.lead_times import lead_times
from samkorning.case.reports.summary import summary_of
from samkorning.synthetic.case_register import case_of
from samkorning.synthetic.courses import LAST_DAY, published_courses
from samkorning.vault.hygiene import protect_process

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.office import MANAGER, Office
from tests.postgresql import a_server, fresh_database
from tests.spec.test_lead_times import ORDERS

A_YEAR, EVENTS, ROUNDS = 400, 40, 3


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--years", type=int, default=10)
    options.add_argument("--postgresql", action="store_true")
    asked = options.parse_args()
    protect_process()
    with ExitStack() as stack:
        office = Office(Path(stack.enter_context(tempfile.TemporaryDirectory())), persons=1_000)
        if asked.postgresql:
            _on_postgresql(office, stack.enter_context(a_server()))
        case = _case_of_many_events(office)
        _cases_like(office, case, asked.years * A_YEAR)
        where = "PostgreSQL" if asked.postgresql else "SQLite"
        holds = [*_looks(office.desk.home.root, case, where), *_processes(office.desk.home.root, case)]
    return 0 if all(holds) else 1


def _on_postgresql(office: Office, server: str) -> None:
    home = office.desk.home.root
    database = fresh_database(server, office.folder)
    (home / "config.yaml").write_text(f"case_register_database_file: {database}\n", encoding="utf-8")
    office.__dict__.pop("desk")
    upgrade_database(office.desk)


def _case_of_many_events(office: Office) -> str:
    """A case that has delivered, handed over between officers until it has its forty events."""
    case = office.ready_case()
    office.deliver(case)
    names = cycle(("Olle", "Rut"))
    while len(office.desk.case(case).events) < EVENTS:
        officer = next(names)
        office.act(case, MANAGER, lambda found, officer=officer: assign(found, officer, "handed over"))
    return case


def _cases_like(office: Office, case: str, count: int) -> None:
    """Copies of its events, each with the summary of a course of the published years; no look opens them."""
    [like] = overview(office.desk)
    courses = list(islice(cycle(published_courses()), count - 1))
    made = {course: summary_of(case_of(course, ORDERS), LAST_DAY) for course in set(courses)}
    numbers = [f"{place}-2020" for place in range(20_001, 20_001 + len(courses))]
    columns = "number, kind, at, person, detail, audit_number, audit_authenticator, mac"
    copied = f"INSERT INTO case_event (case_number, {columns}) SELECT :to, {columns} FROM case_event"
    with office.desk.cases._engine.begin() as connection:
        for number in numbers:
            connection.execute(text(f"{copied} WHERE case_number = :of"), {"to": number, "of": case})
    office.desk.overview.keep(
        [
            replace(
                like,
                case_number=number,
                line_text=as_text(replace(like.line, case=number)),
                summary_text=as_text(made[course]),
            )
            for number, course in zip(numbers, courses, strict=True)
        ]
    )


def _looks(home: Path, case: str, where: str) -> Iterator[bool]:
    taken = _quickest(home, overview)
    yield report(f"the list, {where}", taken, 0.2, "s", taken <= 0.2)
    taken = _quickest(home, lambda desk: case_account(desk, desk.case(case)))
    yield report(f"one case, {where}", taken, 0.05, "s", taken <= 0.05)
    taken = _quickest(home, lambda desk: lead_times(summaries(desk), LAST_DAY))
    yield report(f"lead times, {where}", taken, 2, "s", taken <= 2)
    show(f"a changed case found out anew, {where}", _quickest(home, lambda desk: _anew(desk, case)), "s")


def _anew(desk: Desk, case: str) -> None:
    row = desk.overview.rows()[case]
    desk.overview.keep([replace(row, events=0)])
    overview(desk)


def _quickest(home: Path, act: Callable[[Desk], object]) -> float:
    return min(_timed(home, act) for _ in range(ROUNDS))


def _timed(home: Path, act: Callable[[Desk], object]) -> float:
    desk = Desk.at(home)
    desk.keystore.service_secret("audit")
    desk.cases.counts()
    taken = seconds(lambda: act(desk))
    desk.cases.close()
    return taken


def _processes(home: Path, case: str) -> Iterator[bool]:
    completing = {"_SAMKORNING_COMPLETE": "complete_bash", "COMP_WORDS": "samkorning case li", "COMP_CWORD": "2"}
    at_home = ("--home", str(home))
    with tempfile.TemporaryDirectory() as compiled:
        variables = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        variables.pop("PYTHONDONTWRITEBYTECODE", None)
        for name, limit, arguments, more in (
            ("--help", 0.3, ("--help",), {}),
            ("completion", 0.3, (), completing),
            ("case show", 0.7, (*at_home, "case", "show", case), {}),
            ("case list", None, (*at_home, "case", "list", "--json"), {}),
            ("lead times", None, (*at_home, "report", "lead-times", "--json"), {}),
        ):
            _process(arguments, {**variables, **more})
            taken = min(_process(arguments, {**variables, **more}) for _ in range(ROUNDS))
            if limit is None:
                show(f"{name}, a whole process", taken, "s")
            else:
                yield report(f"{name}, a whole process", taken, limit, "s", taken <= limit)


def _process(arguments: tuple[str, ...], variables: dict[str, str]) -> float:
    """Seconds of the processor that a run of the program takes, its children too."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    program = "import sys; sys.argv[0] = 'samkorning'; from cli.main import main; main()"
    command = [sys.executable, "-c", program, *arguments]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env=variables)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    sys.exit(main())
