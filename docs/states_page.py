"""docs/case-states.md: the states of a case as a diagram, and who may record what in which of them.

What belongs here: showing the two tables (samkorning.case.states and roles). What must not: the tables.
"""

from samkorning.case.events import EventKind
from samkorning.case.roles import DECISIONS, MAY, Role
from samkorning.case.states import LEADS, TRANSITIONS, State

STATES = (State.OPENED, State.SPECIFIED, State.APPROVED, State.DELIVERED, State.ENDED, State.DISPOSED)
BY_EVENT = (
    (State.SPECIFIED, State.APPROVED, "third endorsement"),
    *((state, State.DISPOSED, "disposed, with the code key") for state in (State.DELIVERED, State.ENDED)),
)
"""Where an event leads elsewhere only by what it holds."""
LETTERS = {role: "".join(word[0].upper() for word in role.split("_")) for role in Role} | {
    Role.COORDINATOR: "Co",
    Role.CODE_REVIEWER: "CR",
}
WORDS = {
    "title": "# States of a case, and who may do what\n",
    "states": "The events that lead from one state to another; every other leaves the case where it is. `ended` is "
    "dismissed, rejected or closed without a delivery, or ended with its answer to another authority handed over "
    "(överlämnat svar), and takes no further acts but what archives it.\n",
    "matrix": "## Who may record what, and in which state\n\nA mark stands where the state has a place for the event. "
    "Roles bind in cases of real persons once `roles` in config.yaml gives them; `absences` says who stands in for "
    "whom. What the service enters by itself needs no role. Conditions beyond state and role are among the "
    "[rules](rules.md): nobody approves their own.\n",
}


def page() -> str:
    """The page."""
    return "\n".join([WORDS["title"], WORDS["states"], _diagram(), "", WORDS["matrix"], _roles(), "", _matrix()]) + "\n"


def _diagram() -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    moves = [(before, after, kind.value) for (before, kind), after in LEADS.items() if before is not after]
    for before, after, label in [*moves, *BY_EVENT]:
        start = "[*]" if before is State.NEW else before
        lines.append(f"    {start} --> {after}: {label.replace('_', ' ')}")
    return "\n".join([*lines, f"    {State.DISPOSED} --> [*]", "```"])


def _roles() -> str:
    return "Roles: " + ", ".join(f"**{LETTERS[role]}** {role.replace('_', ' ')}" for role in Role) + "."


def _matrix() -> str:
    head = ["event", "who", *STATES]
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    for kind in EventKind:
        marks = ["x" if (state, kind) in TRANSITIONS else "" for state in STATES]
        lines.append(f"| {kind} | {_who(kind)} | {' | '.join(marks)} |")
    return "\n".join(lines)


def _who(kind: EventKind) -> str:
    """The roles, or that it is the service's own; of a decision each of the three in its own role."""
    names = [LETTERS[role] for role, kinds in MAY.items() if kind in kinds]
    joined = ", ".join(names) or "the service"
    return f"{joined}: each in its own" if kind in DECISIONS else joined
