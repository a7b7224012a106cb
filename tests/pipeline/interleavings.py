"""Random sequences of arrivals, looks, runs, kills, restarts and failures, against a plain account of what must come of
them: each accepted file is in exactly one delivery, or in the next one due, and the page's ledger is the ledger.

``python -m tests.pipeline.interleavings --sequences 1000`` runs so many, in a process for each core, and ends with 1
where one fails, with its seed; ``--seed`` and ``--sequences 1`` run that one again.

What is real: the case register with its audit log, the ledger, the table of what is due, the sensors, Dagster's runs
with their keys and tags, and what the page is told. What stands for the work: a delivery that commits its ledger event
and does nothing else, killed before it or behind it, as the real one is at every step by other tests.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import dagster as dg
from dagster._core.storage.tags import RUN_KEY_TAG

from assets.page_report import report_case
from assets.shown.case import case_metadata
from assets.steps.case_account import case_account
from assets.steps.case_view import ledger_rows, require_may_be_delivered
from pipelines.instance import dagster_instance
from pipelines.triggers import due_deliveries_sensor
from resources.clock import Clock
from resources.desk import Desk
from samkorning.case import EventKind
from samkorning.case.assignment import is_paused, pause, resume
from samkorning.case.plan import kind_of, next_delivery_number
from samkorning.case.roles import SERVICE
from samkorning.errors import MachineFailure, SamkorningError
from samkorning.vault.hygiene import protect_process
from tests.factories import SAMPLE_ORDER
from tests.office import ENGINEER, OFFICER, Office

K = EventKind
SOURCES = ("lisa", "diabetes", "region_labb")
IN_ONE_HOME = 20
HOLDERS = ("SCB", "Exempelregistret", "Region Exempel")
ACTS = {
    "arrive": 5, "look": 4, "two daemons": 1, "run": 5, "kill before": 2, "kill behind": 2, "machine fails": 1,
    "monitor": 3, "restart": 1, "table lost": 1, "replace": 2, "decline": 1, "pause": 1, "resume": 2, "next day": 2,
}  # fmt: skip
"""What may happen, and how often against the rest."""


@dg.op(config_schema={"fails": dg.Field(bool, default_value=False)})
def work(context: dg.OpExecutionContext) -> None:
    """Fails for the machine's sake, or not at all."""
    if context.op_config["fails"]:
        raise MachineFailure("disk full", "disk full")


@dg.job(executor_def=dg.in_process_executor)
def deliver() -> None:
    work()


@dataclass
class Account:
    """What must come of it, kept without the service: per source its newest file, and what was delivered of it."""

    newest: dict[str, str] = field(default_factory=dict)
    delivered: dict[str, str] = field(default_factory=dict)
    settled: dict[str, str] = field(default_factory=dict)
    """The file that a person let stand undelivered, or let take the place of another."""
    replaced: dict[str, str] = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)
    """In how many deliveries each file is."""

    def due(self) -> set[str]:
        """The sources that leave with the next delivery."""
        return {source for source, file in self.newest.items() if self._is_due(source, file)}

    def changed(self) -> set[str]:
        """The sources that wait for a person."""
        return {
            source
            for source, file in self.newest.items()
            if source in self.delivered
            and file not in (self.delivered[source], self.replaced.get(source), self.settled.get(source))
        }

    def deliver(self) -> None:
        """Everything that is due leaves."""
        for source in self.due():
            self.delivered[source] = self.newest[source]
            self.times[self.newest[source]] += 1

    def _is_due(self, source: str, file: str) -> bool:
        if source not in self.delivered:
            return True
        return file != self.delivered[source] and self.replaced.get(source) == file


