"""The steps of a run; each takes what it needs from the state and leaves there what it made.

    scan     which files are there, and what each one's key is; `index` of many-record files
    read     bytes of new files -> documents and passages
    settle   which documents live, which passages repeat, what is still to be extracted
    extract  passages -> rows and rejects
    publish  rows -> snapshot -> flip
    report   snapshot -> output/report/index.html

Stages pass receipts, never data: the data is in the state, each piece under a key of all
that it depends on.  A stage can be run again at any time; what it made is found and not
made twice.  Files and documents are tried through `trials`, which outlives those that kill.
"""

from __future__ import annotations

from pipeline.stages.extract import load_model, rows_of_text
from pipeline.stages.needs import Needs, needs_of
from pipeline.stages.publish import publish_snapshot
from pipeline.stages.report import (
    begin_report,
    make_pages,
    parts_of,
    report_is_due,
    show_report,
)
from pipeline.stages.scan import scan
from pipeline.stages.settle import settle
from pipeline.stages.shares import share
from pipeline.stages.trials import forgive, try_extract, try_read

__all__ = [
    "Needs",
    "begin_report",
    "forgive",
    "load_model",
    "make_pages",
    "needs_of",
    "parts_of",
    "publish_snapshot",
    "report_is_due",
    "rows_of_text",
    "scan",
    "settle",
    "share",
    "show_report",
    "try_extract",
    "try_read",
]
