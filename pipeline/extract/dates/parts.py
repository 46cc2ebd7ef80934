"""Parts of a page that carry a day of their own: a digest, a log, a list of stories by day.

Below a line that is nothing but a day, `Wednesday, November 8th 2023 - 10:55 UTC`, `on Tuesday`
means the Tuesday before that day, whatever day the page as a whole was published on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from pipeline.passages import view
from pipeline.passages.stamps import Stamp, read_stamp
from pipeline.records import Passage

# A longer line is none that a day has for itself.
LONGEST = 80
# A passage of so many words says something; fewer are a button or a name.
RUNNING_WORDS = 6


def days_of_parts(passages: Sequence[Passage]) -> Mapping[int, dt.date]:
    """The day that each passage counts from, by position, where a line above gives one.

    Nothing unless two different days stand so, each above words of its own, and text below the
    last: days below their stories would be taken for those of the next.  Beside a day that says
    `Published` the others, such as that of a visit to the site, give nothing.

    Example:
        >>> lines = ("3 May 2019", "The port reopened on Monday, it said.",
        ...          "9 May 2019", "The port was closed again on Tuesday.")
        >>> made = [Passage("d", n, "paragraph", None, "en", 0, 0, t) for n, t in enumerate(lines)]
        >>> {position: str(day) for position, day in days_of_parts(made).items()}
        {1: '2019-05-03', 3: '2019-05-09'}
        >>> days_of_parts(made[:2])
        {}
    """
    stamps = {passage.position: stamp for passage in passages if (stamp := _stamp(passage))}
    labelled = {at: stamp for at, stamp in stamps.items() if stamp.role == "published"}
    parts = list(_parts(passages, labelled or stamps))
    told = {day for day, members in parts if day is not None and members}
    if len(told) < 2 or not parts[-1][1]:
        return {}
    return {position: day for day, members in parts if day is not None for position in members}


def _parts(
    passages: Sequence[Passage], stamps: Mapping[int, Stamp]
) -> Iterator[tuple[dt.date | None, list[int]]]:
    """Each day that has a line for itself, None for what stands above the first, with its text."""
    day: dt.date | None = None
    members: list[int] = []
    for passage in passages:
        if passage.position in stamps:
            yield day, members
            day, members = stamps[passage.position].date, []
        elif members or len(passage.text.split()) >= RUNNING_WORDS:
            members.append(passage.position)
    yield day, members


def _stamp(passage: Passage) -> Stamp | None:
    """The day that is all of a passage; None for that of a change."""
    if len(passage.text) > LONGEST or passage.kind == "table_row":
        return None
    stamp = read_stamp(view(passage.text))
    return stamp if stamp is not None and stamp.date and stamp.role != "updated" else None
