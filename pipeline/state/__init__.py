"""The one SQLite file, and the lock.

    tables     what stands in the file; how it is opened, set aside, begun anew
    store      entries of the cache, notes
    sources    rows of `raw/`, and the documents that its changes touch
    documents  what stages and the corpus tell each other of a document
    corpus     the live documents, their passages and lines; what settling made of them
    furniture  lines that are furniture of their source, as set operations
    places     what each passage repeats, as set operations
    published  what rows are made from, now and in the snapshot published last
    locking    one run at a time

The state is a cache and nothing else: each entry is the answer of a stage, under a key that
hashes all it depends on (the bytes read, the stage's code, rules, model and settings).
So an entry is right or absent, a stale one is never found, and with the file deleted
the same run makes the same bytes again.  Hence a file that is torn, empty or of another
layout is not mended but set aside: whoever meets it while it is open gets a `StateError`.

What is to be told of the whole corpus stands in tables with a row a document, a passage or a
line, and is mended by what came and went; no stage holds a structure that grows with the corpus.
"""

from __future__ import annotations

from pipeline.state.corpus import Corpus
from pipeline.state.documents import Outline, Repeatable, Standing, Unsettled, Waiting
from pipeline.state.locking import lock
from pipeline.state.published import Origins, Other
from pipeline.state.sources import Glimpse, Source
from pipeline.state.store import Stage, State, content_key
from pipeline.state.tables import FILE_NAME, SCHEMA_VERSION, prepare, set_aside

__all__ = [
    "FILE_NAME",
    "SCHEMA_VERSION",
    "Corpus",
    "Glimpse",
    "Origins",
    "Other",
    "Outline",
    "Repeatable",
    "Source",
    "Stage",
    "Standing",
    "State",
    "Unsettled",
    "Waiting",
    "content_key",
    "lock",
    "prepare",
    "set_aside",
]
