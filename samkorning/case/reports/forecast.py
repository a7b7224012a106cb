"""Forecast of the queue for an officer, under staffing and inflow: a simulation from measured service times.

What belongs here: the simulation and its assumptions. What must not: chance that is not given: the same seed gives the
same forecast. Officers each carry so many cases at once; a case holds its place for a service time drawn from those of
the last year; the next in the queue is taken when a place becomes free; orders come by chance at the given rate.
"""

import heapq
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from statistics import mean

from samkorning.case.clocks import months_after
from samkorning.case.reports.summary import CaseSummary
from samkorning.case.reports.tables import Cell, Plot, Report, ReportTable, at_share, between, middle
from samkorning.errors import NotFound

FEWEST = 10
"""Service times without which nothing is forecast."""
MEASURED = timedelta(days=365)


@dataclass(frozen=True)
class Service:
    """What the forecast is made from, as of a day: the queue, cases in work, service times, staffing, inflow."""

    queue: int
    in_work: tuple[int, ...]
    times: tuple[int, ...]
    officers: int
    inflow_a_week: float

    @property
    def cases_an_officer(self) -> float:
        """How many cases each officer carries at once."""
        return len(self.in_work) / self.officers if self.officers else 0.0


def measured(cases: Sequence[CaseSummary], on: date) -> Service:
    """What the events of the last year say. ``in_work`` has the days since assignment."""
    with_officers = [case for case in cases if case.is_with_officer(on)]
    came = sum(on - MEASURED < case.opened <= on for case in cases)
    return Service(
        queue=sum(case.waits_on(on) for case in cases),
        in_work=tuple((on - case.assigned).days for case in with_officers if case.assigned),
        times=tuple(_service_times(cases, on)),
        officers=len({case.officer for case in with_officers}),
        inflow_a_week=round(came * 7 / MEASURED.days, 2),
    )


REMARKS = (
    "A case holds its place from assignment to first delivery, or to its end, for a time drawn from those that "
    "ended in the last year; so the days of orderers and other holders are in it as they were then.",
    "Orders come evenly by chance, the queue is taken in the order it came, holidays and absence are not "
    "reckoned apart. The wait is that of the cases assigned in the month before.",
)


def forecast(
    cases: Sequence[CaseSummary],
    on: date,
    months: int = 12,
    officers: int | None = None,
    inflow_a_week: float | None = None,
    seed: int = 1,
    runs: int = 200,
) -> Report:
    """The queue at the end of the coming months; staffing and inflow as measured where they are not given.

    :raises NotFound: when too little was measured.
    """
    found = measured(cases, on)
    if len(found.times) < FEWEST or not found.officers:
        raise NotFound(
            f"a forecast needs {FEWEST} cases that an officer has finished in the year before, and officers with "
            f"cases today; there are {len(found.times)} and {found.officers}: record them with `case assign`"
        )
    people = found.officers if officers is None else officers
    rate = found.inflow_a_week if inflow_a_week is None else inflow_a_week
    places = max(0, round(people * found.cases_an_officer))
    random = Random(seed)  # noqa: S311 - a forecast, not a secret
    ends = [months_after(on, month) for month in range(1, months + 1)]
    simulated = [_simulated(found, places, rate, [(end - on).days for end in ends], random) for _ in range(runs)]
    columns = ("on", "waiting for an officer", "one in ten below", "nine in ten below", "median wait so far, days")
    rows = ((str(on), found.queue, found.queue, found.queue, None), *_course(ends, simulated))
    return Report(
        "forecast",
        "Forecast of the queue",
        on,
        (ReportTable("queue", "Cases that wait for an officer", columns, rows), _basis(found, people, rate)),
        (Plot("queue", "on", columns[1:4], "cases"),),
        (
            f"{runs} simulated courses with seed {seed}. Each officer carries as many cases at once as today on "
            f"average ({found.cases_an_officer:.1f}), {places} in all.",
            *REMARKS,
        ),
    )


def _course(
    ends: Sequence[date], simulated: Sequence[Sequence[tuple[int, float | int | None]]]
) -> list[tuple[Cell, ...]]:
    """The queue at the end of each month over all simulated courses: median, and what one and nine in ten are below."""
    rows: list[tuple[Cell, ...]] = []
    for place, end in enumerate(ends):
        queues = [run[place][0] for run in simulated]
        waits = [wait for run in simulated if (wait := run[place][1]) is not None]
        rows.append((str(end), middle(queues), at_share(queues, 0.1), at_share(queues, 0.9), middle(waits)))
    return rows


def _basis(found: Service, people: int, rate: float) -> ReportTable:
    rows = (
        ("officers", found.officers, people),
        ("orders a week", found.inflow_a_week, rate),
        ("cases in work", len(found.in_work), len(found.in_work)),
        ("service times, cases", len(found.times), len(found.times)),
        ("service times, median days", middle(found.times), middle(found.times)),
        ("service times, mean days", round(mean(found.times)), round(mean(found.times))),
    )
    return ReportTable("basis", "What it is made from", ("what", "measured", "used"), rows)


def _service_times(cases: Sequence[CaseSummary], on: date) -> list[int]:
    """Days from assignment to first delivery or end, of cases for which that was in the last year."""
    done = [(case.assigned, case.delivered or case.ended) for case in cases]
    return [
        days
        for assigned, last in done
        if last is not None and on - MEASURED < last <= on and (days := between(assigned, last)) is not None
    ]


def _simulated(
    found: Service, places: int, rate: float, ends: Sequence[int], random: Random
) -> list[tuple[int, float | int | None]]:
    """One course, day by day: at each of the ends how many wait, and the median wait of those taken since the last.

    The waits of cases that are in the queue today count from today.
    """
    free_on = [_remaining(found.times, elapsed, random) for elapsed in found.in_work]
    heapq.heapify(free_on)
    queue, waits, months = deque([0] * found.queue), list[int](), []
    for day in range(1, ends[-1] + 1):
        queue.extend([day] * _arrivals(rate / 7, random))
        while free_on and free_on[0] <= day:
            heapq.heappop(free_on)
        while queue and len(free_on) < places:
            waits.append(day - queue.popleft())
            heapq.heappush(free_on, day + random.choice(found.times))
        if day in ends:
            months.append((len(queue), middle(waits)))
            waits = []
    return months


def _remaining(times: Sequence[int], elapsed: int, random: Random) -> int:
    """How many days a case still takes that has taken so many: as one of the measured cases that took longer."""
    longer = [time - elapsed for time in times if time > elapsed]
    return random.choice(longer or times)


def _arrivals(a_day: float, random: Random) -> int:
    """How many orders come on a day (Poisson, by the times between them)."""
    count, passed = 0, random.expovariate(a_day) if a_day else 1.0
    while passed < 1:
        count += 1
        passed += random.expovariate(a_day)
    return count