class Sequence:
    """One case, what happens to it, and what must come of it."""

    def __init__(self, office: Office, instance: dg.DagsterInstance, number: str, seed: int) -> None:
        self.office, self.instance, self.number = office, instance, number
        self.chance, self.account = random.Random(seed), Account()
        self.queue: list[dg.RunRequest] = []
        self.killed: list[dg.DagsterRun] = []
        self.day, self.files = office.desk.clock.today(), 0
        self.desk = office.desk
        self.happened: list[str] = []

    def run(self, steps: int) -> None:
        """So many things happen; then everything is brought to its end and nothing is left over."""
        self._open()
        for _ in range(steps):
            what = self.chance.choices(list(ACTS), list(ACTS.values()))[0]
            self.happened.append(what)
            getattr(self, f"_{what.replace(' ', '_')}")()
            self._compare()
        self._bring_to_its_end()

    def _open(self) -> None:
        office = self.office
        office.open_case((SAMPLE_ORDER[SAMPLE_ORDER.index("  own_registers:") :], ""), number=self.number)
        office.decide(self.number)
        office.release_holders(self.number, *HOLDERS)
        office.review(self.number)
        office.release(self.number, standing=True)
        self._receive("population", "p" * 64)
        self._receive("number_history", "h" * 64)
        self._arrive()
        self._commit()  # the first delivery is a person's act

    def _arrive(self) -> None:
        """A holder's file, the first of its source or a corrected one, is taken in."""
        source = self.chance.choice(SOURCES)
        self.files += 1
        file = f"{self.number}:{self.files}".encode().hex().ljust(64, "0")
        self._receive(source, file)
        self.account.newest[source] = file
        if source == "region_labb":  # a region's release covers what was collected before it (R29)
            self.office.release_holders(self.number, HOLDERS[2])

    def _receive(self, source: str, sha256: str) -> None:
        detail = {"source": source, "file": "f.csv", "sha256": sha256, "rows": 1, "refused_rows": 0}
        self.desk.cases.record(self._case(), K.FILE_RECEIVED, self.desk.clock.now(), ENGINEER, detail)

    def _look(self) -> None:
        """The sensor looks, and the daemon makes runs of what it asked for, but not of a key that it knows."""
        self._submit(self._asked())

    def _two_daemons(self) -> None:
        """Both look before either has made a run."""
        first, second = self._asked(), self._asked()
        self._submit(first)
        self._submit(second)

    def _asked(self) -> list[dg.RunRequest]:
        context = dg.build_sensor_context(instance=self.instance)
        result = due_deliveries_sensor(context, desk=self.desk)
        assert isinstance(result, dg.SensorResult)
        return [each for each in result.run_requests or [] if each.partition_key == self.number]

    def _submit(self, asked: list[dg.RunRequest]) -> None:
        assert len({each.run_key for each in asked}) == len(asked)
        known = {each.run_key for each in self.queue}
        for each in asked:
            made = self.instance.get_runs(filters=dg.RunsFilter(tags={RUN_KEY_TAG: str(each.run_key)}))
            if not made and each.run_key not in known:
                self.queue.append(each)

    def _run(self) -> None:
        """The next run of the queue does its work."""
        if self.queue:
            self._work(self.queue.pop(0), self._commit)

    def _kill_before(self) -> None:
        """The next run is killed before its delivery is committed."""
        if self.queue:
            self._leave_behind(self.queue.pop(0))

    def _kill_behind(self) -> None:
        """The next run is killed when its delivery is committed, and before Dagster has heard of it."""
        if self.queue:
            asked = self.queue.pop(0)
            self._commit()
            self._leave_behind(asked)

    def _machine_fails(self) -> None:
        if self.queue:
            self._work(self.queue.pop(0), lambda: None, fails=True)

    def _work(self, asked: dg.RunRequest, commit: object, fails: bool = False) -> None:
        assert callable(commit)
        commit()
        config = {"ops": {"work": {"config": {"fails": fails}}}}
        deliver.execute_in_process(config, instance=self.instance, raise_on_error=False, tags=self._tags(asked))

    def _leave_behind(self, asked: dg.RunRequest) -> None:
        status = dg.DagsterRunStatus.STARTED
        self.killed.append(self.instance.create_run_for_job(deliver, status=status, tags=self._tags(asked)))

    def _tags(self, asked: dg.RunRequest) -> dict[str, str]:
        return {**asked.tags, RUN_KEY_TAG: str(asked.run_key)}

    def _monitor(self) -> None:
        """Dagster finds the runs whose processes have gone."""
        for run in self.killed:
            self.instance.report_run_failed(run)
        self.killed.clear()

    def _restart(self) -> None:
        """Another process: nothing but what is on the disk is known, and the queue stays."""
        self.desk = Desk.at(self.office.desk.home.root)
        self._on(self.day)

    def _table_lost(self) -> None:
        self.desk.due.forget()

    def _replace(self) -> None:
        for source in sorted(self.account.changed())[:1]:
            self.office.replace(self.number, source)
            self.account.replaced[source] = self.account.newest[source]
            self.account.settled.pop(source, None)

    def _decline(self) -> None:
        for source in sorted(self.account.changed())[:1]:
            self.office.decline(self.number, source)
            self.account.settled[source] = self.account.newest[source]

    def _pause(self) -> None:
        if not is_paused(self._case()):
            self.office.act(self.number, OFFICER, lambda case: pause(case, "a question"))

    def _resume(self) -> None:
        if is_paused(self._case()):
            self.office.act(self.number, OFFICER, resume)

    def _next_day(self) -> None:
        """Or a week on, as when nothing ran."""
        self._on(self.day + timedelta(days=self.chance.choice((1, 1, 7))))

    def _case(self) -> "object":
        return self.desk.cases.case(self.number)

    def _commit(self) -> None:
        """What a run does: it looks at the case itself, and enters what leaves."""
        with self.desk.vault.lock(self.number):
            case = self.desk.cases.case(self.number)
            rows = [row for row in ledger_rows(self.desk, case) if row.is_due]
            try:
                require_may_be_delivered(self.desk, case)
            except SamkorningError:
                return
            if not rows:
                return
            units = [
                {"source": row.unit.source, "period": None, "input_sha256": row.input_sha256, "content_digest": None,
                 "rows": 1, "file_sha256": case.received_sha256(row.unit.source)}
                for row in rows
            ]  # fmt: skip
            number, kind = next_delivery_number(case), kind_of(case, rows)
            detail = {"delivery": number, "kind": str(kind), "units": units, "files": [], "persons_in_code_key": 1}
            detail["path"] = f"outbox/{self.number}/{number}"
            self.desk.cases.record(case, K.DELIVERED, self.desk.clock.now(), SERVICE, detail)
        self.account.deliver()

    def _compare(self) -> None:
        """The service's account against the plain one, and the page's against the service's."""
        case = self.desk.cases.case(self.number)
        rows = ledger_rows(self.desk, case)
        assert {row.unit.source for row in rows if row.is_due} == self.account.due(), self.happened
        times = Counter(unit["file_sha256"] for unit in case.delivered_units())
        assert times == self.account.times, self.happened
        assert all(count == 1 for count in times.values()), self.happened
        report_case(self.desk, self.instance, self.number)
        [said] = self.instance.fetch_materializations(
            dg.AssetRecordsFilter(asset_key=dg.AssetKey("case"), asset_partitions=[self.number]), limit=1
        ).records
        now = case_metadata(self.desk, case, case_account(self.desk, case))["ledger"]
        shown = said.asset_materialization
        assert shown is not None and shown.metadata["ledger"] == now, self.happened

    def _bring_to_its_end(self) -> None:
        """Without further faults everything that is due leaves, in a few looks; nothing is asked for in vain then."""
        self._resume()
        for _ in range(4):
            self._monitor()
            self._on(self.day + timedelta(days=1))
            self._look()
            while self.queue:
                self._run()
                self._compare()
        self._look()
        assert not self.queue, (self.happened, "asked for in vain")
        assert not self.account.due(), (self.happened, "left behind")
        taken = {self.account.newest[source] for source in self.account.newest} - set(self.account.settled.values())
        undecided = {self.account.newest[source] for source in self.account.changed()}
        assert all(self.account.times[file] == 1 for file in taken - undecided), self.happened

    def _on(self, day: date) -> None:
        """Another day, for everybody of the office; the process is the same, and its keystore is open."""
        keystore = self.desk.keystore
        self.day = day
        self.desk = self.office.__dict__["desk"] = replace(self.desk, clock=Clock(day))
        self.desk.__dict__["keystore"] = keystore


