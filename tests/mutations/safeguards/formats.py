"""What holds of data files in several formats: refused by name before, read back, known to be of the rows examined."""

from tests.mutations.safeguard import Safeguard

ROOM, READING = "samkorning/delivery/formats", "samkorning/delivery/rendering/one_reading.py"
SPEC, READ_BACK = "tests/spec/test_data_formats.py", "tests/unit/test_read_back.py"

FORMATS = (
    Safeguard(
        "read-back",
        "a file that another library reads otherwise is never sealed",
        READING,
        "            reading.take(self._table.name, self.form.name, self._writer, chunk, self._taken)\n",
        "",
        (READ_BACK,),
    ),
    Safeguard(
        "read-back-to-the-end",
        "a file is not whole before its last rows have been read back",
        READING,
        "            reading.wait()\n",
        "",
        (READ_BACK,),
    ),
    Safeguard(
        "read-back-missing",
        "a missing value is never delivered as another one, or another as missing",
        f"{ROOM}/read_back.py",
        "    return expected.ne_missing(read)\n",
        "    return (expected != read).fill_null(False)\n",
        (READ_BACK,),
    ),
    Safeguard(
        "read-back-rows",
        "a row that is lost in writing is noticed",
        f"{ROOM}/read_back.py",
        "    if rows.height != found.height:\n",
        "    if rows.height > found.height:\n        rows = rows.head(found.height)\n    if False:\n",
        (READ_BACK,),
    ),
    Safeguard(
        "formats-refuse-first",
        "what a format cannot hold is refused by name and never lost",
        READING,
        "        require_all_hold(table, formats)\n",
        "",
        (SPEC,),
    ),
    Safeguard(
        "text-too-long-for-a-format",
        "text is never cut",
        f"{ROOM}/limits.py",
        '        if column.kind == "text" and column.width > longest:\n',
        "        if False:\n",
        (SPEC,),
    ),
    Safeguard(
        "whole-numbers-beyond-doubles",
        "no whole number loses digits",
        f"{ROOM}/limits.py",
        '        if column.kind == "integer" and column.farthest is not None and column.farthest > FIRST_INEXACT:\n',
        "        if False:\n",
        (SPEC,),
    ),
    Safeguard(
        "text-reads-back",
        "text becomes a number or a day only where all of it comes back",
        f"{ROOM}/examination.py",
        "        if not self._reads(stated).all():\n",
        "        if False:\n",
        (SPEC,),
    ),
    Safeguard(
        "width-in-bytes",
        "the width of text is counted in bytes",
        f"{ROOM}/examination.py",
        "        width=max(seen.width, int(lengths.max())),\n",
        "        width=max(seen.width, int(stated.str.len_chars().max() or 0)),\n",
        (SPEC,),
    ),
    Safeguard(
        "the-librarys-row-is-ours",
        "a header is taken only from a library that lays rows out as they are laid out here",
        f"{ROOM}/fixed_records.py",
        "    if content[place : place + len(row)] != row:\n",
        "    if False:\n",
        (READ_BACK,),
    ),
    Safeguard(
        "rows-as-examined",
        "a file whose rows are others than were looked through is not sealed",
        READING,
        "        if self._table.columns and self._rows != self._table.rows:\n",
        "        if False:\n",
        (READ_BACK,),
    ),
    Safeguard(
        "labels-scanned",
        "labels and codes within data files are scanned for identity numbers",
        "assets/steps/delivery/scanning.py",
        "    yield from texts_within_files(description).items()\n",
        "",
        ("tests/pipeline/test_formats_delivered.py::test_labels_within_files_are_scanned_as_documents_are",),
    ),
    Safeguard(
        "names-of-formats",
        "an order of a format that cannot have a variable's name is refused when it is read",
        "samkorning/order/format_rules.py",
        "            if problem:\n",
        "            if False:\n",
        (SPEC,),
    ),
)
