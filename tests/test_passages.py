"""Passages: kinds, sections, joins, languages and the plain view."""

from __future__ import annotations

import gc
import re
import time
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest import read_document
from pipeline.passages import split, view
from pipeline.passages.furniture import bullet, cue, kind_by_pattern, title_prefix
from pipeline.passages.languages import LanguageRules, LatinRule, ScriptRule, language_of
from pipeline.passages.lexicon import CueRule, ListRule, PassageRules, PatternRule, PrefixRule
from pipeline.passages.lines import BLANKS
from pipeline.passages.stamp_words import LabelRule, StampRules
from pipeline.passages.stamps import (
    is_clock,
    parse_date,
    read_label,
    read_record,
    read_stamp,
)
from pipeline.records import Document, Passage
from pipeline.rulebook import load

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
MARK = re.compile(r"\[\[(.*)\|(.*)\]\]")


def marked(example: str) -> tuple[str, str]:
    match = MARK.fullmatch(example)
    assert match is not None, example
    return match[1], match[2]


def document(text: str, language: str | None = None) -> Document:
    return Document("0" * 20, text, language=language)


def cut(text: str) -> list[tuple[str, str]]:
    return [(passage.kind, passage.text) for passage in split(document(text))]


def kinds(text: str) -> list[str]:
    return [passage.kind for passage in split(document(text))]


def hold(text: str, passages: list[Passage]) -> None:
    end = 0
    for number, passage in enumerate(passages):
        assert passage.position == number
        assert passage.start_char >= end
        assert passage.text == text[passage.start_char : passage.end_char] != ""
        assert passage.text == passage.text.strip(BLANKS)
        end = passage.end_char


# --- rules ------------------------------------------------------------------------------------

RULES: PassageRules = load("passages.toml", PassageRules)
STAMPS: StampRules = load("stamps.toml", StampRules)
LANGUAGES: LanguageRules = load("languages.toml", LanguageRules)


@pytest.mark.parametrize("rule", RULES.cue, ids=lambda rule: rule.id)
def test_cues_know_their_examples(rule: CueRule) -> None:
    assert [cue(line) for line in rule.examples] == [rule.strength] * len(rule.examples)
    assert [cue(line) for line in rule.counter_examples] == [None] * len(rule.counter_examples)


@pytest.mark.parametrize("rule", RULES.pattern, ids=lambda rule: rule.id)
def test_patterns_know_their_examples(rule: PatternRule) -> None:
    for example in rule.examples:
        line, kind = marked(example)
        assert kind_by_pattern(line) == kind == rule.kind
    assert not any(map(kind_by_pattern, rule.counter_examples))


@pytest.mark.parametrize("rule", RULES.prefix, ids=lambda rule: rule.id)
def test_prefixes_know_their_examples(rule: PrefixRule) -> None:
    for example in rule.examples:
        words, _, rest = example.removeprefix("[[").partition("|prefix]]")
        size, is_title = title_prefix(words + rest)
        assert (words + rest)[:size].rstrip() == words
        assert is_title == rule.is_title
    assert not any(title_prefix(line)[0] for line in rule.counter_examples)


@pytest.mark.parametrize("rule", RULES.list, ids=lambda rule: rule.id)
def test_list_signs_know_their_examples(rule: ListRule) -> None:
    assert all(map(bullet, rule.examples))
    assert not any(map(bullet, rule.counter_examples))


@pytest.mark.parametrize("rule", [*LANGUAGES.script, *LANGUAGES.latin], ids=lambda rule: rule.id)
def test_languages_know_their_examples(rule: ScriptRule | LatinRule) -> None:
    for example in (*rule.examples, *rule.counter_examples):
        text, language = marked(example)
        assert language_of(text) == language


@pytest.mark.parametrize("rule", STAMPS.label, ids=lambda rule: rule.id)
def test_labels_know_their_examples(rule: LabelRule) -> None:
    for example in rule.examples:
        line, value = marked(example)
        stamp = read_stamp(view(line))
        assert stamp is not None
        assert f"{stamp.date or '-'} {stamp.role}" == value
        assert stamp.role == rule.role
    assert not any(map(read_record, rule.counter_examples))


# --- heads and feet ---------------------------------------------------------------------------


def told(text: str) -> list[tuple[str, str]]:
    return [(p.kind, p.text) for p in split(document(text))]


TOLD = "Peru and Chile agreed on a new port in Lima on Monday, the ministers said."


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("(LEAD) Peru opens a port in Lima", "(LEAD)"),
        ("UPDATE 2-Peru opens a port in Lima", "UPDATE 2-"),
        ("Subject: RE: Peru opens a port in Lima", "Subject: RE:"),
        ("^Peru opens a port in Lima<", None),
    ],
)
def test_a_title_stands_behind_its_mark(line: str, mark: str | None) -> None:
    title = ("title", "Peru opens a port in Lima")
    marked_up = [("metadata", mark)] if mark else []
    assert told(f"{line}\n\n{TOLD}") == [*marked_up, title, ("paragraph", TOLD)]


