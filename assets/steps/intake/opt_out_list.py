"""Taking in the list of persons who have opted out of secondary use of their data.

What belongs here: from a file to the list, whole or not at all. What must not: keeping the list (resources.opt_out), or
what it takes out of a study (assets.steps.persons.opting_out).
"""

from pathlib import Path

import polars as pl

from assets.steps.intake.receiving import file_sha256
from resources.desk import Desk
from resources.opt_out import Replaced
from samkorning.errors import FileRefused
from samkorning.identity import IdentityRules, diagnose
from samkorning.identity.redaction import no_file, redact_file_name
from samkorning.register_files import FileContract, read_register_file

MOST_ROWS_NAMED = 10


def take_in_opt_out_list(desk: Desk, path: Path, column: str | None, person: str) -> Replaced:
    """Puts the persons of a file in the place of the opt-out list that stands.

    The whole list or nothing: one number that cannot be read would leave somebody in every study.

    :param column: the column with the numbers; not needed where the file has only one.
    :raises FileRefused: which rows cannot be read, and never what stands there.
    """
    if not path.is_file():
        raise no_file(path)
    name = redact_file_name(path.name)
    table = read_register_file(path, name, FileContract())
    column = column or (table.columns[0] if len(table.columns) == 1 else None)
    if column not in table.columns:
        raise FileRefused(name, "does not say which column holds the numbers", "name it with --column")
    rules = IdentityRules(reference_date=desk.clock.today(), allow_synthetic=desk.holds_synthetic_cases_alone())
    found = diagnose(table.frame.select(pl.col(column).alias("value")), "value", rules, prefix="")
    unread = found.with_row_index("row", 1).filter(pl.col("number").is_null())["row"]
    if len(unread):
        rows = ", ".join(map(str, unread.head(MOST_ROWS_NAMED))) + (" …" if len(unread) > MOST_ROWS_NAMED else "")
        problem = f"holds no national identity number in the rows {rows}"
        raise FileRefused(name, problem, "correct it; nothing was changed")
    sha256 = file_sha256(path)
    desk.audit.append("replace opt-out list", person, None, desk.clock.now(), sha256=sha256, rows=found.height)
    return desk.opt_out.replace(found.select("number"), sha256)
