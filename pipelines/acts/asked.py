"""What a person fills in to launch an act: the kinds of fields, and the look at what was typed.

What belongs here: fields that several acts have. What must not: an act's own form (its module).

Dagster keeps what is typed with the run, for whoever may open the page. So no field ever holds an identity number or a
serial number: the storage refuses these, and acts that need one read it from a file.
"""

from typing import Annotated, Any, TypeVar

import dagster as dg
from pydantic import Field
from pydantic.fields import FieldInfo

from samkorning import typed
from samkorning.case_number import require_case_number, require_delivery_number
from samkorning.identity.free_text import require_no_number


class Typed:
    """How the text of a field is looked at, once the run has begun; it stands beside the field's type."""

    def __init__(self, check: typed.Check) -> None:
        self.check = check


class Asked(dg.Config):
    """What every act asks."""

    preview: bool = Field(default=False, description="Say what would happen, and record nothing.")
    acting: Annotated[str | None, Typed(typed.a_name("who acts"))] = Field(
        default=None,
        description="Who acts; in synthetic cases alone. In all others it is the account that signed in.",
    )


A = TypeVar("A", bound=Asked)

Reason = Annotated[str, Typed(typed.a_sentence("the reason")), Field(description="Why, for the case register.")]
Note = Annotated[str, Typed(typed.a_sentence("the note")), Field(description="A note, for the case register.")]
Role = Annotated[str, Typed(typed.a_name("the role")), Field(description="case_officer, manager or lawyer.")]
Holder = Annotated[
    str, Typed(typed.a_name("the holder")), Field(description="The register holder, as the specification names it.")
]
SourceName = Annotated[
    str, Typed(typed.a_source), Field(description="The source, as the specification names it, such as lisa.")
]
RegisterName = Annotated[
    str, Typed(typed.a_register), Field(description="The register, as the catalogue names it, such as PAR_SV.")
]
DeliveryNumber = Annotated[str, Typed(require_delivery_number), Field(description="The delivery, such as L001.")]
CaseNumber = Annotated[str, Typed(require_case_number)]
Day = Annotated[str, Typed(typed.a_day)]
Deadline = Annotated[
    str | None, Typed(typed.a_day), Field(default=None, description="The last day for it, YYYY-MM-DD; else two weeks.")
]
Happened = Annotated[
    str | None, Typed(typed.a_day), Field(default=None, description="The day on which it was, YYYY-MM-DD; else today.")
]
Recipient = Annotated[
    str, Typed(typed.a_sentence("the key")), Field(description="The recipient's public age key: age1….")
]
Sentence = Annotated[str, Typed(typed.a_sentence("the text"))]
Name = Annotated[str, Typed(typed.a_name("the name"))]


def looked_at(asked: A) -> A:
    """The form with every text as it is kept.

    :raises RuleRefused: where one reads as an identity number or cannot be kept; it is not said back.
    """
    fields = type(asked).model_fields
    kept = {name: _kept(field, getattr(asked, name)) for name, field in fields.items()}
    return asked.model_copy(update=kept)


def _kept(field: FieldInfo, value: Any) -> Any:
    checks = [each.check for each in field.metadata if isinstance(each, Typed)]
    if isinstance(value, list):
        return [_kept(field, each) for each in value]
    if not isinstance(value, str):
        return value
    for check in checks:
        value = check(value)
    if not checks:
        require_no_number("what was typed", value)
    return value
