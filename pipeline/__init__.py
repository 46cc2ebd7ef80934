"""Turns text files into checked Parquet tables of names, dates, money and partnerships.

The map of the house, from the door down; imports run downward only:

    cli           typer commands: flags, prints, exit codes
    screen        progress and the summary of a run
    score         how right the findings are, on annotated documents
    flows         the Prefect flow: schedules, retries, servers
    run           the order of the stages and the account of a run
    cluster       stages on a Dask cluster
    engines       who carries out a stage: this process, or worker processes
    stages        the steps of a run: each takes from the state and gives to it
    fingerprints  what a stage's answer depends on: source, rules, libraries
    show          one document as text with its findings marked
    reading       one file as it is read: its record with its basis, its passages
    explain       one text, and why each thing was found in it
    proof         every rule against its examples and counter-examples
    query         a question in SQL to a snapshot; its answer as a table or a file
    review        a reader's verdicts -> a gold file and stubs of examples
    report        the HTML report of a snapshot: an index, and a page a document
    journal       the accounts of the last runs
    receipts      what stages tell each other, and a run to all: counts and keys
    diff          what differs between two snapshots
    publish       makes a snapshot and shows it by one rename; retention
    health        how a dataset moved: nulls, and sources that changed
    relations     statements counted together, a row a pair and label
    verify        questions to a snapshot whose answer must be nothing
    state         the one SQLite file, and the lock
    marked        sentences marked with what must be found in them
    gate          the last look at each finding: a row, or a reject
    ingest        finds files, decodes them, gathers their metadata
    repeats       passages that say again what another says
    extract       passages -> findings: entities, names, dates, money, partnerships; nlp
    passages      cuts a text into titles, paragraphs, rows and the rest
    rulebook      loads and checks rules/
    rules         words, shapes and lists, as data with examples
    limits        on the time and memory of a process
    settings      one frozen Settings
    records       what travels between modules
    errors        what can go wrong, and the exit codes

Others build on two names:

    >>> from pipeline import country_code
    >>> country_code("Republic of Korea")
    'KOR'
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.gate import Admitted

__all__ = ["Extractor", "country_code"]


class Extractor:
    """Extracts from single texts; loads the language model once, when it is made.

    Args:
        model: an installed English spaCy pipeline, by the name of its package; None for
            the one that comes with the project.

    Raises:
        SettingsError: no such pipeline is installed.

    Example:
        >>> extractor = Extractor()
        >>> found = extractor.extract("Fares rose to MNT 1,500 on Friday.", dt.date(2024, 10, 29))
        >>> found.dates[0].edtf, found.money[0].amount
        ('2024-10-25', Decimal('1500'))
    """

    def __init__(self, model: str | None = None) -> None:
        from pipeline.settings import DEFAULT_MODEL  # noqa: PLC0415  # keeps `--help` quick
        from pipeline.stages import load_model  # noqa: PLC0415  # spaCy takes a second

        self._model = load_model(model or DEFAULT_MODEL)

    def extract(
        self, text: str, published: dt.date | str | None = None, issuer: str | None = None
    ) -> Admitted:
        """Everything found in `text`: `entities`, `dates`, `money`, `partnerships`, `rejects`.

        Args:
            text: one document; offsets of the result count its code points.
            published: the day of publication, which relative dates are resolved against, or
                the month or year, `2024-10`; when absent, what the text itself states counts.
            issuer: ISO 3166-1 alpha-3 code of the state that says "we".

        Raises:
            Unreadable: the text is empty or no text at all.
            ValueError: `published` is no day, month or year.
        """
        from pipeline.stages import rows_of_text  # noqa: PLC0415  # see above

        return rows_of_text(self._model, text, published, issuer)


def country_code(name: str) -> str | None:
    """Code of the state or organisation of states that `name` names; None when it names none.

    ISO 3166-1 alpha-3 for states, XKX for Kosovo, the acronym for organisations.

    Example:
        >>> country_code("Türkiye"), country_code("ASEAN"), country_code("Ulaanbaatar")
        ('TUR', 'ASEAN', None)
    """
    from pipeline.extract.names import country_code as look_up  # noqa: PLC0415  # slow to import

    return look_up(name)
