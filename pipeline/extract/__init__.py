"""From the passages of one document to its findings: one noun a file.

All of them read lines that are set in flush left (`flush`).

`extract` is pure: it takes the document, its passages and what the model said of them, and
gives the findings with offsets into the document.  Only `nlp` knows spaCy.
The rules are imported when the first document asks for them: a run that finds nothing new needs
none, and to compile them takes half a second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.extract.flush import flush
from pipeline.records import Document, Findings, ModelOutput, Passage

__all__ = ["extract", "needs_parse"]


def needs_parse(text: str) -> bool:
    """Whether the model must parse a passage: a partnership may be spoken of in it.

    Example:
        >>> needs_parse("Oslo and Lima raised ties to a strategic partnership.")
        True
        >>> needs_parse("The port reopened.")
        False
    """
    from pipeline.extract.partnerships import needs_parse as asks  # noqa: PLC0415  # see above

    return asks(text)


def extract(
    document: Document, passages: Sequence[Passage], model: Mapping[int, ModelOutput]
) -> Findings:
    """Everything found in `passages`, each kind ordered by start.

    Args:
        document: the whole document; its text gives context, nothing more.
        passages: those to extract from, in order; repeats and boilerplate are left out by the
            caller.
        model: what the model said, by position of the passage; a passage without an
            entry is read by rules alone.
    """
    if (flat := flush(document, passages, model)) is not None:
        return flat.back(_extract(flat.document, flat.passages, flat.model))
    return _extract(document, passages, model)


def _extract(
    document: Document, passages: Sequence[Passage], model: Mapping[int, ModelOutput]
) -> Findings:
    from pipeline.extract.dates import find_dates  # noqa: PLC0415  # see the module's docstring
    from pipeline.extract.entities import find_entities  # noqa: PLC0415
    from pipeline.extract.money import find_money  # noqa: PLC0415
    from pipeline.extract.partnerships import find_partnerships  # noqa: PLC0415

    # Numbers and their units first: they need no model and no other finding.
    dates = find_dates(document, passages, model)
    money = find_money(document, passages)
    # Names next: the model's spans, mended by what the rules know.
    entities = find_entities(document, passages, model)
    # Statements last: they stand on names for their parties and on dates for `since`.
    partnerships, refusals = find_partnerships(document, passages, entities, dates, model)
    return Findings(
        tuple(entities), tuple(dates), tuple(money), tuple(partnerships), tuple(refusals)
    )
