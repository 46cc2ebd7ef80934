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
from pathlib import Path

from pipeline.errors import SettingsError, SnapshotError
from pipeline.health import null_rates
from pipeline.journal import KEPT_RUNS, last_runs
from pipeline.publish import Layout
from pipeline.report.document import document_page
from pipeline.report.figures import chosen_documents
from pipeline.report.index import index_page
from pipeline.report.kept import Kept, left_to_make, page_keys
from pipeline.report.views import gather, views
from pipeline.verify import counts_of, open_tables

REPORT = "report"
REPORTS = "reports"
PAGE = "index.html"
DOCUMENTS = "documents"
PAGES = 2_000


def report_path(output: Path) -> Path:
    """Where the report of `output` stands."""
    return output / REPORT / PAGE


def write_report(
    snapshot: Path,
    output: Path,
    state: Path,
    pages: int = PAGES,
    wanted: tuple[str, ...] = (),
    layout: Layout = "link",
    made_by: str = "",
) -> Path:
    """Write the report of a snapshot folder and show it by one rename; gives its path.

    The caller holds the lock of the state: what another call is building is cleared away.

    Args:
        snapshot: folder of the snapshot.
        output: folder in which `report` appears.
        state: folder that holds the reports and the accounts of runs.
        pages: how many documents get a page.
        wanted: ids of documents that get one in any case.
        layout: whether `report` is a link or a folder of its own.
        made_by: fingerprint of the code that makes pages; where there is one, pages of the report
            before are kept that it made of the same rows.

    Raises:
        SettingsError: a wanted document is not in the snapshot.
        SnapshotError: what stands at `report` was not made by a run.
    """
    root = state / REPORTS
    root.mkdir(parents=True, exist_ok=True)
    for left in root.glob(".building-*"):
        shutil.rmtree(left)
    aside = root / f".building-{os.getpid()}"
    build(snapshot, aside, state, pages, wanted, made_by)
    folder = root / f"{snapshot.name}-{_next_number(root, snapshot.name)}"
    aside.rename(folder)
    _show(folder, output, layout)
    for old in root.iterdir():
        if old != folder:
            shutil.rmtree(old)
    return report_path(output)


def build(
    snapshot: Path,
    folder: Path,
    state: Path,
    pages: int = PAGES,
    wanted: tuple[str, ...] = (),
    made_by: str = "",
) -> None:
    """Write index and pages into `folder`, which must not exist; see `write_report`."""
    (folder / DOCUMENTS).mkdir(parents=True)
    with open_tables(snapshot) as tables:
        chosen = chosen_documents(tables, pages, wanted)
        if unknown := set(wanted) - set(chosen):
            raise SettingsError(f"{min(unknown)}: no such document; give a whole document id.")
        index = index_page(
            tables,
            snapshot.name,
            counts_of(snapshot),
            last_runs(state, KEPT_RUNS),
            chosen,
            null_rates(snapshot.resolve()),
        )
        (folder / PAGE).write_bytes(index.encode())
        paged = frozenset(chosen)

        def original(document_id: str) -> str | None:
            return f"{document_id}.html" if document_id in paged else None

        gather(tables, chosen)
        keys = page_keys(tables, made_by) if made_by else dict.fromkeys(chosen, "")
        kept = _kept(state, snapshot.name) if made_by else None
        for view in views(tables, left_to_make(kept, keys, chosen, folder / DOCUMENTS)):
            page = document_page(view, snapshot.name, original, keys[view.document_id])
            (folder / DOCUMENTS / f"{view.document_id}.html").write_bytes(page.encode())


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
