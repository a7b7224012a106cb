"""Asking for runs: once for what is wanted, again for what was killed, never for what a person has to see; and each
look says in a sentence what it did."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from pipelines.asking import CASE, MOST, WANTED, Wanted, ask
from pipelines.instance import dagster_instance
from pipelines.tries import FOR_DAGSTER, REPEATABLE, WAITS
from resources.clock import Clock
from samkorning.case.assignment import pause, resume
from samkorning.errors import CaseBusy, CheckFailed, MachineFailure, RuleRefused
from tests.office import OFFICER, Office

CASES = ("1-2026", "2-2026")
FAULTS: dict[str, Exception] = {
    "busy": CaseBusy("another run holds the case"),
    "machine": MachineFailure("disk full", "disk full"),
    "rule": RuleRefused("R10", "not decided", "decide"),
    "check": CheckFailed("stopped"),
    "bug": ValueError("unforeseen"),
}


@dg.op(config_schema={"fault": dg.Field(str, default_value="none")})
def work(context: dg.OpExecutionContext) -> None:
    fault = context.op_config["fault"]
    if fault in FAULTS:
        raise FAULTS[fault]


@dg.job(executor_def=dg.in_process_executor)
def worked() -> None:
    work()


class Asking:
    """A home with two cases, Dagster, a clock that can be moved, and things wanted that no other test wants."""

    def __init__(self, office: Office, instance: dg.DagsterInstance, name: str) -> None:
        self.office, self.instance, self.name, self.later = office, instance, name, timedelta()

    def look(self, *marks: str, most: int = MOST) -> list[dg.RunRequest]:
        """A look at which each case wants something."""
        wanted = [Wanted(self.name + mark, case) for mark in marks or ("late",) for case in CASES]
        self.looked = ask(self.office.desk, self.instance, "two cases", wanted, most)
        return self.looked.requests

    def run(self, asked: dg.RunRequest, fault: str) -> str:
        """The run that Dagster makes of what was asked for; how it ends."""
        config = {"ops": {"work": {"config": {"fault": fault}}}}
        done = worked.execute_in_process(config, instance=self.instance, raise_on_error=False, tags=asked.tags)
        return done.run_id

    def stands(self, asked: dg.RunRequest, status: dg.DagsterRunStatus) -> None:
        """A run that claims to stand so."""
        run = self.instance.create_run_for_job(worked, status=status, tags=dict(asked.tags))
        assert run.status is status

    @property
    def left(self) -> dict[str, list[str]]:
        return self.looked.left


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, dg.DagsterInstance]]:
    before = dict(os.environ)
    office = Office(tmp_path_factory.mktemp("asking"))
    for case in CASES:
        office.open_case(number=case)
    with dagster_instance(office.desk) as instance:
        yield office, instance
    office.desk.cases.close()
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def asking(
    home: tuple[Office, dg.DagsterInstance], monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Asking:
    asking = Asking(*home, request.node.name)
    monkeypatch.setattr(Clock, "machine_time", lambda clock: datetime.now(UTC) + asking.later)
    monkeypatch.setattr(Clock, "today", lambda clock: clock.machine_time().date())
    return asking


def test_what_is_wanted_is_asked_for_with_its_case_and_under_a_key_of_its_own(asking: Asking) -> None:
    first, second = asking.look()
    assert (first.partition_key, first.tags[CASE], second.partition_key) == (CASES[0], CASES[0], CASES[1])
    assert first.run_key != second.run_key
    assert asking.looked.sentence == "looked at two cases; asked for 2: 1-2026, 2-2026"


def test_the_same_thing_twice_in_one_look_is_one_run(asking: Asking) -> None:
    """dagster-io/dagster#26753: a run key twice in one evaluation made two runs."""
    asked = asking.look("late", "late")
    assert len(asked) == len({each.run_key for each in asked}) == 2


def test_one_look_asks_for_all_partitions_and_no_cursor_is_read(asking: Asking) -> None:
    """dagster-io/dagster#32853, #18921, #33974: what is found by events alone can miss what came between two looks."""
    assert [each.run_key for each in asking.look()] == [each.run_key for each in asking.look()]
    assert {each.partition_key for each in asking.look()} == set(CASES)
    result = asking.looked.result()
    assert not result.asset_events, "nothing that committing a tick by hand in the page would drop"


@pytest.mark.parametrize(
    "status", [dg.DagsterRunStatus.CANCELING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.NOT_STARTED]
)
def test_what_runs_already_is_not_asked_for(asking: Asking, status: dg.DagsterRunStatus) -> None:
    first, _ = asking.look()
    asking.stands(first, status)
    assert [each.partition_key for each in asking.look()] == [CASES[1]]
    assert asking.left == {"under way": [CASES[0]]}
    assert asking.looked.sentence == "looked at two cases; asked for 1: 2-2026; left 1 (under way): 1-2026"


