"""How large a batch is: whole ones at first, smaller ones near the end."""

from __future__ import annotations

# No batch takes more than one in so many of what is left, and none is cut below this part of a
# whole one: each costs something to hand out.
SHARES, SMALLEST = 8, 0.1


def share(whole: int, left: int) -> float:
    """How much a batch takes of what is left, where a whole one takes `whole`, in any one unit.

    No worker is left alone with a large batch at the end, so that all of them end together.
    Source: Polychronopoulos and Kuck, "Guided self-scheduling", 1987.

    Example:
        >>> share(200, 100_000), share(200, 800), share(200, 30)
        (200, 100.0, 20.0)
    """
    return max(min(whole, left / SHARES), whole * SMALLEST)
