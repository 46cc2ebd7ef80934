"""The words that a piece of a line shows; mwparserfromhell reads its links and templates."""

from __future__ import annotations

import re
from calendar import month_name
from collections import Counter
from collections.abc import Iterator, Sequence

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

from pipeline.ingest.wikitext.lexicon import compiled

# The address of a link in single brackets, whose end is on the same line.
_OPEN_LINK = re.compile(r"\[(?=(?:https?:|ftp:|mailto:)?//|mailto:)(?![^\]\[\n]{1,500}\])")
_BRACKETS = re.compile(r"\{\{+|\}\}+|\[\[+|\]\]+")
_QUOTES = re.compile("'{2,}")
_LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,10})?$")


def shown(source: str, dropped: Counter[str]) -> str:
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
    if colon and before and (space in compiled().unshown or _LANGUAGE_CODE.match(space)):
        kinds = ("categor", "kategor", "luokka", "thể loại", "катег")
        dropped["categories" if space.startswith(kinds) else "files and links to other wikis"] += 1
        return ""
    if node.text is not None:
        return "".join(_nodes(node.text, dropped)) or target.strip(":|")
    return "".join(_nodes(node.title, dropped)).strip().removeprefix(":")


def _template(node: Template, dropped: Counter[str]) -> str:
    name = " ".join(str(node.name).replace("_", " ").split()).lower()
    shows = compiled().shown.get(name) or compiled().shown.get(name.partition("-")[0].strip())
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
