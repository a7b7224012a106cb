"""Work that is done ahead: the next of some things is made while one is used.

What belongs here: the thread. What must not: what is made.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")


def one_ahead(items: Iterable[Item]) -> Iterator[Item]:
    """The same items in their order, each made in a thread of its own while the one before is used.

    What goes wrong with one is raised when it is its turn; two are held at once.
    """
    coming, end = iter(items), object()
    with ThreadPoolExecutor(1, "ahead") as thread:
        following = thread.submit(next, coming, end)
        while (item := following.result()) is not end:
            following = thread.submit(next, coming, end)
            yield item  # type: ignore[misc]
