"""What is tied to a label: the forms of words right before and behind it, not yet resolved."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from types import MappingProxyType

from pipeline.extract.partnerships.book import (
    BLOC,
    DEMONYM,
    PARTY,
    Slot,
    compiled,
    form,
    party_book,
)
from pipeline.extract.partnerships.context import Context, Sentence, codes_of
from pipeline.extract.partnerships.labels import Label
from pipeline.extract.partnerships.mentions import Mention, is_unnamed_set, touches
from pipeline.extract.partnerships.syntax import Tree

LEFT_REACH, RIGHT_REACH = 400, 2500

# Groups of the party forms that hold names.
NAMES = ("all", "right", "of", "named", "rest", "listed", "ours", "signed")

# Names behind a label that are its own only where this form stands before it.
ASKED_BEFORE = MappingProxyType(
    {"listed": "among", "ours": "owner_before", "signed": "signed_before"}
)

TO = re.compile(r"\bto(?: {1,3}(?:both|our|the))? {1,60}$")
ALONGSIDE = re.compile(r",? {1,60}alongside\b")
JOINT_AND = re.compile(r"\b(?:and|&)\b")
BARE = re.compile(r" {0,3}, {1,3}(?:the )?(?:[A-Z][\w.-]* ){0,4}")
BETWEEN = re.compile(r"\bbetween\b")

# Words before a label that point to one which was named.
DEFINITE = frozenset({"our", "their", "the", "this", "that", "its"})


@dataclass(frozen=True, slots=True)
class Case:
    """A label with all that is asked about it; offsets count from its passage."""

    label: Label
    sentence: Sentence
    context: Context
    tree: Tree | None = None

    @property
    def left_start(self) -> int:
        """Where the words before the label begin to count."""
        return max(self.sentence.start, self.label.start - LEFT_REACH)

    @property
    def left(self) -> str:
        """The masked words of the sentence before the label."""
        return self.sentence.masked[self.left_start : self.label.start]

    @property
    def is_bare(self) -> bool:
        """Whether neither words nor names stand before the label in its sentence."""
        named = self.sentence.within(self.sentence.start, self.label.start)
        return not named and not re.search(r"\w", self.left)

    def told_by(self, name: str) -> list[str]:
        """Whom the first group of a form before the label names, by its code."""
        match = form(name).search(self.left)
        return [] if match is None else self.sentence.codes_at(self.left_start + match.start(1))

    @property
    def is_plural(self) -> bool:
        """Whether the label is of several: `strategic partnerships`."""
        return self.sentence.is_plural(self.label.start, self.label.end)

    @property
    def clause(self) -> Sentence:
        """The part of the sentence between the semicolons around the label."""
        sentence, label = self.sentence, self.label
        start = sentence.masked.rfind(";", sentence.start, label.start) + 1 or sentence.start
        end = sentence.masked.find(";", label.end, sentence.end)
        end = end if end >= 0 else sentence.end
        return replace(sentence, start=start, end=end, mentions=tuple(sentence.within(start, end)))

    @property
    def up_to_clause(self) -> Sentence:
        """The sentence up to the semicolon behind the label."""
        start, end = self.sentence.start, self.clause.end
        return replace(self.sentence, end=end, mentions=tuple(self.sentence.within(start, end)))


@dataclass(slots=True)
class Tied:
    """What the forms around one label say."""

    every: list[str] = field(default_factory=list)  # all parties
    pairs: list[list[str]] = field(default_factory=list)  # `the X-Y and X-Z partnerships`
    right: list[str] = field(default_factory=list)  # those behind the label
    left: list[str] = field(default_factory=list)  # its owner
    both: bool = False  # `between the two countries`
    last: bool = False  # `with the country`
    bloc: bool = False  # `with the bloc`
    other: bool = False  # `with a firm`
    word: str = ""  # pronoun or article before the label
    end: int = 0  # where the names behind the label end
    behind: list[str] = field(default_factory=list)  # names behind their comma: `with Fiji, Tonga`
    rule_id: str = ""


def patterns(slots: Sequence[Slot]) -> list[tuple[Slot, re.Pattern[str]]]:
    """The rules with their compiled patterns."""
    return [(slot, party_pattern(slot.pattern)) for slot in slots]


def party_pattern(pattern: str) -> re.Pattern[str]:
    """A pattern in the words of `partnership_parties.toml`."""
    return compiled(pattern, (("party", PARTY), *party_book().words.items()))


def tied_to(case: Case) -> Tied:
    """What is tied to the label of `case`; the first form that fits wins on each side."""
    tied = Tied()
    label, sentence = case.label, case.sentence
    right_end = min(sentence.end, label.end + RIGHT_REACH)
    for slot, pattern in patterns(party_book().after):
        match = pattern.match(sentence.masked, label.end, right_end)
        if match is not None and _take_right(case, tied, match):
            tied.rule_id = slot.id
            break
    for slot, pattern in patterns(party_book().before):
        match = pattern.search(case.left)
        if match is not None and _take_left(case, tied, match):
            if not tied.word:
                tied.rule_id = slot.id if tied.every else tied.rule_id or slot.id
            break
    return tied


def _take_right(case: Case, tied: Tied, match: re.Match[str]) -> bool:
    groups: Mapping[str, str | None] = match.groupdict()
    name = next((name for name in NAMES if name in groups), None)
    if (owner := groups.get("owner")) is not None:
        # `a dialogue partner of the forum`: of one that is an organisation.
        named = owner[:1].isupper() or "dialogue" not in case.label.key
        tied.other = case.label.is_partner and named
        return tied.other
    if name is None:
        tied.both = groups.get("both") is not None
        tied.last = groups.get("last") is not None
        tied.bloc = form("bloc_word").search(groups.get("last") or "") is not None
        tied.other = groups.get("other") is not None
        return True
    if case.label.is_partner and ALONGSIDE.match(case.sentence.masked, case.label.end):
        # `a partner alongside Peru` is one as Peru is, and not Peru's.
        return False
    if groups.get("left") is not None:
        tied.left = listed(case.sentence, match.start("left"), match.end("left"))
    if name == "rest":
        codes = codes_of(case.sentence.within(match.start(name), match.end(name)))
    else:
        codes = listed(case.sentence, match.start(name), match.end(name), behind=True)
    if not _fits(case, match, name):
        return False
    own = case.label.is_partner or "dialogue" in case.label.key
    lead = case.sentence.masked[case.label.end : match.start(name)]
    if name == "of" and form("given_to").search(case.left) and TO.search(lead):
        # `X accorded the status of a partnership to Y and Z`: they receive it.
        own = True
    if name == "all" or (name == "of" and not own):
        codes = _closed(case, match.start(name), match.end(name)) or codes
        tied.pairs = _again(case, match.start(name), match.end(name))
        tied.every = codes if len(codes) > 1 else []
        return len(codes) > 1
    tied.right, tied.end = codes, match.end(name)
    if name in ("right", "of", "named"):
        _cut(case, tied, match.start(name))
    return bool(codes)


def _closed(case: Case, start: int, end: int) -> list[str]:
    """Names up to the `and` that closes their list: `between Peru and Fiji, Tonga said that`."""
    inside = case.sentence.within(start, end)
    joints = [case.sentence.masked[one.end : two.start] for one, two in pairwise(inside)]
    closing = next((n for n, joint in enumerate(joints) if JOINT_AND.search(joint)), None)
    if closing is None or closing + 1 >= len(joints) or not BARE.fullmatch(joints[closing + 1]):
        return []
    spoken = form("speaks").match(case.sentence.masked, inside[closing + 2].end)
    cut = inside[closing + 1].end if spoken else end
    return listed(case.sentence, start, cut)


def _again(case: Case, start: int, end: int) -> list[list[str]]:
    """The pairs of `between X and Y, and between X and Z`; none where `between` stands once."""
    cuts = [cut.start() for cut in BETWEEN.finditer(case.sentence.masked, start, end)]
    if not cuts:
        return []
    edges = zip([start, *cuts], [*cuts, end], strict=True)
    pairs = [listed(case.sentence, first, last) for first, last in edges]
    return pairs if all(len(pair) > 1 for pair in pairs) else []


def _cut(case: Case, tied: Tied, start: int) -> None:
    """Ends a list behind its last `and`, and a bare comma where the main clause follows it.

    In `with Fiji and Nauru, Tonga built` and in `Under the partnership with Fiji, Tonga built` the
    name behind the comma is no partner.
    """
    inside = case.sentence.within(start, tied.end)
    joints = [
        case.sentence.masked[one.end : two.start].strip(" '") for one, two in pairwise(inside)
    ]
    clauses = [number for number, joint in enumerate(joints) if joint.startswith(";")]
    alone = form("verb_behind").match(case.sentence.masked, tied.end) or form(
        "apposed_behind"
    ).match(case.sentence.masked, tied.end)
    if clauses and alone:
        # `partners of the SCO; Fiji and Nauru are next`
        kept = codes_of([m for m in inside[: clauses[-1] + 1] if m.code in tied.right])
        tied.right, tied.end = kept or tied.right, inside[clauses[-1]].end
        return
    bare = [
        re.fullmatch(r",(?: the)?(?: [A-Z][\w.-]*){0,4}", joint) is not None for joint in joints
    ]
    if len(joints) > 1 and bare[0] and not bare[-1] and _opens_as(case, tied.end):
        # `As partners of ASEAN, Fiji and Nauru signed`: those behind the comma are the partners.
        tied.right, tied.behind = [inside[0].code], codes_of(inside[1:])
        tied.end = inside[0].end
        return
    fronted = form("front").match(case.left) is not None
    if case.label.is_partner and form("front_partner").match(case.left):
        fronted = True
    for number in range(1, len(joints) + 1):
        closed = number > 1 and not bare[number - 2]
        spoken = form("speaks").match(case.sentence.masked, inside[number].end) is not None
        only = len(joints) == 1 and (fronted or spoken)
        if bare[number - 1] and (closed or only) and not any(not b for b in bare[number:]):
            kept = codes_of([m for m in inside[:number] if m.code in tied.right])
            if kept:
                tied.right, tied.behind = kept, [inside[number].code]
                tied.end = inside[number - 1].end
            return


def _opens_as(case: Case, end: int) -> bool:
    """Whether partners open the sentence, and its verb follows the list that ends at `end`."""
    plural = case.label.is_partner and case.is_plural
    verb = re.match(r" {1,3}[a-z]", case.sentence.masked[end : end + 4])
    return plural and verb is not None and form("as_front").match(case.left) is not None


def _fits(case: Case, match: re.Match[str], name: str) -> bool:
    """Whether names behind a partner are its own: `its partner X`, not `X is a partner Y ...`."""
    if name in ASKED_BEFORE:
        which = name == "listed" and form("with_which").search(case.left) is not None
        partner = case.label.is_partner or name == "signed" or which
        told = name == "ours" and match["left"] is not None
        return partner and (told or form(ASKED_BEFORE[name]).search(case.left) is not None)
    if name not in ("named", "rest"):
        return True
    if name == "rest" or not case.label.is_partner:
        # `six states enjoy dialogue partner status: X, Y ...`
        return name == "rest" and (case.label.is_partner or "dialogue" in case.label.key)
    if re.match(r" {1,3}(?:as )?an? ", case.sentence.masked[match.end(name) :][:8]):
        # `a strategic partner, Peru a friend`
        return False
    bare = not case.sentence.masked[case.label.end : match.start(name)].strip()
    owned = re.search(rf"{PARTY}(?:'s|')? {{0,3}}$", case.left) is not None
    if bare and owned and len(case.sentence.within(match.start(name), match.end(name))) > 1:
        # `as well as ASEAN dialogue partners Fiji and Nauru`
        return True
    predicate = bare and form("predicate").search(case.left) is not None
    return not predicate and form("fronted").match(case.left) is None


def _take_left(case: Case, tied: Tied, match: re.Match[str]) -> bool:
    groups = match.groupdict()
    if "word" in groups:
        # `his country's partner` is its partner.
        owned = re.search(r"(?:country|nation|government)'s ", match[0])
        tied.word = "its" if owned else match["word"].lower()
        return True
    if groups.get("both") is not None:
        tied.both = True
        return True
    name = "all" if "all" in groups else "left"
    start, end = case.left_start + match.start(name), case.left_start + match.end(name)
    codes = listed(case.sentence, start, end)
    if name == "left":
        tied.left = codes
        return bool(codes)
    if len(codes) < 2 or tied.every:
        return False
    tied.every = codes
    if groups.get("pairs"):
        first, last = (case.left_start + at for at in match.span("pairs"))
        inside = case.sentence.within(first, last)
        tied.pairs = [codes_of(inside[at : at + 2]) for at in range(0, len(inside), 2)]
    return True


def listed(sentence: Sentence, start: int, end: int, behind: bool = False) -> list[str]:
    """Codes named between two offsets; behind a label a demonym must speak for its state."""
    return codes_of(
        [
            mention
            for mention in sentence.within(start, end)
            if not is_unnamed_set(sentence.masked, mention)
            and not (behind and not _is_named_itself(sentence, mention))
        ]
    )


def _is_named_itself(sentence: Sentence, mention: Mention) -> bool:
    """Whether a name behind a label means the state: `with Kenya`, not `with Kenya's Blue Bank`.

    A demonym must speak for its state: `the Thai side`, `the Thais`, `Thai-Lao`.
    """
    rest = sentence.masked[mention.end : mention.end + 60]
    if form("around_it").match(rest):
        return False
    if mention.sign != DEMONYM:
        if _begins_a_firm(sentence, mention):
            return False
        firm = re.match(r"(?:'s|') {1,3}[A-Z\u00c0-\u00de]", rest) is not None
        person = touches(sentence.people, mention.end + 2, mention.end + 5)
        return not firm or person or form("state_noun").match(rest) is not None
    return (
        form("state_noun").match(rest) is not None
        or re.match(rf"-| ?(?:[.,;:)]|$)| and (?:the )?{PARTY}", rest) is not None
    )


def _begins_a_firm(sentence: Sentence, mention: Mention) -> bool:
    """Whether a name goes on as that of a firm: `with Chile Vino`; headlines tell nothing."""
    rest = sentence.masked[mention.end : mention.end + 40]
    if mention.sign == BLOC or form("firm_behind").match(rest) is None:
        return False
    person = touches(sentence.people, mention.end + 1, mention.end + 3)
    words = re.findall(r"[A-Za-z]{4,}", sentence.masked[sentence.start : sentence.end][:400])
    small = sum(word[0].islower() for word in words)
    return not person and small * 2 > len(words)