def test_a_mark_in_running_text_parts_nothing() -> None:
    assert told(f"{TOLD}\n\nSubject: ports and roads were on the table of the two ministers.")[1][
        1
    ].startswith("Subject: ports")


def test_a_running_head_stands_beside_the_number_of_its_page() -> None:
    text = f"Review of Ports\n\n{TOLD}\n\n12\n\nReview of Ports\n\n{TOLD}\n\n13"
    assert [kind for kind, _ in told(text)] == [
        "boilerplate", "paragraph", "boilerplate", "boilerplate", "paragraph", "boilerplate"
    ]  # fmt: skip


def test_numbered_sessions_are_no_running_heads() -> None:
    text = f"First open session 1\n\n{TOLD}\n\nSecond open session 2\n\n{TOLD}"
    assert "boilerplate" not in {kind for kind, _ in told(text)}
    text = f"The open session 1\n\n{TOLD}\n\nThe open session 2\n\n{TOLD}"
    assert "boilerplate" not in {kind for kind, _ in told(text)}


def test_a_title_above_a_count_of_comments_is_no_running_head() -> None:
    text = f"Peru opens a port\n\nPeru opens a port\n\n12\n\n{TOLD}"
    assert [kind for kind, _ in told(text)][:2] == ["title", "title"]


def test_numbered_lines_above_text_are_headings_and_others_items() -> None:
    text = f"{TOLD}\n\n1. Trade\n\n{TOLD}\n\n2. Water\n\n{TOLD}"
    assert [kind for kind, _ in told(text)][1::2] == ["heading", "heading"]
    text = f"{TOLD}\n\n1. Trade\n2. Water\n\n{TOLD}"
    assert [kind for kind, _ in told(text)] == [
        "paragraph", "list_item", "list_item", "paragraph"
    ]  # fmt: skip


def test_a_list_may_have_no_text_above_it() -> None:
    text = f"== Ties ==\n{TOLD}\n\n== Pacts ==\nOn ports\nOn fish\nOn air\n\n== Law ==\n{TOLD}"
    assert [each for each in told(text) if each[0] == "list_item"] == [
        ("list_item", "On ports"), ("list_item", "On fish"), ("list_item", "On air")
    ]  # fmt: skip


def test_cells_may_stand_between_wide_blanks() -> None:
    text = f"{TOLD}\n\nYear    Fish    Copper\n2019    12      40\n2020    14      41\n\n{TOLD}"
    assert [kind for kind, _ in told(text)] == [
        "paragraph", "table_row", "table_row", "table_row", "paragraph"
    ]  # fmt: skip
    # One wide blank, or one line of them, is no table.
    assert "table_row" not in {kind for kind, _ in told(f"{TOLD}\n\nA     b     c\n\n{TOLD}")}


def test_a_picture_in_markdown_is_its_caption() -> None:
    text = f'# Ports\n\n{TOLD}\n\n![Boats [left] at the quay](a/b.jpg "Boats")\n\n{TOLD}'
    assert ("caption", "Boats [left] at the quay") in told(text)


def test_a_letter_is_signed() -> None:
    text = f"{TOLD}\n\nKind regards,\nAnna Lind\nEnvoy in Lima"
    assert [kind for kind, _ in told(text)] == [
        "paragraph", "metadata", "metadata", "metadata"
    ]  # fmt: skip


# --- kinds and sections -----------------------------------------------------------------------


def test_wiki_headings_give_nested_sections_without_the_title() -> None:
    text = (
        "= Ties of Peru =\n\nPeru has ties with 130 states of the world.\n\n== Asia ==\n"
        "=== Japan ===\nAn embassy stands in Tokyo since 1921.\n==Africa==\nNone so far."
    )
    assert [(p.kind, p.section, p.text) for p in split(document(text))] == [
        ("title", None, "Ties of Peru"),
        ("paragraph", None, "Peru has ties with 130 states of the world."),
        ("heading", None, "Asia"),
        ("heading", "Asia", "Japan"),
        ("paragraph", "Asia > Japan", "An embassy stands in Tokyo since 1921."),
        ("heading", None, "Africa"),
        ("paragraph", "Africa", "None so far."),
    ]


def test_short_lines_between_blank_lines_are_headings() -> None:
    text = (
        "The envoys met in Lima and spoke of trade and schools.\n\n\nNew Schools\n\n"
        "Ten schools will be built in the north of the country.\n\nPorts and Roads\n"
        "The road to the port was closed in the winter of 2019.\n"
    )
    assert [(p.kind, p.section) for p in split(document(text))] == [
        ("paragraph", None),
        ("heading", None),
        ("paragraph", "New Schools"),
        ("heading", None),
        ("paragraph", "Ports and Roads"),
    ]


