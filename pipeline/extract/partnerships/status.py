"""What a sentence says of a label: its status and the verb that carries it.

First the whole forms of the rule file (`no longer a`, `was never signed`, `to new heights`).
Then the verb nearest before the label decides by its kind and its form: a past form tells of
something done, a plain form or a noun is done unless a word of wish or future stands before it,
and `to` with a plain form is still to come unless the words before say otherwise (`agreed to`).
A verb of keeping takes the partnership as existing, whatever stands before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.extract.partnerships.book import PARTY, compiled, form, status_book
from pipeline.extract.partnerships.context import Sentence
from pipeline.extract.partnerships.labels import Label
from schemas.tables import PartnershipStatus

# What tells of a making or raising, which has a date.
MADE: tuple[PartnershipStatus, ...] = ("established", "upgraded")
LEFT_REACH, RIGHT_REACH = 420, 260
# How many words of an unknown verb and its other objects may stand behind a wish.
WISH_REACH = 10
# `the Joint Statement Towards a ...`: what the paper is on, by its name.
TOWARDS = re.compile(r"(?:Statement|Declaration|Charter|Treaty|Agreement|Memorandum) Towards?\b")
# Past forms that are no participles: they never describe the noun before them.
FINITE = frozenset({"became", "rose", "grew", "took", "went", "began"})
# Verbs that with `a partnership` as their object bring it about, if they are yet to come.
BRINGING = frozenset({"develop", "bring", "promote", "advance", "move"})
CALLING = frozenset({"call", "describe", "hail", "name", "tout"})
# Verbs of making whose object may stand behind `to`: they agreed to a partnership.
TAKING_TO = frozenset({"agree", "lead", "sign up", "admit", "give", "add", "become", "open"})
NAMING = frozenset(
    {"become", "designate", "declare", "recognise", "proclaim", "announce", "name", "join"}
    | {
        "grant",
        "award",
        "admit",
        "lead",
        "receive",
        "make",
        "sign up",
        "bring into",
        "give",
        "act",
        "add",
        "enlist",
    }
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The status of a label, the lemma of its verb and the rule that decided."""

    status: PartnershipStatus
    action: str | None
    rule_id: str


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of the rule file before a label."""

    start: int
    end: int
    lemma: str
    kind: str
    rule_id: str
    words: str


def _words() -> tuple[tuple[str, str], ...]:
    return (*status_book().words.items(), ("party", PARTY))


@lru_cache
def _verbs() -> list[tuple[str, str, str, re.Pattern[str]]]:
    return [
        (lemma, group.kind, group.id, compiled(rf"\b(?:{form})(?![\w-])", _words()))
        for group in status_book().verb
        for lemma, form in group.forms.items()
    ]


@lru_cache
def _any_of(name: str) -> re.Pattern[str]:
    groups = status_book().ahead if name == "ahead" else status_book().done
    words = "|".join(word for group in groups for word in group.words)
    return compiled(rf"(?<![\w-])(?:{words})(?![\w-])", _words())


def read_status(label: Label, sentence: Sentence) -> Reading:
    """Status of `label` in its sentence.

    Args:
        label: with offsets into the passage that `sentence` belongs to.
        sentence: with the mask of the passage.
    """
    start = max(sentence.start, label.start - LEFT_REACH)
    left = TOWARDS.sub(_as_on, sentence.masked[start : label.start])
    right = sentence.masked[label.end : min(sentence.end, label.end + RIGHT_REACH)]
    right = form("other_clause").split(right, maxsplit=1)[0]
    verb = _nearest(left)
    action = verb.lemma if verb else None
    for cue in status_book().cue:
        if _holds(cue.before, cue.after, left, right):
            if cue.status == "established" and verb is not None and _raises_to(verb, left):
                # `lifted their ties to a partnership, announced in Lima`
                return Reading("upgraded", action, verb.rule_id)
            return Reading(cue.status, action, cue.id)
    if verb is None and form("from_to").search(left):
        return Reading("upgraded", None, "status.raise")
    if verb is None:
        return Reading("proposed" if _is_wished(left) else "in_force", None, "status.plain")
    return _by_verb(verb, left, right, label.is_partner)


def _as_on(title: re.Match[str]) -> str:
    """A title with `Towards` as one with `on`, of the same length."""
    words = title[0].rsplit(None, 1)[0] + " on"
    return words.ljust(len(title[0]))


def _holds(before: str, after: str, left: str, right: str) -> bool:
    if before and compiled(before, _words()).search(left) is None:
        return False
    return not after or compiled(after, _words()).match(right) is not None


def _raises_to(verb: Verb, left: str) -> bool:
    """Whether a verb of raising, done and not denied, leads to the label."""
    before, between = left[: verb.start], left[verb.end :]
    led = verb.kind == "raise" and form("level").search(between) is not None
    return led and not form("negated").search(before) and not _is_ahead(verb, before)


def _nearest(left: str) -> Verb | None:
    """The last verb of the rule file in the clause before the label."""
    cuts = [cut.end() for cut in form("clause").finditer(left)]
    floor = cuts[-1] if cuts else 0
    verbless = form("verbless").search(left) is not None
    best: Verb | None = None
    for lemma, kind, rule_id, pattern in _verbs():
        if verbless and kind not in ("make", "raise"):
            continue
        for match in pattern.finditer(left, floor):
            past = form("past").search(match[0]) and match[0].lower() not in FINITE
            behind = left[match.end() :].lstrip()
            to_it = kind == "raise" and form("level").match(behind) is not None
            if past and not to_it and form("behind_label").search(left[: match.start()]):
                # `raised the partnership concluded in 2009 to a ...`: said of the other label.
                continue
            if form("by_agent").match(left, match.end()) and form("noun_before").search(
                left[: match.start()]
            ):
                # `the momentum created by the visit`: said of the noun before.
                continue
            if match[0].endswith(" of") and form("new_clause").search(left, match.end()):
                # `the signing of a tax treaty ..., both said that the partnership`
                continue
            if lemma in CALLING and form("what_called").search(left[: match.start()]):
                continue
            if kind == "raise" and past and form("determined").search(left, 0, match.start()):
                # `touted the advanced trade of both, pointing to their partnership`
                continue
            describes = form("past").search(match[0]) and match.end() >= len(left.rstrip())
            if describes and form("adjective").search(left[: match.start()]):
                # `signed an agreement of enhanced partnership`: a participle that describes.
                continue
            if best is None or match.start() > best.start:
                best = Verb(match.start(), match.end(), lemma, kind, rule_id, match[0])
    best = _coordinated(left, _raised_instead(left, best, floor))
    reach = 40 if verbless else 18
    if best is not None and len(left[best.end :].split()) > reach:
        return None
    return best


def _raised_instead(left: str, verb: Verb | None, floor: int) -> Verb | None:
    """The verb of raising before a participle: `upgrade the ties established in 2003 to a`."""
    if verb is None or verb.kind != "make" or verb.lemma in TAKING_TO:
        return verb
    if not form("past").search(verb.words) or not form("raised_to").search(left, verb.end):
        return verb
    if not form("noun_before").search(left[: verb.start]):
        return verb
    found: Verb | None = None
    for lemma, kind, rule_id, pattern in _verbs():
        for match in pattern.finditer(left, floor, verb.start) if kind == "raise" else ():
            if found is None or match.start() > found.start:
                found = Verb(match.start(), match.end(), lemma, kind, rule_id, match[0])
    return found or verb


def _coordinated(left: str, verb: Verb | None) -> Verb | None:
    """The verb of making joined to the one found: `on establishing and developing a`."""
    if verb is None or verb.kind not in ("raise", "keep"):
        return verb
    front = re.search(r"([a-z]{3,14}) {1,3}and {1,3}(?:further |jointly )?$", left[: verb.start])
    if front is None:
        return verb
    for lemma, kind, rule_id, pattern in _verbs():
        if kind == "make" and pattern.fullmatch(front[1]):
            return Verb(front.start(1), front.end(1), lemma, kind, rule_id, front[1])
    return verb


def _is_wished(left: str) -> bool:
    """Whether a word of wish stands before a label with `a` that no known verb carries."""
    clause = left[max((cut.end() for cut in form("clause").finditer(left)), default=0) :]
    article = form("indefinite").search(clause)
    ahead = [match.end() for match in _any_of("ahead").finditer(clause)]
    if article is None or not ahead or ahead[-1] > article.start():
        return False
    between = clause[ahead[-1] : article.start()]
    if form("no_wish").search(clause[: ahead[-1]]) or "," in between:
        # `at once a partner`; `it is, I would say, a partner`
        return False
    return len(between.split()) <= WISH_REACH and form("had").search(between) is None


def _by_verb(verb: Verb, left: str, right: str, is_partner: bool) -> Reading:
    status = _status(verb, left, is_partner)
    if status in ("established", "upgraded") and form("occasion_ahead").match(right):
        # `decided to grant Fiji the rank of a partner at the summit to be held in May`
        status = "proposed"
    return Reading(status, verb.lemma, verb.rule_id)


def _status(verb: Verb, left: str, is_partner: bool) -> PartnershipStatus:
    before, between = left[: verb.start], left[verb.end :]
    if _is_kept(verb, before, between, is_partner):
        return "in_force"
    if verb.kind == "raise" and not form("level").search(between):
        return _of_raised(verb, before, between, is_partner)
    if form("negated").search(before):
        return "negated"
    if _is_ahead(verb, before):
        return "proposed"
    if verb.kind == "build" and verb.lemma != "resume" and form("agreed_to").search(before):
        # `agreed to build a partnership` makes it; `is building one` has it.
        return "established"
    done: dict[str, PartnershipStatus] = {"make": "established", "build": "in_force"}
    return done.get(verb.kind, "upgraded")


def _of_raised(verb: Verb, before: str, between: str, is_partner: bool) -> PartnershipStatus:
    """What is said of a label that is itself the object of a verb of raising: mostly in force."""
    bringing = verb.lemma in BRINGING
    # `would like to develop a partnership`: one that is not yet there.
    new = bringing and form("a_new").search(between) is not None
    # `might develop partnership` of a headline; `will widen their ties with a partnership`
    bare = bringing and not between.strip(" \"'") and form("may_do").search(before) is not None
    by_it = not is_partner and form("by_a_new").search(between) is not None
    told = form("past").search(verb.words) or form("goes_on").search(before)
    if (new or bare or by_it) and not told and _is_ahead(verb, before):
        return "proposed"
    if new and verb.lemma == "develop" and form("agreed_to").search(before):
        return "established"
    return "in_force"


def _is_kept(verb: Verb, before: str, between: str, is_partner: bool) -> bool:
    """Whether the partnership is taken as existing, whatever the words before the verb say."""
    if form("own_infinitive").search(between):
        # `ready to work with Fiji to enrich the partnership`
        return True
    if verb.kind == "build" and form("goes_on").search(before):
        # `they continue to build a partnership`
        return True
    if verb.kind == "raise" and form("ranks_of").search(between):
        # `promoted to the club of its partners`
        return False
    owned = form("owned").search(between) is not None
    told = verb.lemma in NAMING or (verb.lemma == "establish" and not between.strip())
    if is_partner and verb.kind == "make" and not told:
        # `signed treaties with partners such as Fiji`: only naming makes a partner.
        return True
    if owned and (
        (
            verb.kind == "build"
            and verb.lemma not in ("be", "act")
            # `hopes to resume its partnership`: there is none at present.
            and not (verb.lemma == "resume" and _is_ahead(verb, before))
        )
        or (is_partner and verb.lemma not in NAMING)
    ):
        return True
    return verb.kind == "keep" or form("attribute").search(before) is not None


def _is_ahead(verb: Verb, before: str) -> bool:
    """Whether the verb tells of something still to come."""
    cuts = [cut.end() for cut in re.finditer(r"[;:|]|, {1,3}(?:who|which|where)\b", before)]
    clause = before[cuts[-1] if cuts else 0 :]
    if form("modal").match(verb.words) and not verb.words.lower().startswith("to"):
        return verb.kind == "build"
    if form("past").search(verb.words):
        ahead_of_it = form("perfect_ahead").search(before) is not None
        return ahead_of_it and form("first_to_be").search(before) is None
    ahead = [match.end() for match in _any_of("ahead").finditer(clause)]
    done = [match.end() for match in _any_of("done").finditer(clause)]
    if (settled := _by_noun(verb, clause)) is not None:
        return settled
    if form("infinitive").search(before) or verb.words.lower().startswith("to"):
        return (ahead[-1] if ahead else 0) >= (done[-1] if done else -1)
    if not ahead:
        return False
    # A noun of making is still to come only where the wish stands close: `plans the signing of`.
    reach = 3 if verb.words.lower().endswith(" of") else 14
    return ahead[-1] > (done[-1] if done else -1) and len(clause[ahead[-1] :].split()) <= reach


def _by_noun(verb: Verb, clause: str) -> bool | None:
    """Whether a noun or gerund of making is still to come, where the words before settle it."""
    if not verb.words.lower().endswith((" of", "ing")):
        return None
    if form("brought_by").search(clause):
        return False
    if form("paper_ahead").search(clause) and not form("was_agreed").search(clause):
        return True
    return None
