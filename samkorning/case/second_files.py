"""A second, different file of a source while the first has not been delivered: neither name nor arrival decides (R13).

What belongs here: whether a file would take another's place unasked, which files wait for a person for that, and what
is said of them. What must not: holding their bytes, or taking them in (assets.steps.intake).

A source has one file. Two may be the parts of one, or the second may be a better one; only a person can know. So the
second waits, and nothing is delivered of the source until a person lets it take the other's place or refuses it.
"""

from samkorning.case.events import Case, Event, EventKind
from samkorning.case.population import NUMBER_HISTORY, POPULATION, is_frozen
from samkorning.errors import FileRefused, RuleRefused

K = EventKind
BESIDE = "beside"
"""In the event of a held file: the number of the event of the file that counted when it came."""
UNASKED = "unasked"
"""In the event of a refused file: nobody had asked for it, so neither is the next one asked for."""
DECLINED = "declined"
"""In the event of a refused file: a person lets the other stand, and nothing new is asked for."""
CHOOSE = "decide which of them counts: `file held` lists the one that waits, then `file match` or `file refuse`"
LEFT_OR_SETTLED = (K.DELIVERED, K.FOUND_UNCHANGED, K.CHANGE_DECLINED)


def stands_before(case: Case, source: str, sha256: str) -> Event | None:
    """The file whose place another one would take unasked, or nothing.

    That is the one that counts, where it is another, has not been delivered, and nobody asked for a corrected one. Of
    population and number history it is so until the population is frozen; a rule of their own holds then (R19).
    """
    counts = _counts(case, source)
    if counts is None or counts.detail["sha256"] == sha256 or source in case.withdrawn_sources:
        return None
    if source in _says_who_is_studied(case):
        return None if is_frozen(case) else counts
    if all(source != declared.name for declared in case.specification.sources):
        return None
    return None if _has_left(case, source, counts) or _is_asked_for(case, source, counts) else counts


def waiting_files(case: Case, source: str) -> list[Event]:
    """The held files of a source that wait for a person beside the one that counts, oldest first."""
    counts = _counts(case, source)
    if counts is None:
        return []
    return [
        held
        for held in case.held_files()
        if held.detail["source"] == source
        and held.detail["sha256"] != counts.detail["sha256"]
        and not held.detail.get("reason")
        and (BESIDE in held.detail or stands_before(case, source, held.detail["sha256"]) is not None)
    ]


def one_file_says_who_is_studied(case: Case) -> None:
    """R19: nobody is linked while a second file of the population or of the number history waits for a person.

    :raises RuleRefused: with the rows of both files and the commands that choose.
    """
    for source in _says_who_is_studied(case):
        if waiting_files(case, source):
            raise RuleRefused("R19", f"two files of {source} have come", what_waits(case, source))


def is_declined(case: Case, source: str, sha256: str) -> bool:
    """Whether a person has refused just this file beside the one that counts."""
    counts = _counts(case, source)
    return counts is not None and any(
        event.detail["sha256"] == sha256 and event.detail.get(DECLINED) for event in _refused(case, source, counts)
    )


def another_needs_a_reason(case: Case, source: str, file: str, sha256: str, reason: str) -> None:
    """R13: a person who lets a file take the place of one that has not been delivered says why.

    :raises FileRefused: with the rows of the one that counts.
    """
    before = stands_before(case, source, sha256)
    if before is not None and not reason:
        raise FileRefused(
            file,
            f"R13: another file of {source} has come and has not been delivered: {told(before)}",
            "if it is to take the other's place, match it with `--reason`; parts of a file are put together first",
        )


def told(event: Event) -> str:
    """How many rows a file has and when it came."""
    rows = event.detail.get("rows")
    return f"{'rows not counted' if rows is None else f'{rows} rows'}, came {event.at.date()}"


def what_waits(case: Case, source: str) -> str:
    """The rows of the files of a source of which a person has to choose, and how; empty where none waits."""
    counts, waiting = _counts(case, source), waiting_files(case, source)
    if counts is None or not waiting:
        return ""
    files = "; ".join(f"another: {told(held)}" for held in waiting)
    at = f"{held_name(waiting[0])} {case.number} {source} --reason REASON`"
    return (
        f"two files have come: the first: {told(counts)}; {files}; nothing of it leaves until a person decides: "
        f"`file match {at} lets it take the first one's place, `file refuse {at} lets the first one stand"
    )


def held_name(held: Event) -> str:
    """The name by which a person names a held file."""
    return str(held.detail["sha256"])[:16]


def _says_who_is_studied(case: Case) -> list[str]:
    """The files awaited that say who is in the study, and who is one person."""
    specification = case.specification
    sent = [] if specification.population.drawn else [POPULATION]
    return [*sent, *([NUMBER_HISTORY] if specification.number_history else [])]


def _counts(case: Case, source: str) -> Event | None:
    files = case.received_files(source)
    return files[-1] if files else None


def _has_left(case: Case, source: str, counts: Event) -> bool:
    """Whether it was delivered, or found to change nothing, or a person let stand what was delivered."""
    return any(
        event.number > counts.number and any(entry["source"] == source for entry in event.detail["units"])
        for event in case.of(*LEFT_OR_SETTLED)
    ) or any(
        event.number > counts.number and any(store["store"] == f"received.{source}" for store in event.detail["stores"])
        for event in case.of(K.DISPOSED)
    )


def _is_asked_for(case: Case, source: str, counts: Event) -> bool:
    """Whether its holder was asked for a corrected file since: by a complaint, or by what a refused one was told."""
    asked = [each.number for each in _refused(case, source, counts) if _asks(each)]
    asked += [each.number for each in _complaints(case, source) if each.number > counts.number]
    declined = [each.number for each in _refused(case, source, counts) if each.detail.get(DECLINED)]
    return max(asked, default=0) > max(declined, default=0)


def _asks(refused: Event) -> bool:
    return not refused.detail.get(UNASKED) and not refused.detail.get(DECLINED)


def _refused(case: Case, source: str, counts: Event) -> list[Event]:
    return [
        event for event in case.of(K.FILE_REFUSED) if event.detail["source"] == source and event.number > counts.number
    ]


def _complaints(case: Case, source: str) -> list[Event]:
    held_it = {
        event.detail["delivery"]
        for event in case.of(K.DELIVERED)
        if any(entry["source"] == source for entry in event.detail["units"])
    }
    return [event for event in case.of(K.COMPLAINT_OPENED) if event.detail["delivery"] in held_it]
