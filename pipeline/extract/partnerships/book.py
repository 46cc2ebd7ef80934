"""The rule files of the partnership layer and their models.

One question a file: what is a label (`partnerships.toml`), who are its parties
(`partnership_parties.toml`), what is said of it (`partnership_status.toml`), which people and
buildings stand for a state (`proxies.csv`), who is told of beside them
(`partnership_fellows.toml`), and the smaller forms of words (`partnership_forms.toml`).  In a
pattern `_` is the gap between two words and a word in braces is a list of words or a pattern of
the same file.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from pydantic import Field

from pipeline.rulebook import Rule, RuleModel, load
from schemas.tables import Instrument, PartnershipStatus

GAP = "(?: {1,9}|[ -]{1,4})"

# Signs of the private use area that stand for names in a mask: state, demonym, seat, leader, bloc.
STATE, DEMONYM, SEAT, LEADER, BLOC = "\ue001", "\ue002", "\ue003", "\ue004", "\ue005"
# The whole run, never a part of it: a name that could be cut anywhere makes lists backtrack.
PARTY = "[\ue001-\ue005]++"


class Words(Rule):
    """A group of words of one use."""

    words: tuple[str, ...] = Field(min_length=1)


class Tail(Rule):
    """An official ending of a label, behind its head."""

    pattern: str
    alone: bool = False  # enough to make a bare partnership a label


class Trap(Rule):
    """A context that makes of a seeming label something else."""

    before: str = ""
    label: str = ""
    after: str = ""


class LabelBook(RuleModel):
    """What `partnerships.toml` holds."""

    guide: tuple[Words, ...]
    official: tuple[Words, ...]
    field: tuple[Words, ...]
    security: tuple[Words, ...]  # fields that other ranks than `strategic` may have
    praise: tuple[Words, ...]
    tail: tuple[Tail, ...]
    form: tuple[Rule, ...]  # shapes of labels that code reads
    trap: tuple[Trap, ...]
    canonical: dict[str, str]
    order: tuple[str, ...]


class Slot(Rule):
    """A form of words that ties one or more parties to a label."""

    pattern: str


class PartyBook(RuleModel):
    """What `partnership_parties.toml` holds."""

    words: dict[str, str]
    after: tuple[Slot, ...]
    before: tuple[Slot, ...]
    step: tuple[Rule, ...]  # what code asks where no form ties a party to the label


class Fellow(Rule):
    """A form of words that tells of others than the parties of a label."""

    pattern: str
    where: Literal["before", "behind"]  # of the label
    stands_as: Literal["actor", "partner"]  # whose part in the sentence the others have
    asked: tuple[PartnershipStatus, ...]  # it holds beside a label of which one of these is said
    status: PartnershipStatus | None = None  # None: as the verb before `one` says
    as_label: bool = False  # what is said of the label is said of them
    partners: bool = False  # only beside a label headed by `partner`


class FellowBook(RuleModel):
    """What `partnership_fellows.toml` holds."""

    fellow: tuple[Fellow, ...]


class Cue(Rule):
    """A whole form before or behind a label that tells what is said of it."""

    status: PartnershipStatus
    before: str = ""
    after: str = ""


class VerbGroup(Rule):
    """Verbs by what they do to a partnership, each lemma with its forms."""

    kind: Literal["make", "raise", "reach", "build", "keep"]
    forms: dict[str, str] = Field(min_length=1)


class InstrumentWords(Rule):
    """Kinds of documents with the words for them, the more exact first."""

    words: dict[Instrument, str] = Field(min_length=1)


class StatusBook(RuleModel):
    """What `partnership_status.toml` holds."""

    words: dict[str, str]
    cue: tuple[Cue, ...]
    verb: tuple[VerbGroup, ...]
    ahead: tuple[Words, ...]
    done: tuple[Words, ...]
    instrument: tuple[InstrumentWords, ...]
    form: tuple[Rule, ...]  # what holds where no rule above fires


class FormBook(RuleModel):
    """What `partnership_forms.toml` holds."""

    cue_word: str  # every cue of `forms` holds it; in small letters
    agencies: frozenset[str]
    partner_blocs: frozenset[str]
    dialogue_blocs: frozenset[str]  # those that have dialogue partners
    owned_labels: dict[str, str]  # a word of a label and the state whose term it is
    unions: tuple[str, ...]  # acronyms of organisations whose names end in `Union`
    bloc_seats: dict[str, str]  # a town and the organisation it speaks for
    pairs: tuple[str, ...]
    scopes: tuple[str, ...]
    forms: dict[str, str]
    cased: dict[str, str]


def label_book() -> LabelBook:
    """The rules on labels."""
    book: LabelBook = load("partnerships.toml", LabelBook)
    return book


def party_book() -> PartyBook:
    """The rules on parties."""
    book: PartyBook = load("partnership_parties.toml", PartyBook)
    return book


def fellow_book() -> FellowBook:
    """The rules on those beside the parties."""
    book: FellowBook = load("partnership_fellows.toml", FellowBook)
    return book


def status_book() -> StatusBook:
    """The rules on status."""
    book: StatusBook = load("partnership_status.toml", StatusBook)
    return book


def form_book() -> FormBook:
    """The smaller forms and lists."""
    book: FormBook = load("partnership_forms.toml", FormBook)
    return book


@lru_cache
def form(name: str) -> re.Pattern[str]:
    """The form of words `name` of `partnership_forms.toml`.

    Example:
        >>> form("first_person").search("We met.") is not None
        True
    """
    book = form_book()
    if name in book.cased:
        return re.compile(_with_party(book.cased[name]))
    return re.compile(_with_party(book.forms[name]), re.IGNORECASE)


@lru_cache
def pair_forms() -> tuple[re.Pattern[str], ...]:
    """Forms in which two names are named as a pair, one group each."""
    return tuple(re.compile(_with_party(pattern)) for pattern in form_book().pairs)


@lru_cache
def scope_forms() -> tuple[re.Pattern[str], ...]:
    """Forms behind a label that limit it to a field, which is their first group."""
    return tuple(re.compile(_with_party(pattern)) for pattern in form_book().scopes)


def _with_party(pattern: str) -> str:
    return pattern.replace("{party}", PARTY)


def words_pattern(groups: tuple[Words, ...]) -> str:
    """One alternation of all words of `groups`, longest first, gaps spelled out."""
    words = sorted({word for group in groups for word in group.words}, key=len, reverse=True)
    return "(?:" + "|".join(word.replace("_", GAP) for word in words) + ")"


@lru_cache(maxsize=512)
def compiled(pattern: str, words: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    """`pattern` with its `{names}` and gaps filled in, any case."""
    for _ in range(4):
        for name, value in words:
            pattern = pattern.replace("{" + name + "}", f"(?:{value})")
    return re.compile(pattern.replace("_", "(?: {1,60})"), re.IGNORECASE)
