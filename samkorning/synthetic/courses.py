"""Courses of invented orders, by which a register of cases has the lead times that were published for 2020 to 2024.

What belongs here: days of orders, each by rank and never by chance, and the figures that they are made to have. What
must not: events (case_register), or any reckoning of lead times: a test holds the reports to the published figures.

Orders come evenly over a year and are given to officers in the order they came, each after the wait of its day. Of the
years with published medians, half of the delivered cases lie at or below each median and half at or above it, one of
each half exactly on it. The years before take what the published counts of deliveries leave, in order.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil, floor

LAST_DAY = date(2025, 6, 2)
"""The day that the published medians are of."""
ORDERS_IN = {2017: 380, 2018: 380, 2019: 380, 2020: 425, 2021: 428, 2022: 348, 2023: 383, 2024: 392, 2025: 400}
"""Published for 2020 to 2024; those before and after are invented. Of 2025 those up to the last day have come."""
FIRST_DELIVERIES = {2017: 300, 2018: 300, 2019: 300, 2020: 353, 2021: 349, 2022: 319, 2023: 329, 2024: 393}
"""Published from 2020 on."""
REVIEWED_FROM = date(2024, 7, 1)
"""First reviews are recorded of orders from then on, and were measured a little later."""

WAITS = {
    date(2017, 1, 1): 30,
    date(2019, 12, 31): 60,
    date(2022, 12, 31): 232,
    date(2023, 3, 15): 270,
    date(2023, 7, 8): 207,
    date(2024, 1, 1): 150,
    date(2024, 7, 1): 105,
    date(2024, 12, 31): 62,
    date(2025, 4, 8): 54,
    date(2025, 12, 31): 54,
}
"""How many days an order of a day waits for an officer; between two of these days evenly more or less."""


@dataclass(frozen=True)
class Medians:
    """Published medians of the orders of a year: how many are delivered, and days with what share over one half."""

    delivered: int
    waiting: float
    service: int
    total: float


MEDIANS = {2023: Medians(346, 211.5, 134, 356), 2024: Medians(230, 105, 95, 241.5)}


@dataclass(frozen=True)
class Course:
    """The days of one order; what has not happened is nothing."""

    running: int
    awaits_others: bool
    opened: date
    reviewed: date | None = None
    assigned: date | None = None
    met: date | None = None
    delivered: date | None = None
    ended: date | None = None

    @property
    def wait(self) -> int:
        """Days to an officer."""
        assert self.assigned is not None  # noqa: S101 - asked of those that have one
        return (self.assigned - self.opened).days


def published_courses() -> list[Course]:
    """All orders, in the order they came, as they stood on the last day."""
    courses = {year: _assigned_courses(year) for year in ORDERS_IN}
    for year, medians in MEDIANS.items():
        courses[year] = list(_delivered_as_published(_waiting_as_published(courses[year], medians), medians))
    before = [course for year in sorted(courses) if year < min(MEDIANS) for course in courses[year]]
    left = {year: count - _delivered_in(year, courses) for year, count in FIRST_DELIVERIES.items()}
    rest = [course for year in sorted(courses) if year >= min(MEDIANS) for course in courses[year]]
    return [*_delivered_in_order(before, left), *rest]


def _assigned_courses(year: int) -> list[Course]:
    """The orders of a year, opened and given to officers; of those that are not assigned by the last day, the rest."""
    start, days = date(year, 1, 1), (date(year + 1, 1, 1) - date(year, 1, 1)).days
    opened = [start + timedelta(int((place + 0.5) * days / ORDERS_IN[year])) for place in range(ORDERS_IN[year])]
    return [_assigned(place, day) for place, day in enumerate(opened, start=1) if day <= LAST_DAY]


def _assigned(running: int, opened: date) -> Course:
    assigned = opened + timedelta(_wait(opened))
    review = timedelta(90 if opened < date(2024, 10, 1) else 7)
    reviewed = opened + review if opened >= REVIEWED_FROM else None
    met = assigned + timedelta(14 if opened < date(2024, 7, 1) else 7)
    course = Course(running, running % 3 != 0, opened, _by_last_day(reviewed))
    return replace(course, assigned=_by_last_day(assigned), met=_by_last_day(met))


def _wait(opened: date) -> int:
    days = list(WAITS)
    place = max(1, bisect_left(days, opened))
    first, last = days[place - 1], days[place]
    share = (opened - first).days / (last - first).days
    return round(WAITS[first] + share * (WAITS[last] - WAITS[first]))


def _by_last_day(day: date | None) -> date | None:
    return day if day is not None and day <= LAST_DAY else None


def _waiting_as_published(courses: Sequence[Course], medians: Medians) -> list[Course]:
    """The median wait is the published one: whose wait lies at the middle is moved to its side of it.

    Where the orders are odd in number, one is ended before it has an officer: it said no more.
    """
    odd = len(courses) % 2
    ended = [replace(each, assigned=None, met=None, ended=each.opened + timedelta(45)) for each in courses[:odd]]
    by_wait = sorted(courses[odd:], key=_by_wait)
    half = len(by_wait) // 2
    low, high = _around(medians.waiting)
    moved = [_with_wait(each, min(each.wait, low)) for each in by_wait[: half - 1]]
    moved += [_with_wait(by_wait[half - 1], low), _with_wait(by_wait[half], high)]
    moved += [_with_wait(each, max(each.wait, high)) for each in by_wait[half + 1 :]]
    return sorted(ended + moved, key=lambda each: each.running)


def _with_wait(course: Course, wait: int) -> Course:
    assert course.assigned is not None and course.met is not None  # noqa: S101 - asked of those that have both
    assigned = course.opened + timedelta(wait)
    return replace(course, assigned=assigned, met=course.met + (assigned - course.assigned))


def _delivered_as_published(courses: Sequence[Course], medians: Medians) -> Iterator[Course]:
    """So many are delivered: half of them at or below both medians, half at or above both, some exactly on them."""
    below, above = _halves(_to_deliver(courses, medians))
    low, high = _around(medians.total)
    service = medians.service
    days = {each.running: min(service, low - each.wait) - place % 40 for place, each in enumerate(below)}
    days |= {each.running: max(service, high - each.wait) + place % 10 * 22 for place, each in enumerate(above)}
    shortest, longest = min(below, key=_by_wait), max(below, key=_by_wait)
    days |= {shortest.running: service, longest.running: low - longest.wait}  # on the medians, from below
    days |= {above[0].running: service, above[1].running: high - above[1].wait}  # and from above
    for course in courses:
        delivered = course.assigned and course.assigned + timedelta(days.get(course.running, 0))
        yield replace(course, delivered=min(delivered, LAST_DAY)) if delivered and course.running in days else course


def _to_deliver(courses: Sequence[Course], medians: Medians) -> list[Course]:
    """Those that are delivered, evenly among those that can be above the median by the last day."""
    latest = LAST_DAY - timedelta(medians.total + 15)
    able = [course for course in courses if course.assigned and course.opened <= latest]
    return [able[place * len(able) // medians.delivered] for place in range(medians.delivered)]


def _halves(delivered: Sequence[Course]) -> tuple[list[Course], list[Course]]:
    """The earlier half, and the later with the longest wait of all at its head: there a short service is possible."""
    longest = max(delivered, key=_by_wait)
    others = [course for course in delivered if course is not longest]
    half = len(delivered) // 2
    return others[:half], [longest, *others[half:]]


def _by_wait(course: Course) -> tuple[int, int]:
    return course.wait, course.running


def _around(median: float) -> tuple[int, int]:
    """The two whole numbers whose mean it is."""
    return floor(median), ceil(median)


def _delivered_in(year: int, courses: Mapping[int, Sequence[Course]]) -> int:
    """How many of the orders with published medians have their first delivery in a year."""
    return sum(bool(each.delivered and each.delivered.year == year) for some in courses.values() for each in some)


def _delivered_in_order(courses: Sequence[Course], left: Mapping[int, int]) -> list[Course]:
    """The orders before, of which so many are delivered in each year; one in thirty-two is ended without a delivery."""
    ended = {place for place in range(len(courses)) if place % 32 == 31}
    days = [day for year, count in left.items() for day in _spread(year, count)]
    waiting = [place for place in range(len(courses)) if place not in ended]
    delivered = dict(zip(waiting, days, strict=False))  # the last ones are still worked on
    return [_done(each, delivered.get(place), place in ended) for place, each in enumerate(courses)]


def _spread(year: int, count: int) -> list[date]:
    """So many days of a year; of the first only from spring on, since nothing was ready before."""
    start = date(year, 1 if year > min(ORDERS_IN) else 4, 1)
    days = (date(year, 12, 31) - start).days
    return [start + timedelta(int((place + 0.5) * days / count)) for place in range(count)]


def _done(course: Course, delivered: date | None, is_ended: bool) -> Course:
    assert course.assigned is not None  # noqa: S101 - all of them have an officer
    return replace(course, delivered=delivered, ended=course.assigned + timedelta(60) if is_ended else None)