def test_a_list_of_names_is_no_chain_of_headings() -> None:
    text = (
        "The envoys who met in Lima on 3 May 2019 were these five:\n\nAnna Lind\nKofi Mensah\n"
        "Maria Gomez\nIvan Petrov\nLi Wei\n\nThey agreed on all points of the long draft."
    )
    assert kinds(text) == ["paragraph", *["list_item"] * 5, "paragraph"]
    # So many are no chain of headings, though no lead-in tells what they are.
    assert kinds(text.replace("these five:", "many.")) == [
        "paragraph",
        *["list_item"] * 5,
        "paragraph",
    ]


def test_prose_in_the_first_line_is_no_title() -> None:
    text = (
        "Peru and Chile signed a strategic partnership in Lima on Monday.\nTrade has grown since."
    )
    assert kinds(text) == ["paragraph", "paragraph"]


def test_a_first_line_above_a_list_is_its_heading() -> None:
    text = "Dialogue partners\n- Peru\n- Chile (since 2008)\n"
    assert cut(text) == [
        ("heading", "Dialogue partners"),
        ("list_item", "Peru"),
        ("list_item", "Chile (since 2008)"),
    ]


def test_the_record_above_a_story_is_metadata() -> None:
    text = (
        "Economy\nPort of Bergen Opens a New Quay\ndesk@north.example\n2019-05-03 16:26:07\n\n"
        "The quay was opened on Friday by the minister of trade.\n"
    )
    assert kinds(text) == ["metadata", "title", "metadata", "metadata", "paragraph"]


def test_rows_of_tables_are_whole_lines() -> None:
    text = "| Country | Since |\n|---|---|\n| Peru | 1921-05-03 |\n| 7 | |\n"
    assert [row for kind, row in cut(text) if kind == "table_row"] == text.splitlines()
    assert kinds("Country\tSince\nPeru\t1921\nChile\t1938\n") == ["table_row"] * 3
    grid = "+------+------+\n| Peru | 1921 |\n+------+------+\n"
    assert kinds(grid) == ["table_row"] * 3
    assert kinds("Peru | 1921\nChile | 1938") == ["table_row"] * 2


def test_list_items_are_without_their_signs_and_with_their_second_lines() -> None:
    text = (
        "Points:\n1. A joint fund for harbours in\n   both countries.\n2) Lower fees.\n• Schools."
    )
    assert cut(text)[1:] == [
        ("list_item", "A joint fund for harbours in\n   both countries."),
        ("list_item", "Lower fees."),
        ("list_item", "Schools."),
    ]


def test_a_number_inside_a_sentence_opens_no_item() -> None:
    text = "The envoys of both states will meet again for a week on May\n15. The place is open."
    assert kinds(text) == ["paragraph"]


def test_captions() -> None:
    text = (
        "FILE PHOTO: Two ships in the port of Lima in 2018. REUTERS/A. Larsen\n"
        "Peru opened its new port to ships from all over the world on Monday."
    )
    assert kinds(text) == ["caption", "paragraph"]


def test_front_matter_is_metadata() -> None:
    text = "---\ntitle: Ties\ndate: 2019-05-03\n---\n# Ties\n\nPeru has ties with 130 states."
    assert kinds(text) == ["metadata", "metadata", "title", "paragraph"]


# --- furniture --------------------------------------------------------------------------------

STORY = "Peru and Chile agreed in Lima on Monday to build a port for both."


def test_links_to_other_stories_end_where_the_story_goes_on() -> None:
    text = (
        f"{STORY}\nRELATED\nworld\nShip runs aground off Oslo\n{STORY}\nIt will cost $40 million."
    )
    assert kinds(text) == ["paragraph", *["boilerplate"] * 3, "paragraph", "paragraph"]


def test_links_end_at_a_lead_in_and_at_a_short_sentence() -> None:
    text = (
        f"{STORY}\nAlso read: Ship runs aground\nALSO READ\nChile buys ships\nIt covers:\n• ports"
    )
    assert kinds(text) == ["paragraph", *["boilerplate"] * 3, "paragraph", "list_item"]
    assert kinds(f"{STORY}\nRELATED\nChile buys ships\nHe left early.")[-1] == "paragraph"


def test_a_prompt_takes_no_line_of_the_story_with_it() -> None:
    said = "Peru agreed, it said on its Telegram channel."
    text = f"{STORY}\nAds by\n{STORY}\n{said}\nOur WhatsApp channel"
    assert kinds(text) == ["paragraph", "boilerplate", "paragraph", "paragraph", "boilerplate"]


def test_a_heading_behind_links_is_kept() -> None:
    text = f"{STORY}\n\nRELATED\nChile buys ships\nOslo builds\n\nNew Roads\n\n{STORY}"
    assert kinds(text) == ["paragraph", *["boilerplate"] * 3, "heading", "paragraph"]


