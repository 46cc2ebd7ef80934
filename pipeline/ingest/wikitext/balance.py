"""Brackets of wikitext with their partners: what has none is struck out, in one pass."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.errors import Unreadable
from pipeline.ingest.wikitext.lexicon import compiled

DEEPEST = 20
# Stands for a `<br>`, which ends a line of text and no line of the source.
BREAK = "\x1e"

_TOKEN = re.compile(
    r"<!--|\{\{+|\}\}+|\[\[|\]\]"
    r"|<(?P<close>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9]{0,20})(?=[\s/>])(?P<rest>[^<>]{0,2000})>"
)
_BALANCE = re.compile(r"\{\{|\}\}|\[\[|\]\]|\n")
_BLOCK_TAGS = frozenset(
    ["p", "div", "blockquote", "li", "tr", "center", "table", "ul", "ol", "dl", "dd", "dt", "poem"]
)


def balanced(source: str, dropped: Counter[str]) -> str:
    """`source` without comments, tags and opaque elements, each bracket with its partner."""
    pieces: list[str] = []
    stack: list[_Open] = []
    counts: Counter[str] = Counter()
    missing: set[str] = set()
    place = 0
    while token := _TOKEN.search(source, place):
        pieces.append(source[place : token.start()])
        place = token.end()
        words = token.group()
        if words == "<!--":
            place = _behind(source, place, "-->", missing, dropped, "comments")
        elif token["tag"]:
            place = _tag(source, token, pieces, missing, dropped)
        elif words[0] in "{[":
            for _ in range(len(words) // 2):
                stack.append(_Open(words[0], len(pieces)))
                counts[words[0]] += 1
                pieces.append(words[:2])
        else:
            kind = "{" if words[0] == "}" else "["
            for _ in range(len(words) // 2):
                if counts[kind]:
                    if _close(kind, stack, counts, pieces) > DEEPEST:
                        raise _too_deep(token.start())
                    pieces.append(words[:2])
    pieces.append(source[place:])
    for left in stack:
        pieces[left.at] = ""
    return "".join(pieces)


@dataclass(slots=True)
class _Open:
    """A bracket that waits for its partner; `height` is how deep the closed ones inside nest."""

    kind: str
    at: int
    height: int = 0


def _close(kind: str, stack: list[_Open], counts: Counter[str], pieces: list[str]) -> int:
    """Take the partner from the stack, strike what is left open inside; how deep it nests."""
    height = 0
    while True:
        opened = stack.pop()
        counts[opened.kind] -= 1
        height = max(height, opened.height)
        if opened.kind == kind:
            break
        pieces[opened.at] = ""
    if stack:
        stack[-1].height = max(stack[-1].height, height + 1)
    return height + 1


def _too_deep(place: int) -> Unreadable:
    return Unreadable(
        "markup_too_deep",
        f"At character {place:,} markup is nested over {DEEPEST} deep, which no article is; save "
        "the text that the page shows as .txt.",
    )


def _behind(
    source: str, place: int, end: str, missing: set[str], dropped: Counter[str], kind: str
) -> int:
    """The place behind the next `end`, or `place` where there is none; not searched for twice."""
    if end in missing:
        return place
    found = source.find(end, place)
    if found < 0:
        missing.add(end)
        return place
    dropped[kind] += 1
    return found + len(end)


def _tag(
    source: str,
    token: re.Match[str],
    pieces: list[str],
    missing: set[str],
    dropped: Counter[str],
) -> int:
    """Leaves a tag out, with its content where it is opaque; gives the place behind it."""
    tag, is_whole = token["tag"].lower(), token["rest"].endswith("/")
    if token["close"] or is_whole or tag not in ({"nowiki"} | compiled().opaque):
        if tag == "br":
            pieces.append(BREAK)
        elif tag in _BLOCK_TAGS:
            pieces.append("\n")
        elif tag == "ref":
            dropped["references"] += is_whole
        return token.end()
    kind = "references" if tag == "ref" else f"{tag} elements"
    counts = Counter[str]() if tag == "nowiki" else dropped
    end = _behind(source, token.end(), f"</{tag}>", missing, counts, kind)
    if tag == "nowiki" and end > token.end():
        literal = source[token.end() : end - len("</nowiki>")]
        pieces.append(literal.translate({ord(sign): " " for sign in "{}[]|'<>"}))
    return end


def whole_lines(source: str) -> Iterator[str]:
    """Lines that end outside of all brackets: a template may go over many."""
    start = depth = 0
    for token in _BALANCE.finditer(source):
        words = token.group()
        if words == "\n":
            if depth == 0:
                yield source[start : token.start()]
                start = token.end()
        else:
            depth = max(depth + (1 if words in ("{{", "[[") else -1), 0)
    yield source[start:]
