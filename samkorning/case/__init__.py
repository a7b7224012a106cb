"""The case (ärende): its events, the state they lead to, its ledger, clocks and the rules that hold an act back.

What belongs here: what has happened to a case and what follows from it. What must not: the order's content
(samkorning.order), or any row of data. The only thing stored is the event; all else is computed from it.
"""

from samkorning.case.events import Case, Event, EventKind
from samkorning.case.register import CaseRegister
from samkorning.case.states import State, state_of
from samkorning.case.witnesses import Witnesses

__all__ = ["Case", "CaseRegister", "Event", "EventKind", "State", "Witnesses", "state_of"]
