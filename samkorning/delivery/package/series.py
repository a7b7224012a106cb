"""Whether several deliveries of a case are whole and belong together.

What belongs here: looking at each, and handing them to the same rules that travel with every delivery. What must not:
these rules (samkorning.delivery.recipient.check): the service says of deliveries what their recipient can find.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from samkorning.delivery.package.verification import Verification, verify_package
from samkorning.delivery.recipient import check


def verify_packages(paths: Sequence[Path], public_key: str, secret: str | None = None) -> Verification:
    """Verify each delivery as ``verify_package`` does, then all whose inside was looked at against each other.

    Chain, code key, replaced parts and, for opened folders, serial numbers. A problem of one of several names it.
    """
    each = [verify_package(path, public_key, secret) for path in paths]
    several = len(paths) > 1
    problems = [
        f"{path.name}: {problem}" if several else problem
        for path, found in zip(paths, each, strict=True)
        for problem in found.problems
    ]
    if problems:
        return Verification(tuple(problems))
    return Verification(tuple(_together(paths, each)), each[0].manifest if not several else None)


def _together(paths: Sequence[Path], each: Sequence[Verification]) -> Iterator[str]:
    said = [
        check.Delivery(path, found.manifest.model_dump(mode="json"), "", [])
        for path, found in zip(paths, each, strict=True)
        if found.manifest is not None
    ]
    if not said:
        return
    yield from (found.english for found in check.together([one.manifest for one in said]))
    opened = [one for one in said if (one.folder / check.MANIFEST).is_file()]
    if len(opened) == len(said):
        yield from (found.english for found in check.serial_number_findings(opened))
