"""What comes of asking for the parties of a label: its rows, or the reason why there are none."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.extract.partnerships.context import Pair

NON_STATE = "the other party is neither a state nor an organisation of states"
UNNAMED = "the partners are not named"
OPEN = "the parties cannot be told from the text"


@dataclass(frozen=True, slots=True)
class Resolution:
    """The parties of one label: one row a tuple, or the reason why there is none."""

    rows: tuple[Pair, ...] = ()
    rule_id: str = ""
    reason: str | None = None


def resolved(rows: tuple[Pair, ...], rule_id: str) -> Resolution:
    """`rows` as found by a rule; refused as open when there are none.

    Example:
        >>> resolved((), "parties.owner").reason
        'the parties cannot be told from the text'
    """
    return Resolution(rows, rule_id) if rows else Resolution(reason=OPEN)
