"""The page of one document: its text with the findings in it, and the records beside.

The text is cut into pieces at every border of a finding.  A piece is one link to the record
of the innermost finding; around its words stands one layer for each finding over
it, and the underlines of the layers lie in lanes, so that nesting and crossing can be seen.
The tag at the end of a finding is drawn by the style sheet: it is not part of the text, which
can be selected, copied and counted as it is.

These parts are put together here and not in the template: a template takes five times as
long for the same thing, and there can be a thousand findings on a page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from markupsafe import Markup

from pipeline.report.frame import page
from pipeline.report.kept import made_from
from pipeline.report.layers import lanes, pieces
from pipeline.report.signs import data, html, shortened
from pipeline.report.views import Block, DocumentView, Finding
from schemas.tables import EntityLabel, PartnershipStatus

MAX_CHARS = 400_000
MAX_FINDINGS = 5_000
LANES = 6

RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})


@dataclass(frozen=True, slots=True)
class Highlight:
    """One stretch of text and the records that stand on it; evidence has none."""

    start: int
    end: int
    kind: str
    tag: str
    records: tuple[str, ...]


Link = Callable[[str], str | None]


def document_page(view: DocumentView, snapshot: str, original: Link, key: str = "") -> str:
    """The page of a document.

    Args:
        view: the document and what was found in it.
        snapshot: name of the snapshot.
        original: address of the page of a document, from this page; None when it has none.
        key: what the page is made from, for `kept`.
    """
    blocks = tuple(block for block in view.blocks if block.end <= MAX_CHARS)
    end = blocks[-1].end if blocks else 0
    findings = tuple(each for each in view.findings if each.end <= end)[:MAX_FINDINGS]
    marks = _highlights(findings)
    place = {record: n for n, mark in enumerate(marks) for record in mark.records}
    passages = _passages(view, blocks, marks, original)
    records = [_record(each, place[each.record_id], place.get(_proof(each))) for each in findings]
    return page(
        "document.html",
        "document.js",
        title=view.title or PurePosixPath(view.paths[0]).name,
        view=view,
        snapshot=snapshot,
        made_from=Markup(made_from(key)),  # hexadecimal digits
        passages=Markup("".join(passages)),  # all of it went through `html`
        records=Markup("".join(records)),  # the same
        count=len(findings),
        hidden_findings=len(view.findings) - len(findings),
        hidden_blocks=len(view.blocks) - len(blocks),
        direction="rtl" if view.language in RIGHT_TO_LEFT else "ltr",
        data=data({"snapshot": snapshot, "document": view.document_id}),
        choices={
            "entities": EntityLabel.__args__,  # type: ignore[attr-defined]
            "partnerships": PartnershipStatus.__args__,  # type: ignore[attr-defined]
        },
    )


def _proof(finding: Finding) -> str:
    return f"evidence {finding.evidence}"


def _highlights(findings: tuple[Finding, ...]) -> tuple[Highlight, ...]:
    """What is drawn: findings of one table on the same words are one; so is shared evidence."""
    on: dict[tuple[int, int, str], list[Finding]] = {}
    proofs: dict[tuple[int, int], None] = {}
    for each in findings:
        on.setdefault((each.start, each.end, each.table), []).append(each)
        if each.evidence is not None:
            proofs[each.evidence] = None
    return (
        *(
            Highlight(
                start,
                end,
                kind,
                group[0].tag if len(group) == 1 else f"{len(group)} {kind}",
                tuple(each.record_id for each in group),
            )
            for (start, end, kind), group in on.items()
        ),
        *(Highlight(*proof, "evidence", "", (f"evidence {proof}",)) for proof in proofs),
    )


def _passages(
    view: DocumentView, blocks: tuple[Block, ...], marks: tuple[Highlight, ...], original: Link
) -> list[str]:
    inside: dict[int, list[int]] = {}
    starts = [block.start for block in blocks]
    at = -1
    for number in sorted(range(len(marks)), key=lambda n: marks[n].start):
        while at + 1 < len(starts) and starts[at + 1] <= marks[number].start:
            at += 1
        # Evidence may take in the heading above; what leaves its passage is not drawn.
        if at >= 0 and marks[number].end <= blocks[at].end:
            inside.setdefault(at, []).append(number)
    made = []
    done = 0
    for index, block in enumerate(blocks):
        made.append(_between(view.text[done : block.start], done))
        made.append(_passage(view.text, block, marks, inside.get(index, []), original))
        done = block.end
    if len(blocks) == len(view.blocks):
        made.append(_between(view.text[done:], done))
    return made


def _between(text: str, start: int) -> str:
    """Words that no passage took; they are shown, so that nothing is missing from the page."""
    words = text.strip()
    if not words:
        return ""
    start += text.index(words)
    # Mere markup, such as the equals signs around a heading of a wiki, needs no heading.
    kind = '<p class="kind">between passages</p>' if any(map(str.isalnum, words)) else ""
    return (
        f'<div class="passage between">{kind}'
        f'<div class="text" dir="auto" data-start="{start}">{html(words)}</div></div>'
    )


def _passage(
    text: str,
    block: Block,
    marks: tuple[Highlight, ...],
    numbers: list[int],
    original: Link,
) -> str:
    notes = [block.kind.replace("_", " ")]
    if block.language not in (None, "en"):
        notes.append(str(block.language))
    if block.section:
        notes.append(f"in {shortened(block.section, 80)}")
    words = (
        f'<div class="text {block.kind}" dir="auto" data-start="{block.start}">'
        f"{_drawn(text, block, marks, numbers)}</div>"
    )
    kind = f'<p class="kind"><bdi>{html(", ".join(notes))}</bdi>'
    if block.repeat_of is None:
        return f'<div class="passage" id="p{block.start}">{kind}</p>{words}</div>'
    document_id, _, start = block.repeat_of.partition(":")
    address = original(document_id)
    where = f"document {document_id}"
    link = f'<a href="{html(address)}#p{start}">{where}</a>' if address is not None else where
    share = "" if block.similarity is None else f", similarity {block.similarity:.2f}"
    shown = " open" if numbers else ""
    return (
        f'<div class="passage repeat" id="p{block.start}">{kind} · {block.repeat_kind} repeat of '
        f"{link}{share}</p><details{shown}><summary>"
        f"<bdi>{html(shortened(text[block.start : block.end], 60))}</bdi></summary>"
        f"{words}</details></div>"
    )


def _drawn(text: str, block: Block, marks: tuple[Highlight, ...], numbers: list[int]) -> str:
    spans = [(marks[number].start, marks[number].end) for number in numbers]
    drawn = [index for index, n in enumerate(numbers) if marks[n].kind != "evidence"]
    given = dict(zip(drawn, lanes([spans[index] for index in drawn]), strict=True))
    parts = []
    for piece in pieces(spans, block.start, block.end):
        words = html(text[piece.start : piece.end])
        inner = words
        target = None
        for index in reversed(piece.covering):
            mark = marks[numbers[index]]
            identity = f' id="h{numbers[index]}"' if index in piece.opening else ""
            if mark.kind == "evidence":
                layer = "evidence"
            else:
                layer = f"mark {mark.kind} l{min(given[index], LANES - 1)}"
                target = target or mark
            tag = ""
            if mark.tag and index in piece.closing:
                tag = f' data-tag="{html(mark.tag)}"'
            inner = f'<span class="{layer}" data-h="{numbers[index]}"{identity}{tag}>{inner}</span>'
        if target is not None:
            inner = f'<a class="piece" href="#r-{target.records[0]}">{inner}</a>'
        parts.append(inner)
    return "".join(parts)


def _record(finding: Finding, mark: int, proof: int | None) -> str:
    facts = "".join(
        f"<div><dt>{name}</dt><dd><bdi>{html(value)}</bdi></dd></div>"
        for name, value in finding.facts
    )
    evidence = "" if proof is None else f' data-e="{proof}"'
    return (
        f'<li class="record {finding.table}" id="r-{finding.record_id}" data-h="{mark}"{evidence}'
        f' data-table="{finding.table}"><p><a href="#h{mark}"><bdi>{html(finding.text)}</bdi></a>'
        f' <span class="kind">{finding.table}</span></p><dl>{facts}'
        f"<div><dt>rule</dt><dd><code>{html(finding.rule_id)}</code></dd></div></dl></li>"
    )