def test_a_path_of_links_is_no_title() -> None:
    text = f"Home » News » Trade\nPeru, Chile to Build Port\n3 May 2019\n{STORY}"
    assert kinds(text) == ["boilerplate", "title", "metadata", "paragraph"]


def test_the_foot_of_a_page_is_furniture_and_the_story_is_not() -> None:
    text = f"{STORY}\nHe left for Cusco.\nPeru\nPorts\nShare this story\n3\n© 2019 North Post"
    assert kinds(text) == ["paragraph"] * 2 + ["boilerplate"] * 5


def test_a_menu_between_two_showings_of_the_title() -> None:
    text = (
        "Port opens in Lima - North Post\n\nHome\n\nNews\n\nShips of the south\n\nContact us\n\n"
        f"Port opens in Lima\n\n{STORY}"
    )
    assert kinds(text) == ["title", *["boilerplate"] * 4, "title", "paragraph"]


def test_a_list_of_fields_is_no_menu() -> None:
    text = "The two states will work together in:\n- Education\n- Health\n- Culture\n- Sport\n"
    assert kinds(text) == ["paragraph", *["list_item"] * 4]
    assert kinds(f"- Home\n- News\n- Contact us\n\n{STORY}") == [*["boilerplate"] * 3, "paragraph"]


def test_one_menu_word_alone_is_no_menu() -> None:
    text = f"{STORY}\n\nEducation\n\nTen schools will be built in the north of the country by 2021."
    assert kinds(text) == ["paragraph", "heading", "paragraph"]


def test_a_closing_remark_before_the_foot_is_kept() -> None:
    text = (
        f"{STORY}\n\nAnother firm will train the crews of its ships. NORTH POST\nJoin our channel"
    )
    assert kinds(text) == ["paragraph", "paragraph", "boilerplate"]


def test_lines_in_a_foreign_script_are_furniture_of_a_latin_page() -> None:
    assert kinds(f"Оценить статью\n\n{STORY}\n\nСвязанные новости") == [
        "boilerplate",
        "paragraph",
        "boilerplate",
    ]
    russian = "Министры двух стран подписали в Лиме договор о новом порте и о дорогах.\n"
    assert kinds(russian) == ["paragraph"]


# --- joins ------------------------------------------------------------------------------------


def test_wrapped_text_is_joined() -> None:
    text = (
        "Envoys of Norway and Chile met in the old harbour hall on Monday\n"
        "to take up talks on a shipping line. They hope for a strategic\n"
        "partnership by the end of the year, and that a first ship of the\n"
        "line will leave in 2026.\n\nThe talks go on."
    )
    first, second = split(document(text))
    assert first.text.count("\n") == 3
    assert "strategic\npartnership" in first.text
    assert second.text == "The talks go on."


def test_text_cut_at_links_is_joined() -> None:
    text = (
        "Peru hopes to renew\na strategic partnership with Chile,\nsigned in 2004.\n"
        "It left the\nPort Pact\n."
    )
    assert cut(text) == [
        ("paragraph", "Peru hopes to renew\na strategic partnership with Chile,\nsigned in 2004."),
        ("paragraph", "It left the\nPort Pact\n."),
    ]


def test_lines_that_are_paragraphs_stay_apart() -> None:
    text = f"{STORY}\n{STORY}\nHe left.\n{STORY}"
    assert kinds(text) == ["paragraph"] * 4


def test_a_title_is_not_joined_with_the_story() -> None:
    assert kinds(f"Peru, Chile to Build Port\n{STORY}") == ["title", "paragraph"]


# --- languages --------------------------------------------------------------------------------


def test_short_lines_take_the_language_of_the_document() -> None:
    text = f"{STORY}\n\nTrade\n\n| Peru | 7 |\n| 8 | |"
    assert [p.language for p in split(document(text))] == ["en", "en", "en", None]


def test_a_french_document_keeps_its_kinds() -> None:
    text = "Le ministre de la pêche et les représentants de la région ont ouvert le port."
    assert [(p.kind, p.language) for p in split(document(text))] == [("paragraph", "fr")]


def test_names_alone_are_no_foreign_language() -> None:
    assert language_of("Paris, Lima, Oslo, Accra, Peru. " * 40) == "en"


@pytest.mark.parametrize(
    "title",
    [
        "Katowa hat trick lifts Thunder past Mariners",
        "Salo hat trick sinks Mariners",
        "Harbour den mother Aino Salo wins Kemi prize",
        "Katowa Hat Trick Lifts Thunder Past Mariners",
    ],
)
def test_an_english_title_with_a_word_of_another_tongue_stays_english(title: str) -> None:
    text = f"{title}\n\n{STORY}"
    assert [p.language for p in split(document(text))] == ["en", "en"]


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Katowa hat den Hafen von Kemi wieder geöffnet", "de"),
        ("Le port de Kemi rouvre après la tempête", "fr"),
        ("El puerto de Kemi abre después de la tormenta", "es"),
        ("O porto de Kemi reabre depois da tempestade", "pt"),
    ],
)
def test_a_foreign_title_above_an_english_story_is_told(title: str, language: str) -> None:
    text = f"{title}\n\n{STORY}"
    assert [p.language for p in split(document(text))] == [language, "en"]