def test_a_run_that_was_killed_is_asked_for_again_under_another_key(asking: Asking) -> None:
    """Dagster remembers a run key for ever: under the same one nothing would ever come of it."""
    first, _ = asking.look()
    asking.stands(first, dg.DagsterRunStatus.FAILURE)
    asking.later = timedelta(seconds=WAITS[1])
    again = asking.look()[0]
    assert again.partition_key == CASES[0]
    assert again.run_key != first.run_key
    assert again.tags[WANTED] == first.tags[WANTED]


@pytest.mark.parametrize("fault", ["busy", "machine"])
def test_what_is_safe_to_repeat_is_tried_three_times_a_day(asking: Asking, fault: str) -> None:
    keys = set()
    for wait in WAITS:
        asking.later += timedelta(seconds=wait)
        first = asking.look()[0]
        keys.add(first.run_key)
        asking.run(first, fault)
        assert asking.look()[0].partition_key == CASES[1]
        assert asking.left in ({"tried a moment ago": [CASES[0]]}, {"tried 3 times today": [CASES[0]]})
    assert len(keys) == len(WAITS)
    asking.later += timedelta(days=1)
    assert asking.look()[0].partition_key == CASES[0], "the next day is another day"


@pytest.mark.parametrize("fault", ["rule", "check", "bug"])
def test_what_a_person_has_to_see_is_not_tried_again_until_something_is_new(asking: Asking, fault: str) -> None:
    asking.run(asking.look()[0], fault)
    asking.later = timedelta(seconds=WAITS[-1])
    assert [each.partition_key for each in asking.look()] == [CASES[1]]
    assert asking.left == {"its run failed, which a person has to look at": [CASES[0]]}
    assert len(asking.look("another")) == 2


def test_what_was_done_is_not_done_twice_a_day_nor_what_a_person_ended(asking: Asking) -> None:
    first, second = asking.look()
    asking.run(first, "none")
    asking.stands(second, dg.DagsterRunStatus.CANCELED)
    assert asking.look() == []
    assert asking.left == {"done today, and nothing new since": [CASES[0]], "a person ended its run": [CASES[1]]}
    assert asking.looked.result().skip_reason.skip_message == asking.looked.sentence


def test_a_run_that_a_person_started_again_counts_as_a_try(asking: Asking) -> None:
    """dagster-io/dagster#3594: a re-executed run carries the run key of the first, and broke every later tick."""
    first, _ = asking.look()
    failed = asking.run(first, "rule")
    asking.run(first, "none")  # re-execution copies tags, the key among them
    assert first.run_key is not None and failed
    assert [each.partition_key for each in asking.look()] == [CASES[1]]
    assert asking.left == {"done today, and nothing new since": [CASES[0]]}


def test_a_run_that_dagster_itself_starts_again_is_under_way_and_is_asked_for_if_it_does_not(asking: Asking) -> None:
    first, _ = asking.look()
    run = asking.instance.create_run_for_job(
        worked, status=dg.DagsterRunStatus.STARTED, tags={**first.tags, "dagster/max_retries": "2"}
    )
    asking.instance.report_run_failed(run)
    asking.look()
    assert asking.left == {"under way": [CASES[0]]}
    asking.later = timedelta(seconds=FOR_DAGSTER)
    assert asking.look()[0].partition_key == CASES[0]


def test_a_look_is_capped_and_the_next_asks_for_the_rest(asking: Asking) -> None:
    [first] = asking.look(most=1)
    assert asking.looked.sentence == "looked at two cases; asked for 1: 1-2026; left 1 (for the next look): 2-2026"
    asking.stands(first, dg.DagsterRunStatus.STARTED)
    assert [each.partition_key for each in asking.look(most=1)] == [CASES[1]], "what is under way takes no place"


def test_a_paused_case_gets_no_run_and_the_look_says_so(asking: Asking) -> None:
    asking.office.act(CASES[0], OFFICER, lambda case: pause(case, "the ethics authority is asked"))
    assert [each.partition_key for each in asking.look()] == [CASES[1]]
    assert asking.left == {"paused; `case resume` takes it up": [CASES[0]]}
    asking.office.act(CASES[0], OFFICER, resume)
    assert len(asking.look()) == 2


@pytest.mark.parametrize("jump", [timedelta(days=-3), timedelta(hours=-1), timedelta(days=40)])
def test_a_clock_that_jumps_holds_nothing_back_and_doubles_nothing(asking: Asking, jump: timedelta) -> None:
    first, second = asking.look()
    asking.stands(first, dg.DagsterRunStatus.FAILURE)
    asking.run(second, "none")
    asking.later = jump
    keys = {each.partition_key: each.run_key for each in asking.look()}
    assert CASES[0] in keys, "a failed run is tried again, whatever the clock says"
    assert first.run_key not in keys.values() and second.run_key not in keys.values()


def test_what_may_be_repeated_is_read_from_the_errors_themselves() -> None:
    assert {"CaseBusy", "MachineFailure", "GuardedFailure", "HandOverFailed"} <= REPEATABLE
    assert not {"RuleRefused", "CheckFailed", "FileRefused", "HomeRefused", "NotFound"} & REPEATABLE
