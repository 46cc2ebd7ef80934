"""Every rule against its own proof: its examples must hold, its counter-examples too.

A rule file is loaded by the model that its layer states, which refuses a rule without reason or
examples; here each of these sentences is read by that layer, and what is found is held against
what is marked.  Pure but for the language model, which only statements need.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from pipeline import marked
from pipeline.errors import RuleError
from pipeline.extract.dates import find_dates
from pipeline.extract.dates.lexicon import rules as date_rules
from pipeline.extract.entities import find_entities
from pipeline.extract.entities.calling_book import calling_rules
from pipeline.extract.entities.lists import rules as entity_rules
from pipeline.extract.entities.speakers import speaker_rules
from pipeline.extract.money import find_money
from pipeline.extract.money.rules import MoneyRules
from pipeline.extract.nlp import Model
from pipeline.extract.partnerships import find_partnerships, needs_parse
from pipeline.extract.partnerships.book import (
    fellow_book,
    form_book,
    label_book,
    party_book,
    status_book,
)
from pipeline.ingest.articles import FieldRule, moment, words_of
from pipeline.ingest.articles import rules as article_rules
from pipeline.ingest.datelines import DatelineRule, SiteRule, read_dateline
from pipeline.ingest.datelines import rules as metadata_rules
from pipeline.ingest.hosts import issuer_of
from pipeline.ingest.pages import take_page
from pipeline.ingest.wikitext import rules as wikitext_rules
from pipeline.ingest.wikitext import text_of_wikitext
from pipeline.passages import split, view
from pipeline.passages.furniture import bullet, cue, kind_by_pattern, title_prefix
from pipeline.passages.languages import LanguageRules, language_of
from pipeline.passages.lexicon import CueRule, ListRule, PassageRules, PatternRule, PrefixRule
from pipeline.passages.stamp_words import StampRules
from pipeline.passages.stamps import read_record, read_stamp
from pipeline.passages.threads import ButtonRule, ThreadRules, button, heads_comment
from pipeline.records import EntityFinding, ModelOutput
from pipeline.repeats.align import side
from pipeline.repeats.lexicon import rules as repeat_rules
from pipeline.repeats.tokens import stream
from pipeline.repeats.veto import verify
from pipeline.rulebook import Rule, load

# A page around the `meta` of an example.
PAGE = "<html><head>{}</head><body><p>Norway and Chile signed it on 3 May 2019.</p></body></html>"
MARK = re.compile(r"\[\[(.*)\|(.*)\]\](.*)", re.DOTALL)

Fault = str | None
Reader = Callable[[Rule, str, bool], Fault]
"""Reads one sentence of a rule, which may be a counter-example; what is wrong, or None."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What one rule file holds and which of its proofs fail.

    `bare` counts the word lists and forms in it that carry no example of their own.
    """

    file: str
    rules: int
    examples: int
    counter_examples: int
    bare: int
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Book:
    """A rule file: its rules and how a sentence of theirs is read."""

    file: str
    rules: Callable[[], Sequence[Rule]]
    reads: Reader
    bare: Callable[[], int] = int


def prove(model: Model) -> Iterator[Proof]:
    """Each rule file with the proofs that fail; one that cannot be loaded has a fault too.

    Args:
        model: asked about the sentences of the partnership rules.
    """
    for book in _books(_statements(model)):
        try:
            known = book.rules()
        except RuleError as error:
            yield Proof(book.file, 0, 0, 0, 0, (str(error),))
            continue
        yield Proof(
            book.file,
            len(known),
            sum(len(rule.examples) for rule in known),
            sum(len(rule.counter_examples) for rule in known),
            book.bare(),
            tuple(_faults(book, known)),
        )


def reasons() -> dict[str, str]:
    """From the id of every rule to its reason."""
    books = _books(lambda _rule, _sentence, _is_counter: None)
    return {rule.id: rule.why for book in books for rule in book.rules()}


def _faults(book: _Book, known: Sequence[Rule]) -> Iterator[str]:
    seen: set[str] = set()
    for rule in known:
        if rule.id in seen:
            yield f"{book.file}: {rule.id}: two rules have this id"
        seen.add(rule.id)
        for is_counter, sentences in ((False, rule.examples), (True, rule.counter_examples)):
            for sentence in sentences:
                if fault := book.reads(rule, sentence, is_counter):
                    kind = "counter-example" if is_counter else "example"
                    yield f"{book.file}: {rule.id}: {kind} {sentence!r}: {fault}"


def _books(statements: Reader) -> tuple[_Book, ...]:
    return (
        _Book("articles.toml", _article_rules, _article),
        _Book("callings.toml", lambda: calling_rules().rules, _named),
        _Book("dates.toml", _date_rules, _dates),
        _Book("entities.toml", lambda: entity_rules().rules, _entities),
        _Book("languages.toml", _language_rules, _language),
        _Book("metadata.toml", _metadata_rules, _metadata),
        _Book("money.toml", lambda: load("money.toml", MoneyRules).all_rules, _money),
        _Book("partnerships.toml", _label_rules, statements),
        _Book("partnership_parties.toml", _party_rules, statements),
        _Book("partnership_status.toml", _status_rules, statements),
        _Book("partnership_fellows.toml", lambda: fellow_book().fellow, statements),
        _Book("partnership_forms.toml", tuple, statements, _bare_forms),
        _Book("passages.toml", _passage_rules, _passage),
        _Book("repeats.toml", lambda: repeat_rules().classes, _repeat),
        _Book("speakers.toml", lambda: speaker_rules().rules, _named),
        _Book("stamps.toml", lambda: load("stamps.toml", StampRules).label, _stamp),
        _Book("threads.toml", _thread_rules, _thread),
        _Book("wikitext.toml", lambda: wikitext_rules().template, _wikitext),
    )


def _date_rules() -> Sequence[Rule]:
    book = date_rules()
    return (*book.shapes, *book.prefixes, *book.suffixes, *book.guards)


def _language_rules() -> Sequence[Rule]:
    book = load("languages.toml", LanguageRules)
    return (*book.script, *book.latin)


def _metadata_rules() -> Sequence[Rule]:
    book = metadata_rules()
    return (*book.dateline, *book.site)


def _passage_rules() -> Sequence[Rule]:
    book = load("passages.toml", PassageRules)
    return (*book.cue, *book.pattern, *book.prefix, *book.list)


def _thread_rules() -> Sequence[Rule]:
    book = load("threads.toml", ThreadRules)
    return (*book.button, *book.head)


def _article_rules() -> Sequence[Rule]:
    book = article_rules()
    return (*book.field, *book.meta)


def _label_rules() -> Sequence[Rule]:
    book = label_book()
    return (
        *book.guide,
        *book.official,
        *book.field,
        *book.security,
        *book.praise,
        *book.tail,
        *book.form,
        *book.trap,
    )


def _party_rules() -> Sequence[Rule]:
    book = party_book()
    return (*book.after, *book.before, *book.step)


def _status_rules() -> Sequence[Rule]:
    book = status_book()
    parts = (book.cue, book.verb, book.ahead, book.done, book.instrument, book.form)
    return tuple(chain.from_iterable(parts))


def _bare_forms() -> int:
    book = form_book()
    return len(book.forms) + len(book.cased) + len(book.pairs) + len(book.scopes) + 2


def _differs(got: Sequence[tuple[int, str]], sentence: marked.Marked) -> Fault:
    wanted = [(one.start, "; ".join(sorted(one.value.split("; ")))) for one in sentence.expected]
    if list(got) == wanted:
        return None
    return f"found {[value for _, value in got]}, marked {[value for _, value in wanted]}"


def _dates(_rule: Rule, sentence: str, _is_counter: bool) -> Fault:
    one = marked.parse(sentence)
    found = find_dates(one.document, one.passages, {})
    return _differs([(item.start_char, marked.date_value(item)) for item in found], one)


def _money(_rule: Rule, sentence: str, _is_counter: bool) -> Fault:
    one = marked.parse(sentence)
    found = find_money(one.document, one.passages)
    return _differs([(item.start_char, marked.money_value(item)) for item in found], one)


def _names(sentence: str) -> tuple[list[EntityFinding], marked.Marked]:
    """What is found in a sentence, with the model's spans in front of it; and its marks."""
    said, divided, rest = sentence.partition(" :: ")
    one = marked.parse(rest if divided else sentence)
    passages = marked.blocks(one.document.document_id, one.document.text)
    outputs = marked.stated_spans(said if divided else "", passages)
    return find_entities(one.document, passages, outputs), one


