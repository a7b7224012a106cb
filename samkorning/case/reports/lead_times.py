"""Lead times (handläggningstider): orders in and delivered, medians, the queue for an officer, and the goals of R26.

What belongs here: these tables, all reckoned as of one day. What must not: whose days they are (samkorning.case.days).

They are reckoned as the service has published them: only the first delivery of an order counts, and the waiting time
to an officer includes cases that have not been delivered. What was published could not tell cases that await other
holders' data from the rest; here each table has both.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from samkorning.case.reports.summary import CaseSummary
from samkorning.case.reports.tables import (
    Cell,
    Plot,
    Report,
    ReportTable,
    between,
    by,
    middle,
    month_ends,
    percent,
)

ALL, WITH, WITHOUT = "all", "with others", "without others"
DAYS_TO_DELIVER = 92
"""Three months, in which a case without other holders' data is to be delivered (R26)."""
DAYS_AFTER_LAST_FILE = 14
MEASURED_OVER = timedelta(days=31)
"""Waiting times of a day are those of the cases whose wait ended in the month up to it."""


def lead_times(cases: Sequence[CaseSummary], on: date, days: Sequence[date] = (), years: int = 5) -> Report:
    """The tables of lead times as of a day.

    :param days: the days that waiting times are told of; without any, a year ago and the day itself.
    :param years: so many years back, the present one among them.
    """
    days = days or (date(on.year - 1, on.month, 28) if on.day > 28 else on.replace(year=on.year - 1), on)
    shown = [on.year - back for back in range(years)]
    tables = (
        orders(cases, shown, on),
        medians(cases, shown, on),
        waiting(cases, days),
        queue_by_month(cases, on),
        stages(cases, shown, on),
        whose_days(cases, shown, on),
        goals(cases, shown, on),
    )
    return Report(
        "lead-times",
        "Lead times of orders",
        on,
        tables,
        (Plot("queue", "month", ("without an officer",), "cases"),),
        (
            "With others: orders that await files of other register holders. Days are calendar days. Only the first "
            "delivery of an order counts; repeats and replacements do not.",
        ),
    )


def groups(cases: Sequence[CaseSummary]) -> list[tuple[str, list[CaseSummary]]]:
    """All cases, those that await other holders' data, and those that do not."""
    return [
        (ALL, list(cases)),
        (WITH, [case for case in cases if case.awaits_others]),
        (WITHOUT, [case for case in cases if not case.awaits_others]),
    ]


def orders(cases: Sequence[CaseSummary], years: Sequence[int], on: date) -> ReportTable:
    """Table 1: orders that came in, and orders that had their first delivery, by year."""
    rows: list[tuple[Cell, ...]] = []
    for name, some in groups(cases):
        came = [case.opened for case in some]
        delivered = [day for case in some if (day := by(case.delivered, on)) is not None]
        rows.append((name, "orders in", *(_in_year(came, year, on) for year in years)))
        rows.append((name, "first deliveries", *(_in_year(delivered, year, on) for year in years)))
    columns = ("cases", "count", *map(str, years))
    return ReportTable("orders", "1. Orders in, and orders with a first delivery, by year", columns, tuple(rows))


def medians(cases: Sequence[CaseSummary], years: Sequence[int], on: date) -> ReportTable:
    """Table 2: median days by the year in which an order came in."""
    rows = [
        (str(year), name, *_medians([case for case in some if case.opened.year == year and case.opened <= on], on))
        for name, some in groups(cases)
        for year in years
    ]
    note = "Waiting to assignment includes cases that are not delivered; the other medians are of delivered cases."
    columns = ("came in", "cases", "delivered", "waiting to assignment", "assignment to delivery", "total")
    return ReportTable("medians", f"2. Median days by the year an order came in, on {on}", columns, tuple(rows), note)


def _medians(some: Sequence[CaseSummary], on: date) -> tuple[Cell, Cell, Cell, Cell]:
    delivered = [case for case in some if by(case.delivered, on)]
    return (
        len(delivered),
        middle(between(case.opened, by(case.assigned, on)) for case in some),
        middle(between(case.assigned, case.delivered) for case in delivered),
        middle(between(case.opened, case.delivered) for case in delivered),
    )


def waiting(cases: Sequence[CaseSummary], days: Sequence[date]) -> ReportTable:
    """Table 3: waiting times to the first review and the first meeting, and cases without an officer, on some days."""
    reviews = [(case.opened, case.reviewed) for case in cases]
    meetings = [(case.opened, case.met) for case in cases]
    rows: list[tuple[Cell, ...]] = [
        ("to the first review", *(in_round_time(_wait(reviews, day)) for day in days)),
        ("to the first review, days", *(_wait(reviews, day) for day in days)),
        ("to the first meeting", *(in_round_time(_wait(meetings, day)) for day in days)),
        ("to the first meeting, days", *(_wait(meetings, day) for day in days)),
    ]
    rows += [
        (f"without an officer, {name}", *(len([case for case in some if case.waits_on(day)]) for day in days))
        for name, some in groups(cases)
    ]
    note = "Waiting times are medians of the cases whose wait ended in the 31 days up to the day."
    columns = ("waiting", *(f"{day}" for day in days))
    return ReportTable("waiting", "3. Waiting times, and cases without an officer", columns, tuple(rows), note)


