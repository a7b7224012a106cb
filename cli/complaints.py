"""``samkorning case complain|extend-key``: complaints on deliveries, and keeping a code key longer.

What belongs here: the two commands. What must not: their rules (samkorning.case.complaints).
"""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cli.case import record_act
from cli.parameters import Acting, CaseNumber, Preview, Reason, delivery_number, free_text, named, one_of
from cli.session import session
from samkorning.case import Case
from samkorning.case.act import Act
from samkorning.case.complaint_file import MOST_BYTES, read_complaint
from samkorning.case.complaints import Erred, close_complaint, complain, extend_code_key
from samkorning.case_number import require_delivery_number
from samkorning.identity.redaction import no_file, redact_file_name


def add_to(app: typer.Typer) -> None:
    """Puts the commands among those of ``case``."""
    app.command(name="complain")(record_complaint)
    app.command(name="extend-key")(extend_key)


About = Annotated[
    str | None, typer.Argument(help="The delivery, such as L001; not with --file.", callback=delivery_number)
]
Why = Annotated[
    str | None,
    typer.Option("--reason", help="Why, for the case register; not with --file.", callback=free_text("the reason")),
]
ComplaintFile = Annotated[
    Path | None, typer.Option("--file", help="The complaint as the recipient's check of a delivery wrote it.")
]
Close = Annotated[bool, typer.Option("--close", help="The complaint is followed up; --reason says what came of it.")]
Cause = Annotated[
    str | None, typer.Option("--cause", help="With --close: what the error came from.", callback=free_text("the cause"))
]
WhoErred = Annotated[
    str | None,
    typer.Option("--erred", help="With --close: us, orderer, holder or nobody made the error.", callback=one_of(Erred)),
]


def record_complaint(
    case: CaseNumber,
    delivery: About = None,
    reason: Why = None,
    file: ComplaintFile = None,
    close: Close = False,
    cause: Cause = None,
    erred: WhoErred = None,
    acting: Acting = None,
) -> None:
    """The recipient complains about a delivery (R15), or with --close the complaint is settled (R27)."""
    if not close and (cause or erred):
        raise typer.BadParameter("--cause and --erred go with --close")
    if file is not None:
        if close or delivery is not None or reason is not None:
            raise typer.BadParameter("with --file leave delivery, --reason and --close out: the file says them")
        _take_in(case, file, acting)
        return
    if delivery is None or reason is None:
        raise typer.BadParameter("give the delivery and --reason, or --file")
    about, why, today = delivery, reason, session.desk.clock.today()

    def act(found: Case, person: str) -> Act:
        return (
            close_complaint(found, about, why, cause, Erred(erred) if erred else None)
            if close
            else complain(found, about, why, today)
        )

    record_act(case, acting, act)


def _take_in(case: str, file: Path, acting: str | None) -> None:
    """A complaint as its file says it."""
    said, today = read_complaint(_content(file), redact_file_name(file.name), case), session.desk.clock.today()
    number = require_delivery_number(said.delivery)
    record_act(case, acting, lambda found, person: complain(found, number, said.reason, today, said.sentences))


def _content(file: Path) -> bytes:
    if not file.is_file():
        raise no_file(file)
    with file.open("rb") as stream:
        return stream.read(MOST_BYTES + 1)


def extend_key(
    case: CaseNumber,
    until: Annotated[str, typer.Option("--until", help="Date to keep to, YYYY-MM-DD.")],
    contact: Annotated[
        str,
        typer.Option("--contact", help="The orderer's contact, as the order names it.", callback=named("the contact")),
    ],
    representative: Annotated[
        str,
        typer.Option(
            "--representative",
            help="The research principal's authorised representative, as in the order.",
            callback=named("the representative"),
        ),
    ],
    reason: Reason,
    preview: Preview = False,
    acting: Acting = None,
) -> None:
    """A kept code key is kept longer; names contact and authorised representative (R17)."""
    last_day, today = date.fromisoformat(session.day(until)), session.desk.clock.today()

    def act(found: Case, person: str) -> Act:
        return extend_code_key(found, last_day, today, contact, representative, reason)

    record_act(case, acting, act, preview)