def _named(_rule: Rule, sentence: str, _is_counter: bool) -> Fault:
    found, one = _names(sentence)
    return _differs([(item.start_char, marked.entity_value(item)) for item in found], one)


def _entities(rule: Rule, sentence: str, is_counter: bool) -> Fault:
    found, one = _names(sentence)
    if not is_counter and rule.id not in {item.rule_id for item in found}:
        return "the rule finds nothing in it"
    return _differs([(item.start_char, marked.entity_value(item)) for item in found], one)


def _statements(model: Model) -> Reader:
    def read(rule: Rule, sentence: str, is_counter: bool) -> Fault:
        one = marked.parse(sentence)
        # A title and a list are told by the blank lines around them.
        whole = "\n\n" not in one.document.text
        passages = one.passages if whole else split(one.document)
        texts = [passage.text for passage in passages]
        answers = model.read(texts, [needs_parse(text) for text in texts])
        outputs: dict[int, ModelOutput] = dict(enumerate(answers))
        entities = find_entities(one.document, passages, outputs)
        dates = find_dates(one.document, passages, outputs)
        found, _ = find_partnerships(one.document, passages, entities, dates, outputs)
        spans: dict[tuple[int, int], list[str]] = {}
        for item in found:
            words = one.document.text[item.start_char : item.end_char]
            value = marked.partnership_value(item, words)
            spans.setdefault((item.start_char, item.end_char), []).append(value)
        got = [(start, "; ".join(sorted(values))) for (start, _), values in sorted(spans.items())]
        by = {item.rule_id for item in found}
        if rule in party_book().step and not is_counter and rule.id not in by:
            return f"found by {sorted(by)}"
        return _differs(got, one)

    return read


