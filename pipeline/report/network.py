"""Where the parties of a partnership network stand: a force layout, the same each time.

Fruchterman and Reingold (Graph drawing by force-directed placement, 1991): parties push each
other away, statements pull, the step cools.  It begins from a circle in the order of
degree and code, so that nothing is left to chance, and ends rounded to a tenth.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

STEPS = 300


def layout(
    nodes: Sequence[str], edges: Sequence[tuple[str, str, float]], width: float, height: float
) -> dict[str, tuple[float, float]]:
    """A point in `[0, width] x [0, height]` for each node.

    Args:
        nodes: distinct names, in an order that does not depend on chance.
        edges: two of the nodes and a weight over 0, which is how hard they pull.
        width: of the drawing, in its own unit.
        height: of the drawing.

    Example:
        >>> points = layout(["A", "B", "C"], [("A", "B", 1.0)], 100, 100)
        >>> def far(a, b):
        ...     return (points[a][0] - points[b][0]) ** 2 + (points[a][1] - points[b][1]) ** 2
        >>> far("A", "B") < far("A", "C")
        True
    """
    count = len(nodes)
    if count == 0:
        return {}
    place = {name: index for index, name in enumerate(nodes)}
    angles = np.arange(count) * (2 * np.pi / count)
    at = np.column_stack((np.cos(angles), np.sin(angles))) * 0.5
    pull = np.zeros((count, count))
    for one, other, weight in edges:
        pull[place[one], place[other]] += weight
        pull[place[other], place[one]] += weight
    pull = np.minimum(pull, 4.0) ** 0.5
    ideal = 1.1 / np.sqrt(count)
    for step in range(STEPS):
        apart = at[:, None, :] - at[None, :, :]
        distance = np.maximum(np.sqrt((apart**2).sum(axis=2)), 1e-3)
        push = ideal**2 / distance**2 - pull * distance / ideal
        # A little gravity keeps pairs that hang on nothing else inside the drawing.
        force = (apart * push[:, :, None]).sum(axis=1) - 0.6 * at
        length = np.maximum(np.sqrt((force**2).sum(axis=1)), 1e-9)
        most = 0.12 * (1 - step / STEPS)
        at = at + force * (np.minimum(length, most) / length)[:, None]
    low, span = at.min(axis=0), np.maximum(at.max(axis=0) - at.min(axis=0), 1e-6)
    scaled = (at - low) / span if count > 1 else np.full((1, 2), 0.5)
    return {
        name: (round(float(x) * width, 1), round(float(y) * height, 1))
        for name, (x, y) in zip(nodes, scaled, strict=True)
    }
