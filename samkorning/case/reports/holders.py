"""How long each register holder takes: from being asked to its decision, and to its file.

What belongs here: days of holders over all cases. What must not: whether a holder's release covers a file
(holder_releases).
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from samkorning.case.clocks import months_after
from samkorning.case.reports.summary import CaseSummary, HolderCourse
from samkorning.case.reports.tables import Cell, Plot, Report, ReportTable, at_share, between, by, middle

COLUMNS = (
    "holder",
    "cases",
    "decided",
    "refused",
    "median days to decision",
    "nine of ten within",
    "files",
    "median days to file",
    "decision to file",
    "mean days that were theirs",
    "waited for",
    "longest, days",
)


def holders(cases: Sequence[CaseSummary], on: date, months: int = 24) -> Report:
    """How long each holder took in the cases of the last months, and what is waited for now."""
    after = months_after(on, -months)
    courses = [
        (case, course)
        for case in cases
        for course in case.holders
        if after < (course.asked or case.opened) <= on or _is_waited_for(case, course, on)
    ]
    names = sorted({course.holder for _, course in courses})
    rows = tuple(_row(name, [(case, each) for case, each in courses if each.holder == name], on) for name in names)
    reasons = Counter((each.holder, each.refused) for _, each in courses if each.refused and by(each.answered, on))
    refusals = tuple((holder, reason, count) for (holder, reason), count in sorted(reasons.items()))
    return Report(
        "holders",
        "How long each register holder takes",
        on,
        (
            ReportTable("holders", f"Cases in which a holder was asked since {after}", COLUMNS, rows),
            ReportTable("refusals", "Refusals by reason", ("holder", "reason", "cases"), refusals),
        ),
        (Plot("holders", "holder", ("median days to file",), "median days to file", bars=True),),
        (
            "Counted from the day the holder was asked; from the order where that is not recorded. Days that were "
            "theirs are those on which a case could not go on without them.",
        ),
    )


def _row(name: str, courses: Sequence[tuple[CaseSummary, HolderCourse]], on: date) -> tuple[Cell, ...]:
    decisions = [days for case, each in courses if (days := _days(case, each, by(each.answered, on))) is not None]
    files = [days for case, each in courses if (days := _days(case, each, by(each.file, on))) is not None]
    waited = [_days(case, each, on) or 0 for case, each in courses if _is_waited_for(case, each, on)]
    return (
        name,
        len(courses),
        len(decisions),
        sum(bool(each.refused) and by(each.answered, on) is not None for _, each in courses),
        middle(decisions),
        at_share(decisions, 0.9),
        len(files),
        middle(files),
        middle(between(each.answered, by(each.file, on)) for _, each in courses if not each.refused),
        round(sum(case.days.get(f"holder: {name}", 0) for case, _ in courses) / len(courses), 1),
        len(waited),
        max(waited, default=None),
    )


def _days(case: CaseSummary, course: HolderCourse, until: date | None) -> int | None:
    return between(course.asked or case.opened, until)


def _is_waited_for(case: CaseSummary, course: HolderCourse, on: date) -> bool:
    """Whether the case waits for the holder's file on a day: asked, not refused, nothing come, the case not over."""
    over = by(case.ended, on) or case.state == "disposed"
    asked = (course.asked or case.opened) <= on
    return asked and not over and not course.refused and by(course.file, on) is None
