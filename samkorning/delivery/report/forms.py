"""The forms of the report, and the files that it is made in.

What belongs here: names. What must not: making anything.
"""

from samkorning.delivery.description import DeliveryDescription
from samkorning.delivery.report.printing import can_print

HTML, PDF = "html", "pdf"
SWEDISH_REPORT, ENGLISH_REPORT = "rapport.sv", "report.en"


def report_names(description: DeliveryDescription) -> list[str]:
    """The files of a delivery's report, in the forms that are asked for and can be made."""
    left_out = forms_left_out(description)
    forms = [form for form in (HTML, PDF) if form in description.reports and form not in left_out]
    return [f"{stem}.{form}" for stem in (SWEDISH_REPORT, ENGLISH_REPORT) for form in forms]


def forms_left_out(description: DeliveryDescription) -> tuple[str, ...]:
    """The forms that are asked for and cannot be made here: a PDF where the system has no Pango."""
    return (PDF,) if PDF in description.reports and not can_print() else ()
