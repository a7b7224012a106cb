"""Loading the libraries of charts and print while rows are still rendered: together they take a second.

What belongs here: the thread. What must not: making anything of a report.
"""

from collections.abc import Collection
from threading import Thread

from samkorning.delivery.report.charts import bars
from samkorning.delivery.report.forms import PDF
from samkorning.delivery.report.printing import can_print


def get_ready(forms: Collection[str]) -> None:
    """Begins to load what reports in these forms need, and does not wait; who needs it sooner waits for it there.

    :param forms: ``html``, ``pdf``; none where no report is asked for.
    """
    if forms:
        Thread(target=_load, args=(PDF in forms,), name="report-libraries", daemon=True).start()


def _load(prints: bool) -> None:
    """The first chart starts the program that draws them."""
    bars("none", [], [], ["none"], "")
    if prints:
        can_print()
