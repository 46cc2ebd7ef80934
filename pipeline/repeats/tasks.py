"""Pure functions applied to many items, here or elsewhere: what an update of the index asks for.

Nothing here knows what the functions do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")

# Tasks that are handed to the runner together; twice as many are in memory at once.
TASKS_AT_ONCE = 4


class Runner(Protocol):
    """Applies a pure function to items, here or elsewhere, and gives the answers in their order.

    `concurrent.futures.Executor.map` is one; `in_turn` is the plain one.
    """

    def __call__(
        self, task: Callable[[Item], Answer], items: Iterable[Item], /
    ) -> Iterable[Answer]:
        """The answer of `task` to each item, in their order."""
        ...


def in_turn(task: Callable[[Item], Answer], items: Iterable[Item], /) -> Iterable[Answer]:
    """One after the other, in this process.

    Example:
        >>> list(in_turn(len, ["a", "bc"]))
        [1, 2]
    """
    return map(task, items)


def handed(run: Runner, task: Callable[[Item], Answer], items: Iterable[Item]) -> Iterator[Answer]:
    """Answers of the runner in their order, a few tasks at once, the next ones handed over before.

    Example:
        >>> list(handed(in_turn, len, ["a", "bc"]))
        [1, 2]
    """
    waiting: Iterable[Answer] = ()
    for some in chunks(items, TASKS_AT_ONCE):
        answers = run(task, some)
        # While these are worked on elsewhere, what is here is written down.
        yield from waiting
        waiting = answers
    yield from waiting


def slices(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """A sequence in pieces of a size.

    Example:
        >>> list(slices("abc", 2))
        ['ab', 'c']
    """
    return (items[n : n + size] for n in range(0, len(items), size))


def chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Items in lists of a size, read as they are asked for.

    Example:
        >>> list(chunks("abc", 2))
        [['a', 'b'], ['c']]
    """
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
