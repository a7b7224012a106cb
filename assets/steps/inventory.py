"""The inventory of old cases, read off the register: which are old is known from their lines, only those are opened.

What belongs here: opening them. What must not: the lines themselves (samkorning.case.inventory).
"""

from datetime import date, timedelta

from assets.steps.overview import overview
from resources.desk import Desk
from samkorning.case.inventory import InventoryLine, in_order, inventory_line, is_old
from samkorning.case.next_act import NextAct


def inventory(desk: Desk, older_than: timedelta, sent: date) -> list[InventoryLine]:
    """The lines of all old cases, by stage; ``sent`` is the day since which reports of their officers count."""
    today = desk.clock.today()
    lines = []
    for row in overview(desk):
        if today - row.line.opened > older_than:
            case = desk.cases.case(row.case_number)
            if is_old(case, today, older_than):
                act = NextAct(row.line.what, row.line.whose, row.line.due)
                lines.append(inventory_line(case, act, desk.office, sent, today))
    return in_order(lines)