def storm(folder: Path, seeds: range, steps: int) -> None:
    """A sequence for each seed, each on a case of its own, some in one home.

    :raises AssertionError: with the seed, and what had happened.
    """
    for start in range(0, len(seeds), IN_ONE_HOME):
        office = Office(folder / str(start))
        office.folder.mkdir()
        with dagster_instance(office.desk) as instance:
            for place, seed in enumerate(seeds[start : start + IN_ONE_HOME], start=1):
                try:
                    Sequence(office, instance, f"{place}-2026", seed).run(steps)
                except AssertionError as failed:
                    raise AssertionError(f"seed {seed}: {failed}") from failed
        office.desk.cases.close()
        shutil.rmtree(office.folder)
        print(f"{min(start + IN_ONE_HOME, len(seeds))} of {len(seeds)} sequences", flush=True)


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.pipeline.interleavings")
    asked.add_argument("--sequences", type=int, default=1_000)
    asked.add_argument("--steps", type=int, default=12)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    given = asked.parse_args()
    seeds = range(given.seed, given.seed + given.sequences)
    if given.processes > 1:
        if not side_by_side(seeds, given.steps, given.processes):
            return 1
    else:
        protect_process()
        os.environ.setdefault("SAMKORNING_REPORTS", "[]")
        os.environ.setdefault("SAMKORNING_LETTERS_BY_THEMSELVES", "false")
        with tempfile.TemporaryDirectory() as folder:
            storm(Path(folder), seeds, given.steps)
    print(f"{given.sequences} sequences: each accepted file in exactly one delivery, or in the next one due")
    return 0


def side_by_side(seeds: range, steps: int, processes: int) -> bool:
    """The same in several processes, each with its part of the seeds; whether all went well."""
    parts = _parts(seeds, processes)
    command = [sys.executable, "-m", "tests.pipeline.interleavings", "--processes", "1", "--steps", str(steps)]
    running = [subprocess.Popen([*command, "--seed", str(part.start), "--sequences", str(len(part))]) for part in parts]
    codes = [process.wait() for process in running]
    return not any(codes)


def _parts(seeds: range, count: int) -> list[range]:
    """So many stretches of about the same length."""
    ends = [len(seeds) * place // count for place in range(count + 1)]
    return [seeds[start:end] for start, end in pairwise(ends) if start < end]


if __name__ == "__main__":
    sys.exit(main())