# --- stamps -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "day", "time", "role"),
    [
        ("2019-05-03 16:26:07", "2019-05-03", "16:26:07", "plain"),
        ("5/23/2019 3:10:33 AM", "2019-05-23", "03:10:33", "plain"),
        ("20:24, 6 February 2019", "2019-02-06", "20:24:00", "plain"),
        ("Published : Sept. 10, 2019 - 17:04", "2019-09-10", "17:04:00", "published"),
        ("Updated 5:27 pm CST, Friday, May 3, 2019", "2019-05-03", "17:27:00", "updated"),
        ("Fri, 03 May 2019 17:23:56 +0000", "2019-05-03", "17:23:56", "plain"),
        ("Friday, 03 May 2019 12:17 GMT", "2019-05-03", "12:17:00", "clock"),
        ("Date: 3rd May, 2019", "2019-05-03", None, "published"),
        ("07/03/2019", None, None, "plain"),
        ("Published: Sunday, 07/04/2019", "2019-04-07", None, "published"),
        ("31 February 2019", None, None, "plain"),
        ("*3 May 2019*", "2019-05-03", None, "plain"),
        ("3 May 2019 [16:44]", "2019-05-03", "16:44:00", "plain"),
        ("3.5.2019 | 1843", "2019-05-03", None, "plain"),
        ("3 de mayo de 2019", "2019-05-03", None, "plain"),
        ("Jumat, 3 Mei 2019 15:30 WIB", "2019-05-03", "15:30:00", "plain"),
        ("Posted 3 May 2019 | Updated 9 May 2019", "2019-05-03", None, "published"),
        ("3 May 2019 - Update : 9 May 2019", "2019-05-03", None, "plain"),
        ("May 3, 2019 6:31 PM GMT-3 Updated 2 hours ago", "2019-05-03", "18:31:00", "plain"),
        ("Friday 1440/8/27 - 2019/05/03", "2019-05-03", None, "plain"),
        ("03/05/2019 - 08:40", None, "08:40:00", "plain"),
    ],
)
def test_stamps(line: str, day: str | None, time: str | None, role: str) -> None:
    stamp = read_stamp(view(line))
    assert stamp is not None
    assert (stamp.date and stamp.date.isoformat()) == day
    assert (stamp.time and stamp.time.isoformat()) == time
    assert stamp.role == role


@pytest.mark.parametrize(
    "line",
    [
        "Signed 3 May 2019",
        "9-11.3.2019",
        "May 2019",
        "3 May",
        "3 May 2019, 4 May 2019",
        "Friday",
        "",
    ],
)
def test_lines_with_anything_else_are_no_stamps(line: str) -> None:
    assert read_stamp(line) is None


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("NORTHWIRE | Updated: May 3, 2019 13:05 IST", "2019-05-03"),
        ("Economy 16:07 May 3, 2019", "2019-05-03"),
        ("Anna Lind   |03.05.2019 - Update : 04.05.2019", "2019-05-03"),
        ("NORTHWIRE - May 3, 2019 - 18:52 | World, All", "2019-05-03"),
        ("2019-05-03 08:41 Northwire     Editor: Anna Lind comment", "2019-05-03"),
        ("Signed at noon on 3 May 2019", None),
        ("Lima Summit, 3 May 2019", None),
        ("The envoys left on 3 May 2019 | 12:00", None),
        ("Talks on 3 May 2019, 16:00", None),
    ],
)
def test_records(line: str, day: str | None) -> None:
    stamp = read_record(view(line))
    assert (stamp and stamp.date and stamp.date.isoformat()) == day


def test_clocks() -> None:
    lines = ["29 AUG, 11:42", "3 min read", "16:02 LOCAL TIME 13:02 GMT", "01:13"]
    assert all(map(is_clock, lines))
    assert not any(map(is_clock, ["3 May 2019 10:00", "3 May", "At 10:00 they left", "1984"]))


def test_labels_and_impossible_days() -> None:
    assert read_label("Publication date:") == "published"
    assert read_label("Last updated at") == "updated"
    assert read_label("Published in Lima") is None
    assert parse_date("3 May 0019") is None
    assert parse_date("May 3, 2019", weekday=0) is None


# --- view -------------------------------------------------------------------------------------


def test_the_view_is_plain() -> None:
    assert view("‘a’ “b” „c“ 1–2 −3\u00a04 ＵＳ＄５") == '\'a\' "b" "c" 1-2 -3 4 US$5'
    assert view("Nor\u00adway 3\u200bMay a\u2028b\tc\r\n") == "Nor-way 3 May a\nb\tc\r\n"


