r"""Wikitext to text: words, headings, lists and rows of tables, with no markup left.

mwparserfromhell reads what stands within a line; the lines themselves, tables and lists are
read here.  The parser goes back over the text for each bracket that is never closed, which
took minutes for 80 KB of them, so that it is given none: one pass with a stack strikes out what has
no partner, comments, references and tags, and refuses what is nested without end.  What the
parser then sees is balanced, no deeper than `DEEPEST` and one line long.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import mwparserfromhell
from mwparserfromhell.nodes import (
    Argument,
    Comment,
    ExternalLink,
    HTMLEntity,
    Tag,
    Template,
    Text,
    Wikilink,
)
from mwparserfromhell.wikicode import Wikicode

from pipeline.errors import Unreadable
from pipeline.rulebook import Rule, RuleModel, load

DEEPEST = 20

_TOKEN = re.compile(
    r"<!--|\{\{+|\}\}+|\[\[|\]\]"
    r"|<(?P<close>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9]{0,20})(?=[\s/>])(?P<rest>[^<>]{0,2000})>"
)
_BALANCE = re.compile(r"\{\{|\}\}|\[\[|\]\]|\n")
# The address of a link in single brackets, whose end is on the same line.
_OPEN_LINK = re.compile(r"\[(?=(?:https?:|ftp:|mailto:)?//|mailto:)(?![^\]\[\n]{1,500}\])")
_BRACKETS = re.compile(r"\{\{+|\}\}+|\[\[+|\]\]+")
_QUOTES = re.compile("'{2,}")
_MAGIC = re.compile(r"__[A-Z]{3,30}__")
_REDIRECT = re.compile(r"\s*#\s*redirect\b[\s:]{0,9}\[\[", re.IGNORECASE)
_MARKUP = re.compile(r"\{\{|\[|''|&|\}\}")
_EMPTY_BRACKETS = re.compile(r" ?\([ ,;:\u00a0]{0,20}\)")
_SPACES = re.compile(r"[ \t\u00a0]{2,}")
_ATTRIBUTES = re.compile(r"[^|\[\]{}]{0,1000}\|(?!\|)")
_ROWSPAN = re.compile(r"rowspan\s{0,5}=\s{0,5}[\"']?\s{0,5}(\d{1,3})", re.IGNORECASE)
_COLSPAN = re.compile(r"colspan\s{0,5}=\s{0,5}[\"']?\s{0,5}(\d{1,2})", re.IGNORECASE)
_BLOCK_TAGS = frozenset(
    ["p", "div", "blockquote", "li", "tr", "center", "table", "ul", "ol", "dl", "dd", "dt", "poem"]
)
_LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,10})?$")
_BREAK = "\x1e"


class TemplateRule(Rule):
    """Templates whose words show, and how."""

    names: tuple[str, ...]
    shows: str


class WikitextRules(RuleModel):
    """`rules/wikitext.toml`."""

    unshown_namespaces: tuple[str, ...]
    opaque_tags: tuple[str, ...]
    template: tuple[TemplateRule, ...]


@dataclass(frozen=True)
class _Compiled:
    shown: dict[str, str]
    unshown: frozenset[str]
    opaque: frozenset[str]


def rules() -> WikitextRules:
    """The rules of this layer."""
    return load("wikitext.toml", WikitextRules)


@lru_cache
def _compiled() -> _Compiled:
    return _Compiled(
        {name: rule.shows for rule in rules().template for name in rule.names},
        frozenset(rules().unshown_namespaces),
        frozenset(rules().opaque_tags),
    )


def is_redirect(source: str) -> bool:
    """Whether a page only sends its readers to another.

    Example:
        >>> is_redirect("#REDIRECT [[Bergen]]"), is_redirect("Bergen is a port.")
        (True, False)
    """
    return _REDIRECT.match(source) is not None


def text_of_wikitext(source: str) -> tuple[str, Counter[str]]:
    r"""The text of a page, and how much of each kind was left out.

    Raises:
        Unreadable: `markup_too_deep`.

    Example:
        >>> source = "'''Peru''' has [[tie|ties]].<ref>A book</ref>\n{{stub}}"
        >>> text, dropped = text_of_wikitext(source)
        >>> text, sorted(dropped.items())
        ('Peru has ties.', [('references', 1), ('templates', 1)])
    """
    dropped: Counter[str] = Counter()
    balanced = _balanced(source.replace("\r\n", "\n").replace(_BREAK, " "), dropped)
    writer = _Writer(dropped)
    for line in _whole_lines(balanced):
        writer.add(line)
    return writer.text(), dropped


def _balanced(source: str, dropped: Counter[str]) -> str:
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
    if token["close"] or is_whole or tag not in ({"nowiki"} | _compiled().opaque):
        if tag == "br":
            pieces.append(_BREAK)
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


def _whole_lines(balanced: str) -> Iterator[str]:
    """Lines that end outside of all brackets: a template may go over many."""
    start = depth = 0
    for token in _BALANCE.finditer(balanced):
        words = token.group()
        if words == "\n":
            if depth == 0:
                yield balanced[start : token.start()]
                start = token.end()
        else:
            depth = max(depth + (1 if words in ("{{", "[[") else -1), 0)
    yield balanced[start:]


class _Writer:
    """Takes lines of wikitext, one by one, and keeps lines of text."""

    def __init__(self, dropped: Counter[str]) -> None:
        self._dropped = dropped
        self._lines: list[str] = []
        self._table: _Table | None = None
        self._depth = 0

    def text(self) -> str:
        """All that was kept."""
        self._end_table()
        kept = "\n".join(self._lines)
        return re.sub(r"\n{3,}", "\n\n", kept).strip("\n")

    def add(self, line: str) -> None:
        """Take the next line."""
        start = line.lstrip(": \t")
        if start.startswith("{|"):
            self._depth += 1
            if self._table is None:
                self._lines.append("")
                self._table = _Table(self._inline)
            self._table.end_row()
        elif self._table is not None:
            if start.startswith("|}"):
                self._depth -= 1
                self._table.end_row()
                if self._depth == 0:
                    self._end_table()
            else:
                self._table.add(start)
        else:
            self._add_text(line)

    def _end_table(self) -> None:
        if self._table is not None:
            self._lines += [*self._table.lines(), ""]
            self._table, self._depth = None, 0

    def _add_text(self, line: str) -> None:
        stripped = line.strip()
        if stripped.startswith("----"):
            self._lines.append("")
            stripped = stripped.lstrip("-").lstrip()
        level = _heading_level(stripped)
        if level:
            words = self._inline(stripped[level:-level])
            signs = "=" * level
            self._lines += ["", f"{signs} {words} {signs}", ""] if words else []
            return
        rest = stripped.lstrip("*#:;")
        words = self._inline(rest).replace(_BREAK, "\n")
        if not words:
            # A line that held a template alone ends no paragraph.
            if not stripped:
                self._lines.append("")
        elif stripped[0] in "*#":
            self._lines.append("- " + words.replace("\n", " "))
        else:
            self._lines.append(words)

    def _inline(self, source: str) -> str:
        """Words of a piece of a line."""
        if _MARKUP.search(source):
            source = _shown(source, self._dropped)
        words = _MAGIC.sub("", source)
        words = _EMPTY_BRACKETS.sub("", words) if "(" in words else words
        return _SPACES.sub(" ", words).strip()


def _heading_level(line: str) -> int:
    """How many `=` stand around a line; 0 where it is no heading.

    Example:
        >>> _heading_level("== Trade =="), _heading_level("a = b ="), _heading_level("=")
        (2, 0, 0)
    """
    if not (line.startswith("=") and line.endswith("=")):
        return 0
    before = len(line) - len(line.lstrip("="))
    after = len(line) - len(line.rstrip("="))
    return min(before, after, 6) if len(line) > before + after else 0


class _Table:
    """The rows of a table, each a line `| a | b |`."""

    def __init__(self, inline: Callable[[str], str]) -> None:
        self._inline = inline
        self._lines: list[str] = []
        self._cells: list[tuple[str, int, int]] = []
        self._below: dict[int, int] = {}

    def lines(self) -> list[str]:
        """The captions and rows."""
        self.end_row()
        return self._lines

    def add(self, line: str) -> None:
        """Take a line between `{|` and `|}`."""
        if line.startswith("|+"):
            self.end_row()
            self._lines += [self._words(_cell(line[2:])[0]), ""]
        elif line.startswith("|-"):
            self.end_row()
        elif line.startswith(("|", "!")):
            mark = r"\|\||!!" if line[0] == "!" else r"\|\|"
            self._cells += [_cell(part) for part in _split(line[1:], mark)]
        elif self._cells and line.strip():
            words, rows, columns = self._cells[-1]
            self._cells[-1] = (f"{words}{_BREAK}{line.lstrip('*#:;')}", rows, columns)

    def end_row(self) -> None:
        """Write the cells that were taken as a row, under those that reach down from above."""
        if not self._cells:
            return
        row: list[str] = []
        for words, rows, columns in self._cells:
            self._reach_down(row)
            if rows > 1:
                self._below[len(row)] = rows
            row += [self._words(words), *[""] * (columns - 1)]
        self._reach_down(row)
        self._below = {column: left - 1 for column, left in self._below.items() if left > 1}
        self._cells.clear()
        if any(row):
            self._lines.append("| " + " | ".join(row) + " |")

    def _reach_down(self, row: list[str]) -> None:
        while self._below.get(len(row), 0) > 0 and len(row) < 1_000:
            row.append("")

    def _words(self, source: str) -> str:
        words = self._inline(source).replace("|", "/")
        lines = (" ".join(one.split()) for one in words.replace("\n", _BREAK).split(_BREAK))
        shown = ""
        for line in filter(None, lines):
            # A break inside of a cell parts names: `Chile<br>Peru`.
            part = "" if not shown else " " if shown[-1] in ".;:,!?" else "; "
            shown = f"{shown}{part}{line}"
        return shown


def _cell(part: str) -> tuple[str, int, int]:
    """Words, rows and columns of a cell: `rowspan=2 | Chile`."""
    attributes = _ATTRIBUTES.match(part)
    if attributes is None:
        return part, 1, 1
    rows, columns = _ROWSPAN.search(attributes.group()), _COLSPAN.search(attributes.group())
    return (
        part[attributes.end() :],
        min(int(rows[1]), 500) if rows else 1,
        min(max(int(columns[1]), 1), 50) if columns else 1,
    )


def _split(line: str, mark: str) -> list[str]:
    """The parts between marks that stand outside of all brackets."""
    parts: list[str] = []
    start = depth = 0
    for token in re.finditer(rf"\{{\{{|\}}\}}|\[\[|\]\]|(?P<mark>{mark})", line):
        if token["mark"]:
            if depth == 0:
                parts.append(line[start : token.start()])
                start = token.end()
        else:
            depth = max(depth + (1 if token.group() in ("{{", "[[") else -1), 0)
    return [*parts, line[start:]]


def _shown(source: str, dropped: Counter[str]) -> str:
    """What a balanced piece of wikitext shows."""
    plain = _QUOTES.sub(_apostrophe, _OPEN_LINK.sub("", source))
    parsed = mwparserfromhell.parse(plain, skip_style_tags=True)
    # What the parser takes for no markup, such as `{{` around whole paragraphs, is struck.
    return _BRACKETS.sub("", "".join(_nodes(parsed, dropped)))


def _apostrophe(quotes: re.Match[str]) -> str:
    """What is left of quotes in a row: they are bold and italics but for a fourth one."""
    return "'" if len(quotes.group()) == 4 else ""


def _nodes(code: Wikicode | None, dropped: Counter[str]) -> Iterator[str]:
    for node in code.nodes if code is not None else ():
        match node:
            case Text():
                yield str(node.value)
            case Wikilink():
                yield _link(node, dropped)
            case ExternalLink():
                # `[https://herald.example]` shows as a number.
                shows = node.title if node.brackets else node.url
                yield "".join(_nodes(shows, dropped))
            case Template():
                yield _template(node, dropped)
            case Tag():
                yield from _nodes(node.contents, dropped)
            case HTMLEntity():
                yield _entity(node)
            case Argument():
                yield from _nodes(node.default, dropped)
            case Comment():
                dropped["comments"] += 1
            case _:
                yield str(node)


def _entity(node: HTMLEntity) -> str:
    try:
        return str(node.normalize())
    except (ValueError, OverflowError):
        return str(node)


def _link(node: Wikilink, dropped: Counter[str]) -> str:
    target = str(node.title).strip()
    before, colon, _ = target.partition(":")
    space = before.strip().lower()
    if colon and before and (space in _compiled().unshown or _LANGUAGE_CODE.match(space)):
        kinds = ("categor", "kategor", "luokka", "thể loại", "катег")
        dropped["categories" if space.startswith(kinds) else "files and links to other wikis"] += 1
        return ""
    if node.text is not None:
        return "".join(_nodes(node.text, dropped)) or target.strip(":|")
    return "".join(_nodes(node.title, dropped)).strip().removeprefix(":")


def _template(node: Template, dropped: Counter[str]) -> str:
    name = " ".join(str(node.name).replace("_", " ").split()).lower()
    shows = _compiled().shown.get(name) or _compiled().shown.get(name.partition("-")[0].strip())
    if shows is None:
        dropped["templates"] += 1
        return ""
    arguments = [
        " ".join("".join(_nodes(each.value, dropped)).split())
        for each in node.params
        if not each.showkey or str(each.name).strip().isdecimal()
    ]
    words = shows
    for sign, value in (
        ("{quoted}", _quoted(name, arguments)),
        ("{date}", _date(arguments)),
        ("{all}", ", ".join(one for one in arguments if one)),
        ("{name}", str(node.name).strip()),
        ("{1}", arguments[0] if arguments else ""),
        ("{2}", arguments[1] if len(arguments) > 1 else ""),
    ):
        words = words.replace(sign, value)
    return words


def _quoted(name: str, arguments: Sequence[str]) -> str:
    """The words that a template dresses: behind the code of a language, or the first."""
    if not arguments:
        return ""
    behind_code = name.startswith(("lang", "transl", "script")) and "-" not in name
    return arguments[-1] if behind_code else arguments[0]


def _date(arguments: Sequence[str]) -> str:
    """`2019`, `5`, `3` as the page shows it; words stay as they are.

    Example:
        >>> _date(["2019", "5", "3"]), _date(["2019", "05"]), _date(["1 July 1990"])
        ('3 May 2019', 'May 2019', '1 July 1990')
    """
    parts = [one for one in arguments[:3] if one]
    if not parts or not (parts[0].isdecimal() and len(parts[0]) <= 4):
        return " ".join(parts[:1])
    if len(parts) > 1 and parts[1].isdecimal() and 1 <= int(parts[1][:3]) <= 12:
        parts[1] = month_name[int(parts[1])]
    if len(parts) > 2 and parts[2].isdecimal():
        parts[2] = parts[2].lstrip("0")
    return " ".join(reversed(parts))
