"""Stage `report`: snapshot -> index and pages -> rename.

A report is begun, its parts are made, by several at a time where there are many pages, and then
it is shown.  Of an archive that grew by little most pages are those of the report before.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from pathlib import Path

from pipeline.fingerprints import PUBLISH, fingerprint
from pipeline.publish import SNAPSHOTS
from pipeline.receipts import Begun, Pages
from pipeline.report import begin_aside, finish, make, report_path
from pipeline.settings import Settings
from pipeline.state import State

# The index takes as long as so many pages; fewer are not worth a worker, who opens the tables too.
INDEX_PAGES = 80
PART_PAGES = 60
# A database that meets the bound of memory of a worker fails; so much it can ask for.
PART_MEGABYTES = 2_000


def report_is_due(settings: Settings, snapshot: str) -> bool:
    """Whether the report on disk is missing, or not that of the snapshot of that name."""
    with State(settings.state) as state:
        reported = state.recall("reported")
    return reported != snapshot or not report_path(settings.output).is_file()


def begin_report(settings: Settings, snapshot: str) -> Begun:
    """Begin the report of the snapshot of that name, with what may be kept of the one before."""
    with State(settings.state) as state:
        return begin_aside(
            settings.state / SNAPSHOTS / snapshot,
            settings.state,
            settings.report_pages,
            fingerprint(*PUBLISH),
            partial(state.origins.of_made, snapshot),
        )


def parts_of(settings: Settings, begun: Begun, workers: int) -> tuple[Pages, ...]:
    """What is left of a report, in parts for so many workers: the index, and pages."""
    left = begun.left
    is_bound = 0 < settings.worker_megabytes < PART_MEGABYTES
    count = 1 if is_bound else max(min(workers, (len(left) + INDEX_PAGES) // PART_PAGES), 1)
    whole = (len(left) + INDEX_PAGES) / count
    # Neighbours stay together: they stand in the same row groups.
    edges = [max(round(whole * place) - INDEX_PAGES, 0) for place in range(count + 1)]
    return tuple(
        Pages(begun, has_index=not place, documents=left[start:end])
        for place, (start, end) in enumerate(pairwise(edges))
    )


def make_pages(settings: Settings, part: Pages) -> int:
    """Make a part of a report; gives how many pages of documents it has."""
    make(settings.state / SNAPSHOTS / part.begun.snapshot, settings.state, part)
    return len(part.documents)


def show_report(settings: Settings, begun: Begun) -> str:
    """Show a report of which all parts were made; gives its path."""
    path: Path = finish(begun, settings.output, settings.state, settings.layout)
    with State(settings.state) as state:
        # A run that is killed before this leaves the pages of an older snapshot.
        state.remember("reported", begun.snapshot)
    return str(path)
