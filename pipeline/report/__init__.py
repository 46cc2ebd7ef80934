"""The HTML report of a snapshot: an index, and a page a document; no request to anybody.

First comes how the run went and what it could not read, then what the tables hold, then every
document with the words that its records stand on.  Pages are a function of the snapshot alone, but
for the panel of runs.  A report is a folder built aside and never changed; `output/report`
is a link to it, swapped by one rename, so that no reader meets half of one.

    signs       text on its way into a page: visible, escaped, or JSON in a script tag
    frame       template engine, style and script, and the policy that allows no other
    layers      spans that nest and cross, cut into pieces that can be drawn
    views       documents and their findings in the words of a page
    kept        pages of the report before that would come out the same
    document    the page of one document
    figures     the questions of the index to the tables
    answers     what they are answered with
    network     where the parties stand
    charts      where the marks stand
    runs        what the accounts of the last runs say together
    index       the index
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import duckdb

from pipeline.errors import SettingsError, SnapshotError
from pipeline.health import null_rates
from pipeline.journal import KEPT_RUNS, last_runs
from pipeline.publish import Layout
from pipeline.receipts import Begun, Pages
from pipeline.report.document import document_page
from pipeline.report.figures import chosen_documents, set_paged
from pipeline.report.index import index_page
from pipeline.report.kept import Kept, left_to_make, page_keys
from pipeline.report.views import gather, views
from pipeline.verify import counts_of, open_tables

REPORT = "report"
REPORTS = "reports"
PAGE = "index.html"
DOCUMENTS = "documents"
PAGES = 2_000

# What the rows of documents are made from, as one key by id; none of a document is no promise.
Origins = Callable[[Collection[str]], Mapping[str, str]]


def report_path(output: Path) -> Path:
    """Where the report of `output` stands."""
    return output / REPORT / PAGE


def write_report(
    snapshot: Path,
    output: Path,
    state: Path,
    pages: int = PAGES,
    wanted: tuple[str, ...] = (),
) -> Path:
    """Write the report of a snapshot folder and show it by one rename; gives its path.

    Args:
        snapshot: folder of the snapshot.
        output: folder in which `report` appears.
        state: folder that holds the reports and the accounts of runs.
        pages: how many documents get a page.
        wanted: ids of documents that get one in any case.

    Raises:
        SettingsError: a wanted document is not in the snapshot.
        SnapshotError: what stands at `report` was not made by a run.
    """
    begun = begin(snapshot, _aside(state), state, pages, wanted)
    make(snapshot, state, Pages(begun, True, begun.left))
    return finish(begun, output, state)


def build(
    snapshot: Path,
    folder: Path,
    state: Path,
    pages: int = PAGES,
    wanted: tuple[str, ...] = (),
) -> None:
    """Write index and pages into `folder`, which must not exist; see `write_report`."""
    begun = begin(snapshot, folder, state, pages, wanted)
    make(snapshot, state, Pages(begun, True, begun.left))


def begin_aside(snapshot: Path, state: Path, pages: int, made_by: str, origins: Origins) -> Begun:
    """Begin a report of a snapshot, with those pages of the report before that are still right.

    The caller holds the lock of the state: what another call is building is cleared away.

    Args:
        snapshot: folder of the snapshot.
        state: folder that holds the reports.
        pages: how many documents get a page.
        made_by: fingerprint of the code that makes pages.
        origins: tells what the rows of documents in the snapshot are made from.
    """
    return begin(snapshot, _aside(state), state, pages, (), made_by, origins)


def begin(
    snapshot: Path,
    folder: Path,
    state: Path,
    pages: int,
    wanted: tuple[str, ...],
    made_by: str = "",
    origins: Origins = lambda _: {},
) -> Begun:
    """Make `folder`, which must not exist, and tell what is to be made in it; see `begin_aside`."""
    (folder / DOCUMENTS).mkdir(parents=True)
    with open_tables(snapshot) as tables:
        chosen = chosen_documents(tables, pages, wanted)
        if unknown := set(wanted) - set(chosen):
            raise SettingsError(f"{min(unknown)}: no such document; give a whole document id.")
        set_paged(tables, chosen)
        keys = page_keys(tables, made_by, origins(chosen))
    kept = _kept(state, snapshot.name) if keys else None
    left = left_to_make(kept, keys, chosen, folder / DOCUMENTS)
    return Begun(
        snapshot.name,
        str(folder),
        tuple((document_id, keys.get(document_id, "")) for document_id in left),
        tuple(chosen),
    )


def make(snapshot: Path, state: Path, part: Pages) -> None:
    """Make a part of a report that was begun.

    Args:
        snapshot: folder of the snapshot.
        state: folder that holds the accounts of runs.
        part: what is to be made.
    """
    folder, paged, keys = Path(part.begun.folder), part.begun.paged, dict(part.documents)
    with open_tables(snapshot) as tables:
        if part.has_index:
            (folder / PAGE).write_bytes(_index(tables, snapshot, state, paged).encode())
        _make_pages(tables, snapshot.name, folder / DOCUMENTS, keys, frozenset(paged))


def _index(
    tables: duckdb.DuckDBPyConnection, snapshot: Path, state: Path, paged: Sequence[str]
) -> str:
    set_paged(tables, paged)
    return index_page(
        tables,
        snapshot.name,
        counts_of(snapshot),
        last_runs(state, KEPT_RUNS),
        paged,
        null_rates(snapshot.resolve()),
    )


def _make_pages(
    tables: duckdb.DuckDBPyConnection,
    snapshot: str,
    folder: Path,
    keys: Mapping[str, str],
    paged: Collection[str],
) -> None:
    def original(document_id: str) -> str | None:
        return f"{document_id}.html" if document_id in paged else None

    gather(tables, tuple(keys))
    for view in views(tables, tuple(keys)):
        page = document_page(view, snapshot, original, keys[view.document_id])
        (folder / f"{view.document_id}.html").write_bytes(page.encode())


def finish(begun: Begun, output: Path, state: Path, layout: Layout = "link") -> Path:
    """Show a report of which all parts were made, by one rename; gives its path.

    Args:
        begun: the report.
        output: folder in which `report` appears.
        state: folder that holds the reports.
        layout: whether `report` is a link or a folder of its own.

    Raises:
        SnapshotError: what stands at `report` was not made by a run.
    """
    root = state / REPORTS
    number, aside = _next_number(root, begun.snapshot), Path(begun.folder)
    # Where it is not aside any more, a try before this one came so far.
    folder = root / f"{begun.snapshot}-{number if aside.is_dir() else number - 1}"
    if aside.is_dir():
        aside.rename(folder)
    _show(folder, output, layout)
    for old in root.iterdir():
        if old != folder:
            shutil.rmtree(old)
    return report_path(output)


def _aside(state: Path) -> Path:
    """Where a report is built; what a killed run left there is gone."""
    root = state / REPORTS
    root.mkdir(parents=True, exist_ok=True)
    for left in root.glob(".building-*"):
        shutil.rmtree(left)
    return root / f".building-{os.getpid()}"


def _kept(state: Path, snapshot: str) -> Kept | None:
    """The pages of the report that was made last, if there is one."""
    reports = sorted((state / REPORTS).glob("[!.]*"))
    if not reports:
        return None
    before = reports[-1].name.rpartition("-")[0]
    return Kept(reports[-1] / DOCUMENTS, before, snapshot)


def _next_number(root: Path, snapshot: str) -> int:
    taken = [path.name.rpartition("-")[2] for path in root.glob(f"{snapshot}-*")]
    return max((int(number) for number in taken if number.isdecimal()), default=0) + 1


def _show(folder: Path, output: Path, layout: Layout) -> None:
    """Make `output/report` a link to `folder` by one rename, or a copy of it by two."""
    output.mkdir(parents=True, exist_ok=True)
    link = output / REPORT
    _sweep(output)
    aside = output / f".{REPORT}-{os.getpid()}"
    is_folder = link.is_dir() and not link.is_symlink()
    if is_folder and {path.name for path in link.iterdir()} - {PAGE, DOCUMENTS}:
        raise SnapshotError(f"{link} was not made by a run; move it away, then run again.")
    if layout == "copy":
        shutil.copytree(folder, aside)
    else:
        aside.symlink_to(os.path.relpath(folder, output), target_is_directory=True)
    if is_folder:
        # Nothing can be renamed over a folder with files: for a moment there is neither.
        link.rename(output / f".{REPORT}-old-{os.getpid()}")
    elif layout == "copy":
        link.unlink(missing_ok=True)
    aside.replace(link)
    _sweep(output)


def _sweep(output: Path) -> None:
    """Remove what stands aside: left by a killed run, or replaced just now."""
    for left in output.glob(f".{REPORT}-*"):
        if left.is_symlink():
            left.unlink()
        else:
            shutil.rmtree(left)
