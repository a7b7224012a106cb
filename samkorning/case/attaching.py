"""Documents that come with an order (bilagor): taking one to the case, and how those that the order lists stand (R03).

What belongs here: which document a file is, and that another file in its place is seen. What must not: the bytes, which
the vault keeps (assets.steps.attaching).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from samkorning.case.act import Act
from samkorning.case.events import Case, Event, EventKind
from samkorning.errors import RuleRefused
from samkorning.order.attachments import Attachment, AttachmentKind


class Standing(StrEnum):
    """How a document stands."""

    AWAITED = "awaited"
    """The order lists it, and no file of it has come."""
    ATTACHED = "attached"
    CHANGED = "changed"
    """The order lists another file under its name since: that one is awaited."""
    UNLISTED = "unlisted"
    """It was attached, and the order does not list it."""


@dataclass(frozen=True)
class Document:
    """One document of a case; ``event`` is that of its file."""

    kind: AttachmentKind
    title: str
    standing: Standing
    event: Event | None = None


def attach(
    case: Case, file: str, sha256: str, size: int, kind: AttachmentKind | None, dated: date | None
) -> Act | None:
    """Takes a document to the case (R03); nothing where it is there already.

    :param file: its name; by it the order's list says what it is.
    :param kind: what it is, where the order does not list it; so is ``dated``.
    :raises RuleRefused: when it is another file than the order lists, than was attached, or is not known to be what.
    """
    listed = _listed(case, file)
    before = _attached(case, file)
    if before is not None and before.detail["sha256"] == sha256:
        return None
    if listed is not None and listed.sha256 not in (None, sha256):
        remedy = "attach the file that is listed, or amend the order"
        raise RuleRefused("R03", "it is not the file that the order lists under that name: its hash is another", remedy)
    if before is not None and (listed is None or listed.sha256 is None):
        problem = f"another file of that name was attached on {before.at.date().isoformat()}"
        raise RuleRefused("R03", problem, "give each version its own name, or list its hash in the order")
    if listed is None and (kind is None or dated is None):
        raise RuleRefused(
            "R03", "the order does not list a document of that name", "say what it is: --kind and --dated"
        )
    said = listed.kind if listed else kind
    day = listed.dated if listed else dated
    assert said is not None and day is not None  # noqa: S101 - refused above
    detail = {"kind": said.value, "file": file, "sha256": sha256, "bytes": size, "dated": day.isoformat()}
    return Act(EventKind.ATTACHED, {**detail, "listed": listed is not None})


def documents(case: Case) -> list[Document]:
    """The documents of a case: those that the order lists in its order, then what came beside them."""
    found, known = list[Document](), set[int]()
    for listed in case.order.attachments:
        event = _attached(case, listed.file) if listed.file else None
        is_it = event is not None and listed.sha256 in (None, event.detail["sha256"])
        standing = Standing.ATTACHED if is_it else Standing.CHANGED if event else Standing.AWAITED
        found.append(Document(listed.kind, listed.title, standing, event))
        known |= {event.number} if event and is_it else set()
    for event in case.of(EventKind.ATTACHED):
        if event.number not in known:
            found.append(Document(AttachmentKind(event.detail["kind"]), event.detail["file"], Standing.UNLISTED, event))
    return found


def _listed(case: Case, file: str) -> Attachment | None:
    name = file.casefold()
    return next((each for each in case.order.attachments if (each.file or "").casefold() == name), None)


def _attached(case: Case, file: str) -> Event | None:
    """The newest file that was attached under a name."""
    events = reversed(case.of(EventKind.ATTACHED))
    return next((event for event in events if event.detail["file"].casefold() == file.casefold()), None)