@settings(deadline=None)
@given(st.text())
def test_the_view_keeps_length_and_is_stable(text: str) -> None:
    assert len(view(text)) == len(text)
    assert view(view(text)) == view(text)


# --- properties -------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        "Peru", "the port of Lima.", "3 May 2019", "==", "= X =", "#", "## Y", "- ", "1. ", "| a |",
        "\t", "\n", "\n\n", "\r\n", "\u2028", "&nbsp;", "RELATED", "Home", "Share this",
        "Published:", "By Anna Lind",
        "слово", ".", ",", "**b**", "---", "\u200b", " ", "+--+", "title: x", "LIMA -", "(", "* ",
    ]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=40).map("".join))
@hypothesis.example("- \xad0")
def test_passages_hold_their_text(text: str) -> None:
    passages = split(document(text))
    hold(text, passages)
    rest, end = "", 0
    for passage in passages:
        rest += text[end : passage.start_char] + passage.text
        end = passage.end_char
    assert rest + text[end:] == text


@settings(deadline=None)
@given(st.lists(st.sampled_from(["Peru signed a pact.", "It left.", "Trade"]), max_size=8))
def test_no_word_is_lost(parts: list[str]) -> None:
    text = "\n\n".join(parts)
    kept = " ".join(passage.text for passage in split(document(text)))
    assert kept.split() == text.split()


