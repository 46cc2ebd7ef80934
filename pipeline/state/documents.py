"""What stages and the corpus tell each other of a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter

from pipeline.repeats import ShortLine


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A passage that may repeat another: where it starts, and its keys.

    `key` is equal for copies in other numerals or behind another dateline, `plain_key` for the
    very words.  `sense` is what the words mean here beyond what they say, as `on Tuesday` and
    `the two countries` do: the same words may state another fact elsewhere.
    What is spared is marked as a repeat and extracted from all the same; a head is near heads only.
    """

    start_char: int
    key: str
    plain_key: str
    sense: str
    is_spared: bool
    is_head: bool


@dataclass(frozen=True, slots=True)
class Outline:
    """What must be known of a document to settle it, without its text.

    `extractable` holds position, start and language (empty where there are no words) of
    the passages that are no boilerplate.  `publisher`, `host` and `story`, the key of its longest
    passage, tell which documents are pages of one source, `lines` what may be furniture of it.
    """

    document_id: str
    published: date | None
    chars: int
    repeatable: tuple[Repeatable, ...]
    extractable: tuple[tuple[int, int, str], ...]
    publisher: str | None
    host: str | None
    story: str
    lines: tuple[ShortLine, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A document that lives: under which key it is read, and in which folders it stands."""

    document_id: str
    read_key: str
    folders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A document of which it is to be told anew what is extracted from it.

    `furniture` and `silent` are starts of its passages: those that are furniture of its source,
    and those that need not be extracted from, because another says the very same.
    """

    document_id: str
    read_key: str
    furniture: frozenset[int]
    silent: frozenset[int]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document that is to be extracted from: passages by position, and their characters."""

    document_id: str
    read_key: str
    rows_key: str
    kept: tuple[int, ...]
    signs: int


def standings(rows: Iterable[tuple[str, str, str]]) -> Iterator[Standing]:
    """One for each document of sources in the order of documents: read as the first of them.

    Args:
        rows: document id, path and read key of each source.

    Example:
        >>> list(standings([("a", "x/1.txt", "k"), ("a", "y/2.txt", "l"), ("b", "1.txt", "m")]))[0]
        Standing(document_id='a', read_key='k', folders=('x', 'y'))
    """
    for document_id, group in groupby(rows, key=itemgetter(0)):
        sources = list(group)
        folders = dict.fromkeys(path.rpartition("/")[0] for _, path, _ in sources)
        yield Standing(document_id, sources[0][2], tuple(folders))