def _wait(waits: Iterable[tuple[date, date | None]], day: date) -> int | float | None:
    """The median of the waits that ended in the month up to a day."""
    return middle(between(first, last) for first, last in waits if last and day - MEASURED_OVER < last <= day)


def in_round_time(days: int | float | None) -> str:
    """Days as one says them: weeks below two months, else months."""
    if days is None:
        return "no data"
    of, unit = (7, "week") if days < 45 else (365.25 / 12, "month")
    count = max(1, round(days / of))
    return f"{count} {unit}{'s' if count > 1 else ''}"


def queue_by_month(cases: Sequence[CaseSummary], on: date) -> ReportTable:
    """Figure 1: cases that waited for an officer at the end of every month."""
    first = min((case.opened for case in cases), default=on)
    ends = month_ends(first, on)
    came = [case.opened for case in cases]
    left = [case.left_queue for case in cases]
    with_others = [case for case in cases if case.awaits_others]
    rows = [
        (
            f"{end:%Y-%m}",
            sum(opened <= end < gone for opened, gone in zip(came, left, strict=True)),
            sum(case.waits_on(end) for case in with_others),
        )
        for end in ends
    ]
    columns = ("month", "without an officer", f"of these {WITH}")
    title = "Figure 1. Cases that waited for an officer at the end of the month"
    return ReportTable("queue", title, columns, tuple(rows))


STAGES = (
    ("waiting for an officer", "opened", "assigned"),
    ("confidentiality review, to the approved specification", "assigned", "specified"),
    ("decision", "specified", "decided"),
    ("extraction, code review and files, to the delivery", "decided", "delivered"),
)


def stages(cases: Sequence[CaseSummary], years: Sequence[int], on: date) -> ReportTable:
    """Median days of each stage, of the cases that had their first delivery in a year."""
    rows: list[tuple[Cell, ...]] = []
    for name, some in groups(cases):
        delivered = [case for case in some if by(case.delivered, on)]
        for stage, first, last in STAGES:
            of_year = ([case for case in delivered if case.delivered and case.delivered.year == year] for year in years)
            rows.append((name, stage, *(_stage(each, first, last) for each in of_year)))
    columns = ("cases", "stage", *map(str, years))
    return ReportTable("stages", "Median days by stage, by the year of the first delivery", columns, tuple(rows))


def _stage(some: Sequence[CaseSummary], first: str, last: str) -> int | float | None:
    return middle(between(getattr(case, first), getattr(case, last)) for case in some)


WHOSE = {
    "orderer": "the orderer",
    "ethics": "the ethics authority",
    "holder": "those who send files",
    "us: coordinator": "us, waiting for an officer",
    "us: case_officer": "us, case officer",
    "us: manager": "us, manager",
    "us: lawyer": "us, lawyer",
    "us: extractor": "us, extraction",
    "us: code_reviewer": "us, code review",
    "us: key_custodian": "us, key custodian",
}


def whose_days(cases: Sequence[CaseSummary], years: Sequence[int], on: date) -> ReportTable:
    """Whose the days before the first delivery were: mean days a case, which add up to the mean of the whole."""
    rows: list[tuple[Cell, ...]] = []
    for name, some in groups(cases):
        delivered = [case for case in some if by(case.delivered, on)]
        of_year = [[case for case in delivered if case.delivered and case.delivered.year == year] for year in years]
        rows += [(name, said, *(_mean_days(each, key) for each in of_year)) for key, said in WHOSE.items()]
        rows.append((name, "all days", *(_mean_days(each, "") for each in of_year)))
    columns = ("cases", "whose days", *map(str, years))
    note = "Each day is whose turn it was when the day ended; means, so that they add up."
    return ReportTable("whose_days", "Mean days a case by whose they were", columns, tuple(rows), note)


def _mean_days(some: Sequence[CaseSummary], whose: str) -> float | None:
    """:param whose: one's, or with a name behind it; all days for ''."""
    total = sum(days for case in some for key, days in case.days.items() if key.startswith(whose))
    return round(total / len(some), 1) if some else None


def goals(cases: Sequence[CaseSummary], years: Sequence[int], on: date) -> ReportTable:
    """R26: how many first deliveries met the goal: three months, or two weeks after the last file of others."""
    rows: list[tuple[Cell, ...]] = []
    for year in years:
        delivered = [case for case in cases if (day := by(case.delivered, on)) is not None and day.year == year]
        without = [case for case in delivered if not case.awaits_others]
        having = [case for case in delivered if case.awaits_others and case.last_file]
        rows.append(
            (
                str(year),
                len(without),
                percent(_within(without, "opened", DAYS_TO_DELIVER), len(without)),
                len(having),
                percent(_within(having, "last_file", DAYS_AFTER_LAST_FILE), len(having)),
                percent(len([case for case in delivered if case.awaits_others]), len(delivered)),
            )
        )
    columns = (
        "delivered in",
        WITHOUT,
        "in three months, %",
        "with files of others",
        "in two weeks after the last, %",
        "share that awaits others, %",
    )
    return ReportTable("goals", "Goals (R26)", columns, tuple(rows))


def _within(some: Sequence[CaseSummary], first: str, most: int) -> int:
    taken = (between(getattr(case, first), case.delivered) for case in some)
    return sum(days is not None and days <= most for days in taken)


def _in_year(days: Iterable[date], year: int, on: date) -> int:
    return sum(day.year == year and day <= on for day in days)