@pytest.mark.parametrize(
    "bait",
    [
        "\n", "a\n\n", "|\n", "| a | b |\n", "=", "= a =\n", "word ", "a", "- a\n", "1. a\n",
        "a\tb\n", "Home\n", "RELATED\nx y\n", "Some Heading\n\n", "3 May 2019\n", "слово\n", "**",
        "&nbsp;", "(a/", "By Aa Bb ", "#a ", "a,b,", "AP/Aa Bb ", "x. Photo: A ", "12:30 ",
        "3 May 2019 | ", "Published ", "date 2019-05 ", "a|b|\n", "Aa[edit]\n", "x. A/",
        "Country\nSince\n", "It covers these four:\nfish\n", "Sign up\nour letter\n",
        f"{'word ' * 9}.\nContents\n1 Aa\n", "See also\nAa\n", "the two states of\n", "1/5/2019 ",
        "Aa ", "a. ", "and so on\n", "x [1][2]\n", "\u200b", "a | ", "---\n", "a: b\n",
    ],
    ids=repr,
)  # fmt: skip
def test_time_grows_with_the_text(bait: str) -> None:
    text = bait * (100_000 // len(bait))
    started = time.process_time()
    hold(text, split(document(text)))
    # Generous for a slow machine; a quadratic pass over 100,000 signs takes minutes.
    assert time.process_time() - started < 20


# Of each what has most neighbours to ask about: the worst that is known.
GROWING = [
    "a\n\n", "| a | b |\n", "= a =\n", "Home\n", "RELATED\nx y\n", "Some Heading\n\n",
    "3 May 2019\n", "1. a\n", "Country\nSince\n", "It covers these four:\nfish\n",
    "See also\nAa\n", "By Aa Bb ", "the two states of\n", "Ngày 3 tháng 5\n",
    "Annual Review 2\n\nIt rained on the port of Lima again.\n\n", "Heading\nedit\n",
    "a   b   c\n", "Kind regards,\nAa\n", "Subject: ", "^A", "To: a ",
    "1. Aa\nIt rained on the port of Lima again.\n", "![a](", "Get the a ", "BC-A", "A/B",
    "(Adds ", "12 languages\n", "Aa\tb\n\nc\n",
    "7\n\nReview of ports\n\nIt rained on the port of Lima again.\n\n",
    "Aa\n3 days ago\nIt rained on the port of Lima again.\nReply\n", "Aa says:\n3 May 2019\nx\n",
    "The port of Lima opens\nBy Aa Bb\n3 May 2019\nIt rained on the port of Lima again.\n",
    "RELATED\nThe port of Lima opens and...\n", "1 2 Next ", "By Aa BbUpdated ", "Reply ",
]  # fmt: skip


def cut_seconds(bait: str, size: int) -> float:
    text = bait * (size // len(bait))
    # The collector looks through all that the test run holds: that is not the text's time.
    gc.disable()
    try:
        started = time.process_time()
        split(document(text))
        return time.process_time() - started
    finally:
        gc.enable()


@pytest.mark.parametrize("bait", GROWING, ids=repr)
def test_time_grows_no_faster_than_the_text(bait: str) -> None:
    # Four times the text may take eight times as long: room for noise, none for squares.
    assert cut_seconds(bait, 120_000) < max(8 * cut_seconds(bait, 30_000), 0.5)


@pytest.mark.slow
@pytest.mark.parametrize("bait", GROWING, ids=repr)
def test_time_is_linear_at_megabytes(bait: str) -> None:
    small = cut_seconds(bait, 1_000_000)
    assert cut_seconds(bait, 2_000_000) < max(3 * small, 2.0)
    assert cut_seconds(bait, 4_000_000) < max(6 * small, 4.0)


# --- seeds ------------------------------------------------------------------------------------


def seed(number: str) -> tuple[Document, list[Passage]]:
    files = sorted(SEEDS.glob(f"{number}_*.txt"))
    if not files:
        pytest.skip("the seeds are not beside this checkout")
    read = read_document(files[0].read_bytes(), files[0].name)
    passages = split(read)
    hold(read.text, passages)
    return read, passages


def test_seed_with_a_list() -> None:
    _, passages = seed("000")
    assert {p.kind for p in passages} == {"paragraph", "list_item"}
    assert all(p.text[0] != "-" for p in passages)


def test_seed_with_tables() -> None:
    read, passages = seed("001")
    assert read.title == passages[0].text
    assert passages[0].kind == "title"
    headings = [p.text for p in passages if p.kind == "heading"]
    assert len(headings) == 11
    assert not any("=" in heading for heading in headings)
    rows = [p for p in passages if p.kind == "table_row"]
    assert len(rows) > 200
    assert all(row.section in headings for row in rows)


def test_seed_with_a_foreign_first_line() -> None:
    _, passages = seed("002")
    assert [p.kind for p in passages] == ["boilerplate"] + ["paragraph"] * 8


def test_seed_with_a_header() -> None:
    _, passages = seed("003")
    assert [p.kind for p in passages[:5]] == ["title", *["metadata"] * 3, "paragraph"]
    assert passages[-1].kind == "boilerplate"
    assert len([p for p in passages if p.kind == "heading"]) == 4


def test_seed_with_a_dateline() -> None:
    _, passages = seed("004")
    assert [p.kind for p in passages] == ["paragraph"] * 4


# --- lines that only look like something else ------------------------------------------------


def test_a_day_in_front_of_a_story_opens_it() -> None:
    text = (
        "Harbour of Apia to be Dredged\n"
        "date 2018-03-05 (NPA) Samoa will dredge the harbour of Apia, its ministry said.\n"
        "Work begins in June and takes a year."
    )
    assert kinds(text) == ["title", "paragraph", "paragraph"]


def test_the_last_word_of_a_wrapped_paragraph_is_no_button() -> None:
    text = (
        "The envoys of Samoa and Norway heard of it from the head of the Ministry of\n"
        "Energy.\n\nThey left for Apia on the same day."
    )
    assert kinds(text) == ["paragraph", "paragraph"]
    # Behind a finished sentence it is a line of its own.
    assert len(kinds(text.replace("Ministry of", "house."))) == 3


def test_a_name_may_be_broken_over_two_lines() -> None:
    text = (
        "Samoa and the Republic of Malta raised their relations to a Strategic\n"
        "Partnership, the ministry in Apia said on Monday.\nThey signed two more papers."
    )
    assert kinds(text) == ["paragraph", "paragraph"]


def test_one_sentence_may_break_before_capitals_alone() -> None:
    text = (
        "Fish\n\nIn that year the Ministry of Fisheries of the Republic of Malta\n"
        "(MFM) spoke of its papers with neighbours, among them the Samoa-Malta\n"
        "Memorandum of Understanding and the talks of its envoys on a Samoa-Fiji\n"
        "Coastal Guard Treaty."
    )
    assert kinds(text)[-1:] == ["paragraph"] and len(kinds(text)) == 2
    # Lines of which one has room for the next word, or ends a sentence, stay apart.
    assert len(kinds(text.replace(" with neighbours, among them", ""))) > 2
    assert len(kinds(text.replace("Samoa-Malta\n", "Samoa-Fiji.\n"))) > 2


def test_a_line_before_a_quoted_small_word_goes_on() -> None:
    text = (
        "Fish\n\nIn that year Malta and Samoa became\n"
        '"observer states" of the Forum and went slowly on to take part in each of its\n'
        "meetings in Apia."
    )
    assert kinds(text)[-1:] == ["paragraph"] and len(kinds(text)) == 2
    # A capital behind the mark begins something new, and so does a field of a record.
    assert len(kinds(text.replace('"observer', '"Observer'))) == 3
    assert len(kinds(text.replace('states" of', 'states": of'))) == 3


def test_a_list_inside_the_story_has_a_heading_above_and_one_behind() -> None:
    text = (
        "Samoa keeps ties with ninety states of the world.\nMembership\nPacific Forum\n"
        "Commonwealth\nWorld Bank\nTrade\nFish is sold to Norway and to Chile."
    )
    items = ["list_item"] * 3
    assert kinds(text) == ["paragraph", "heading", *items, "heading", "paragraph"]


def test_a_short_statement_between_buttons_is_text() -> None:
    text = (
        "Samoa and Chile will build a yard for boats in Apia, they said on Monday.\n"
        "Advertisement\nShare\nThe yard will employ sixty people.\nPrint\nHome\nNews"
    )
    assert kinds(text)[3] == "paragraph"


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Samoa, Chile conclude fisheries partnership", "en"),
        ("Comprehensive maritime partnership upgraded", "en"),
        ("Talk by Senior Navy Officers Previewing the U.S.'s Coastal Fleet Strategy", "en"),
        ("Chile y Samoa firman un acuerdo de pesca", "es"),
    ],
)
def test_a_headline_alone_has_a_language(words: str, language: str) -> None:
    assert language_of(words) == language


