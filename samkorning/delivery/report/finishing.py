"""From pages to the files of a report: as they are, and printed.

What belongs here: what takes time and needs nothing of a delivery but the page. What must not: what stands on it. It is
done here or in a process beside (beside), which loads no more of the service than this module.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from samkorning.delivery.report.printing import printed


@dataclass(frozen=True)
class Draft:
    """A page and the files that it becomes: their names, nothing where they are not made.

    ``identifier`` is what tells its print from others.
    """

    page: str
    html: str | None = None
    pdf: str | None = None
    identifier: str = ""


def finished(drafts: Sequence[Draft]) -> dict[str, bytes]:
    """The files of some pages, by name."""
    found: dict[str, bytes] = {}
    for draft in drafts:
        if draft.html is not None:
            found[draft.html] = draft.page.encode()
        if draft.pdf is not None:
            found[draft.pdf] = printed(draft.page, draft.identifier)
    return found
