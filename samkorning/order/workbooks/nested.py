"""Nested mappings and lists by path: putting a value in, and finding it again.

What belongs here: paths. What must not: what a value means.
"""

from collections.abc import Iterator
from typing import Any

from samkorning.order.document import Path


def set_in(root: Any, path: Path, value: Any) -> bool:
    """Puts a value into nested mappings and lists; whether there is a place for it."""
    *around, last = path
    inside = root
    for step, following in zip(around, path[1:], strict=True):
        fresh: Any = [] if isinstance(following, int) else {}
        inside = _step(inside, step, fresh)
        if inside is None:
            return False
    if isinstance(inside, dict) and isinstance(last, str):
        inside[last] = value
        return True
    if isinstance(inside, list) and isinstance(last, int) and 0 <= last <= len(inside):
        inside[last : last + 1] = [value]
        return True
    return False


def _step(inside: Any, step: str | int, fresh: Any) -> Any:
    if isinstance(inside, dict) and isinstance(step, str):
        return inside.setdefault(step, fresh)
    if isinstance(inside, list) and isinstance(step, int) and 0 <= step <= len(inside):
        if step == len(inside):
            inside.append(fresh)
        return inside[step]
    return None


def leave_out(root: Any, path: Path) -> None:
    """Takes the field at a path away; entries of lists stay."""
    inside = get_in(root, path[:-1]) if path else None
    if isinstance(inside, dict):
        inside.pop(path[-1], None)


def paths_in(value: Any, path: Path) -> Iterator[Path]:
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in inside:
        yield from paths_in(inner, (*path, step))


def get_in(root: Any, path: Path) -> Any:
    """What stands at a path, or nothing."""
    for step in path:
        if isinstance(root, dict):
            root = root.get(step)
        else:
            found = isinstance(root, list) and isinstance(step, int) and 0 <= step < len(root)
            root = root[step] if found else None
    return root