def _halves(sentence: str) -> tuple[str, str, str]:
    """The words of a mark, its value, and what stands behind it."""
    match = MARK.fullmatch(sentence)
    return (match[1], match[2], match[3]) if match else (sentence, "", "")


def _language(_rule: Rule, sentence: str, _is_counter: bool) -> Fault:
    words, language, _ = _halves(sentence)
    found = language_of(words)
    return None if found == language else f"found {found}, marked {language}"


def _metadata(rule: Rule, sentence: str, is_counter: bool) -> Fault:
    words, wanted, rest = _halves(sentence)
    got: str | None = None
    if isinstance(rule, SiteRule):
        got = issuer_of(f"https://{words}/en/1")
    elif isinstance(rule, DatelineRule) and (line := read_dateline(words + rest)):
        day = line.date.isoformat() if line.date else "-"
        got = " ".join(filter(None, [day, line.publisher]))
        got = got if line.end == len(words) or is_counter else f"{got} to {line.end}"
    wanted_value = None if is_counter else wanted
    return None if got == wanted_value else f"found {got}, marked {wanted_value}"


def _passage(rule: Rule, sentence: str, is_counter: bool) -> Fault:
    words, _, rest = _halves(sentence)
    got: object = None
    wanted: object = None
    match rule:
        case CueRule():
            got, wanted = cue(words), rule.strength
        case PatternRule():
            got, wanted = kind_by_pattern(words), rule.kind
        case ListRule():
            got, wanted = bool(bullet(words)), True
        case PrefixRule():
            got, wanted = bool(title_prefix(view(words + rest))[0]), True
    holds = not got if is_counter else got == wanted
    return None if holds else f"found {got}, marked {None if is_counter else wanted}"


def _article(rule: Rule, sentence: str, is_counter: bool) -> Fault:
    source, _, wanted = (sentence, "", "") if is_counter else sentence.rpartition(" -> ")
    assert isinstance(rule, FieldRule)
    if rule in article_rules().meta:
        stated = take_page(PAGE.format(source).encode()).stated
        value = {"published": moment(wanted), "language": wanted[:2]}.get(rule.column, wanted)
        got = getattr(stated, rule.column, None)
        return None if got == (value or None) else f"found {got}, marked {wanted or None}"
    words = " ".join(words_of(json.loads(source), rule.column).split())
    return None if words == wanted else f"found {words!r}, marked {wanted!r}"


def _wikitext(_rule: Rule, sentence: str, _is_counter: bool) -> Fault:
    source, _, wanted = sentence.rpartition(" -> ")
    shown, _ = text_of_wikitext(source)
    return None if shown == wanted else f"found {shown!r}, marked {wanted!r}"


def _stamp(_rule: Rule, sentence: str, is_counter: bool) -> Fault:
    words, wanted, _ = _halves(sentence)
    if is_counter:
        return f"found {read_record(words)}" if read_record(words) else None
    stamp = read_stamp(view(words))
    got = f"{stamp.date or '-'} {stamp.role}" if stamp else None
    return None if got == wanted else f"found {got}, marked {wanted}"


def _thread(rule: Rule, sentence: str, is_counter: bool) -> Fault:
    if not isinstance(rule, ButtonRule):
        got = heads_comment(view(sentence)) is not None
        return None if got != is_counter else f"found {got}"
    pressed = button(view(sentence))
    holds = pressed is not rule.answers if is_counter else pressed is rule.answers
    return None if holds else f"found {pressed}"


def _repeat(rule: Rule, sentence: str, is_counter: bool) -> Fault:
    a, _, b = sentence.partition(" || ")
    verdict = verify(side(stream(a)), side(stream(b)))
    if is_counter:
        apart = verdict.outcome != "same" or (verdict.extra_a and verdict.extra_b)
        return f"kept apart: {verdict.outcome} {verdict.rule or ''}" if apart else None
    got = (verdict.outcome, verdict.rule)
    return None if got == ("vetoed", rule.id) else f"found {got}"
