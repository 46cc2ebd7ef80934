"""What the rules say of every label of a text, and of what only looks like one.

For people who ask why: the walk of the layer once more, with the rules kept that decided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.extract.partnerships.labels import refused_labels
from pipeline.extract.partnerships.reading import read_passages
from pipeline.extract.partnerships.together import read_all
from pipeline.records import DateFinding, EntityFinding, ModelOutput, Passage


@dataclass(frozen=True, slots=True)
class Told:
    """A label with the rules that found it and its status; offsets count from the document.

    Without `status` it is none: `label_rule` is the rule that says so.
    """

    start: int
    end: int
    label_rule: str
    status: str | None = None
    status_rule: str | None = None


def account(
    passages: Sequence[Passage],
    entities: Sequence[EntityFinding],
    dates: Sequence[DateFinding],
    model: Mapping[int, ModelOutput],
) -> list[Told]:
    """Every label of `passages` and every span that a rule refused as one, in order.

    Args:
        passages: those to read, in order.
        entities: what was found in them.
        dates: what was found in them.
        model: the model's answers by position of the passage; may be empty.
    """
    told: list[Told] = []
    for one in read_passages(passages, entities, dates, model):
        offset = one.passage.start_char
        for sentence in one.sentences:
            here = [label for label in one.labels if sentence.start <= label.start < sentence.end]
            for label, reading in zip(here, read_all(here, sentence), strict=True):
                span = (offset + label.start, offset + label.end)
                told.append(Told(*span, label.rule_id, reading.status, reading.rule_id))
        told += [
            Told(offset + start, offset + end, rule_id)
            for start, end, rule_id in refused_labels(one.text)
        ]
    return sorted(told, key=lambda each: (each.start, each.end))
