"""What orderers answer after delivery: was it more effective than before, was it clearer, and how many answer.

What belongs here: counting answers. What must not: sending the questionnaire (letters), or anybody's words.
"""

from collections.abc import Sequence
from datetime import date

from samkorning.case.clocks import months_after
from samkorning.case.reports.summary import CaseSummary, Questionnaire
from samkorning.case.reports.tables import Cell, Report, ReportTable, middle, percent

QUESTIONS = (("effective", "was it more effective"), ("clear", "was it clearer"))


def satisfaction(cases: Sequence[CaseSummary], on: date, months: int = 12) -> Report:
    """Answers of the last months beside the orders that had their first delivery in them."""
    after = months_after(on, -months)
    answers = [each for case in cases for each in case.questionnaires if after < each.answered <= on]
    answering = sum(any(after < each.answered <= on for each in case.questionnaires) for case in cases)
    delivered = sum(case.delivered is not None and after < case.delivered <= on for case in cases)
    share = ReportTable(
        "answers",
        f"Answers from {after} to {on}",
        ("orders delivered", "orderers who answered", "response share, %"),
        ((delivered, answering, percent(answering, delivered)),),
    )
    columns = ("question", "answers", "better, %", "no difference, %", "worse, %", "median (1-5)")
    rows = tuple((said, *_shares(answers, name)) for name, said in QUESTIONS)
    return Report(
        "satisfaction",
        "What orderers say",
        on,
        (share, ReportTable("questions", "Compared with earlier orders", columns, rows)),
        (),
        ("1 and 2 count as worse, 3 as no difference, 4 and 5 as better.",),
    )


def _shares(answers: Sequence[Questionnaire], question: str) -> tuple[Cell, ...]:
    given = [int(getattr(each, question)) for each in answers]
    better, worse = sum(each >= 4 for each in given), sum(each <= 2 for each in given)
    same = len(given) - better - worse
    return (len(given), *(percent(count, len(given)) for count in (better, same, worse)), middle(given))
