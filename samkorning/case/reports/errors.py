"""The register of errors (felregister): complaints and personal-data incidents, their causes, who erred, and the trend.

What belongs here: counting them (R27). What must not: opening or closing one (complaints, follow_up), or what somebody
wrote about one.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from samkorning.case.clocks import months_after
from samkorning.case.reports.summary import CaseSummary, Complaint
from samkorning.case.reports.tables import Cell, Plot, Report, ReportTable, between, by, middle

NOT_SAID = "not said"


def errors(cases: Sequence[CaseSummary], on: date, years: int = 5) -> Report:
    """Complaints and incidents up to a day: by year, by cause and who erred, and each that is open."""
    shown = [on.year - back for back in reversed(range(years))]
    complaints = [(case, each) for case in cases for each in case.complaints if each.opened <= on]
    return Report(
        "errors",
        "Errors in deliveries",
        on,
        (
            _by_year(cases, shown, on),
            _by_cause([each for _, each in complaints], on, years),
            _open(complaints, cases, on),
        ),
        (Plot("years", "year", ("complaints per 100 deliveries",), "per 100 deliveries"),),
        (
            "A complaint counts in the year it came; deliveries are all that left in the year, replacements too.",
            "Cause and who erred are recorded when a complaint is closed.",
        ),
    )


def _by_year(cases: Sequence[CaseSummary], years: Sequence[int], on: date) -> ReportTable:
    deliveries = _counted(day for case in cases for day in case.deliveries if day <= on)
    complaints = _counted(each.opened for case in cases for each in case.complaints if each.opened <= on)
    incidents = _counted(each.opened for case in cases for each in case.incidents if each.opened <= on)
    to_close = [
        (each.opened.year, between(each.opened, by(each.closed, on))) for case in cases for each in case.complaints
    ]
    rows: list[tuple[Cell, ...]] = []
    before: float | None = None
    for year in years:
        share = round(100 * complaints[year] / deliveries[year], 1) if deliveries[year] else None
        median = middle(days for opened, days in to_close if opened == year)
        rows.append(
            (str(year), deliveries[year], complaints[year], share, _trend(before, share), median, incidents[year])
        )
        before = share
    columns = (
        "year",
        "deliveries",
        "complaints",
        "complaints per 100 deliveries",
        "trend",
        "median days to close",
        "incidents",
    )
    return ReportTable("years", "Complaints and incidents by year", columns, tuple(rows))


def _trend(before: float | None, now: float | None) -> str:
    if before is None or now is None:
        return ""
    return "fewer" if now < before else "more" if now > before else "as before"


def _by_cause(complaints: Sequence[Complaint], on: date, years: int) -> ReportTable:
    after = months_after(on, -12 * years)
    closed = [each for each in complaints if by(each.closed, on) and each.opened > after]
    counted = Counter((each.erred or NOT_SAID, each.cause or NOT_SAID) for each in closed)
    rows = tuple((erred, cause, count) for (erred, cause), count in sorted(counted.items(), key=lambda it: -it[1]))
    return ReportTable("causes", f"Closed complaints since {after}", ("who erred", "cause", "complaints"), rows)


def _open(complaints: Sequence[tuple[CaseSummary, Complaint]], cases: Sequence[CaseSummary], on: date) -> ReportTable:
    rows = [
        ("complaint", case.number, each.delivery, each.opened, (on - each.opened).days)
        for case, each in complaints
        if by(each.closed, on) is None
    ]
    rows += [
        ("incident", case.number, "", each.opened, (on - each.opened).days)
        for case in cases
        for each in case.incidents
        if each.opened <= on and by(each.closed, on) is None
    ]
    cells = tuple((kind, case, delivery, str(opened), days) for kind, case, delivery, opened, days in sorted(rows))
    return ReportTable("open", "Open today", ("what", "case", "delivery", "since", "days"), cells)


def _counted(days: Iterable[date]) -> Counter[int]:
    return Counter(day.year for day in days)