HEADS = [
    # The page, its title, and kinds of some lines.
    (
        "Forum for Small Ports\nTopics\nPeople\nNewsletter\nNO | EN\n\nISSUE BRIEF | No. 4\n"
        "Quays that sink: what ice did to Vardo\nAnna Lind and Kofi Mensah\n3 May 2019\n"
        "Download PDF (2 MB)\n\nKey findings\n\u25aa Three quays sank.\n"
        "\u25aa Two were mended.\n\nThe quays\nIn May 2019 the forum looked at 12 quays and found "
        "that nine of them had moved since the winter.1\n",
        "Quays that sink: what ice did to Vardo",
        {"NO | EN": "boilerplate", "ISSUE BRIEF | No. 4": "metadata"},
    ),
    (
        "THE NORTHERN COURIER\nVARDO, FRIDAY, MAY 3, 2019\n\nCOUNCIL REFUSES SECOND\n"
        "FERRY AT VARDO\n\nThe council last night refused to buy a ferry from Oslo, the mayor said."
        "\n(Continued on Page 4)\n\nTHE NORTHERN COURIER, May 3, 2019          4\n\n"
        "The vote was six to four, and the mayor did not take part in it at all.\n",
        "COUNCIL REFUSES SECOND FERRY AT VARDO",
        {
            "THE NORTHERN COURIER": "metadata",
            "(Continued on Page 4)": "boilerplate",
            "THE NORTHERN COURIER, May 3, 2019          4": "boilerplate",
        },
    ),
    (
        "Skip to content\nOffice of the Mayor\nHome\nNewsroom\nHome > Newsroom > Speeches\n\n"
        "Address by the mayor at the opening of the fish hall\nVardo, 3 May 2019\n\n"
        "I was told to keep this short, because the cod would not wait for me.\n",
        "Address by the mayor at the opening of the fish hall",
        {"Home > Newsroom > Speeches": "boilerplate"},
    ),
    (
        "Coastal Herald\nSubscribe\nLog in\nFor you  World  Culture  Weather\n\nBUSINESS\n"
        "Ferry strike strands hundreds on Apia for a day\nAnna Lind\nFollow\n"
        "May 3, 2019, 7:40 PM GMT\nListen   Save   Share\nAI summary\nWas this summary helpful?\n\n"
        "Some 600 people slept in schools after the crews of the ferry line walked out.\n",
        "Ferry strike strands hundreds on Apia for a day",
        {"For you  World  Culture  Weather": "boilerplate", "Follow": "boilerplate"},
    ),
]


@pytest.mark.parametrize(("page", "title", "others"), HEADS)
def test_the_title_stands_among_names_and_buttons(
    page: str, title: str, others: dict[str, str]
) -> None:
    assert read_document(page.encode(), "page.txt").title == title
    found = {words: kind for kind, words in cut(page)}
    assert {words: found.get(words) for words in others} == others


def test_a_bulletin_of_some_items_has_no_title() -> None:
    items = [
        f"{place} OPENS A PORT\n\n{place}, May 3 (NPA) - The port of the town opened on Friday."
        for place in ("LIMA", "APIA", "OSLO")
    ]
    page = "MORNING BULLETIN\nFriday, 3 May 2019\n\n" + "\n\n".join(items)
    assert read_document(page.encode(), "page.txt").title is None
    assert kinds(page).count("heading") == 3
    # With one item it is a story.
    assert "title" in kinds("Friday, 3 May 2019\n\n" + items[0])


@pytest.mark.parametrize(
    ("rows", "are_rows"),
    [
        ("May ........ 17\nJune ....... 23", True),
        ("He waited ... and left.", False),
        ("Class; Fare; Beds\nFirst; 104; 4\nSecond; 84; 6", True),
        ("They came; they saw; they left.\nIt rained; it blew; it froze.", False),
        ("Port | Built | Note\nVardo | | burnt\nApia | 1910 | ", True),
    ],
)
def test_rows_by_dots_semicolons_and_empty_cells(rows: str, are_rows: bool) -> None:
    page = f"The ports of both states were counted in the spring of that year.\n\n{rows}\n"
    assert (set(kinds(page)[1:]) == {"table_row"}) is are_rows


def test_notes_with_numbers_are_items() -> None:
    page = (
        "The port was counted in the spring of that year by both states.1\n\nNotes\n"
        "1 The count was paid for by the fund of the town of Vardo in 2019.\n"
    )
    assert cut(page)[-1][0] == "list_item"
