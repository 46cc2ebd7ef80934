"""Whether a snapshot is what it should be, and reading it: the door of all who ask its tables.

    sums       its files, their bytes against the checksums and the data package
    tables     the tables opened to be asked
    questions  schemas, keys, foreign keys, counts, offsets

Asked before every flip and by `pipeline verify`; each fault names the table and the rule.
"""

from __future__ import annotations

from pipeline.verify.questions import FOREIGN_KEYS, GROUNDED, check, verify
from pipeline.verify.sums import PACKAGE, SUMS, damaged, files_of, sha256_of, stated_path
from pipeline.verify.tables import (
    MEMORY,
    REMEDY,
    Counts,
    counts_of,
    listed,
    open_tables,
    processed_paths,
    quoted,
    reading,
    require_readable,
    told,
)

__all__ = [
    "FOREIGN_KEYS",
    "GROUNDED",
    "MEMORY",
    "PACKAGE",
    "REMEDY",
    "SUMS",
    "Counts",
    "check",
    "counts_of",
    "damaged",
    "files_of",
    "listed",
    "open_tables",
    "processed_paths",
    "quoted",
    "reading",
    "require_readable",
    "sha256_of",
    "stated_path",
    "told",
    "verify",
]
