"""Comments of readers below a story: told by writer and day above them and a button below."""

from __future__ import annotations

import time

import pytest

from pipeline.passages import split, view
from pipeline.passages.threads import ButtonRule, HeadRule, ThreadRules, button, heads_comment
from pipeline.records import Document
from pipeline.rulebook import load

RULES: ThreadRules = load("threads.toml", ThreadRules)

STORY = (
    "Ferry to Apia runs again\n\nBy Anna Lind\n\n3 May 2019\n\n"
    "The ferry from Lima to Apia runs again since Monday, the ministry of ports said.\n\n"
    "Both states paid for the new pier, which opened a year late.\n\n"
)


def kinds(text: str) -> dict[str, str]:
    """The kind of each passage, by its first words."""
    return {each.text[:24]: each.kind for each in split(Document("0" * 20, text))}


def hidden(text: str) -> list[str]:
    return [each.text for each in split(Document("0" * 20, text)) if each.kind == "boilerplate"]


@pytest.mark.parametrize("rule", RULES.button, ids=lambda rule: rule.id)
def test_buttons_know_their_examples(rule: ButtonRule) -> None:
    assert [button(view(line)) for line in rule.examples] == [rule.answers] * len(rule.examples)
    assert rule.answers not in [button(view(line)) for line in rule.counter_examples]


@pytest.mark.parametrize("rule", RULES.head, ids=lambda rule: rule.id)
def test_heads_know_their_examples(rule: HeadRule) -> None:
    assert all(heads_comment(view(line)) for line in rule.examples)
    assert not any(heads_comment(view(line)) for line in rule.counter_examples)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "Kofi M\n3 days ago\nPeru will never sign a pact with Chile on ferries, mark my words."
            "\nReply\nLike\n2",
            "Quay Cat\n2 days ago\nThey did sign one. It rained when both left.\nReply\nLike",
        ),
        (
            "Kofi M says:\nMay 4, 2019 at 5:12 pm\nPeru will never sign a pact with Chile again."
            "\nReply",
            "Quay Cat says:\nMay 5, 2019 at 7:01 am\nThey did sign one. It rained that day.\nReply",
        ),
        (
            "KofiM • 3 years ago\nPeru will never sign a pact with Chile on ferries.\n"
            "1 • Reply • Share ›",
            "QuayCat > KofiM • 3 years ago\nThey did sign one. It rained.\n• Reply • Share ›",
        ),
        (
            "kofi1\nTown: Accra\nReply #1\nMay 4, 2019 - 7:28 AM EST\n"
            "Peru will never sign a pact with Chile on ferries.\nReply\nQuote\nReport Abuse",
            "Cat of the qu...\nTown: Apia\nReply #2\nMay 4, 2019 - 7:30 AM EST\n"
            "They did sign one.\n\nIt rained when both envoys left.\nReply\nQuote\nReport Abuse",
        ),
        (
            "Kofi M says:\nMay 4, 2019 at 5:12 pm\nPeru will never sign a pact with Chile again.",
            "Quay Cat says:\nMay 5, 2019 at 7:01 am\nThey did sign one, and it rained that day.",
        ),
    ],
    ids=["names", "blog", "dots", "forum", "closed"],
)
def test_comments_of_readers_are_furniture(first: str, second: str) -> None:
    found = kinds(f"{STORY}{first}\n\n{second}\n")
    assert found["Ferry to Apia runs again"] == "title"
    assert found["The ferry from Lima to A"] == found["Both states paid for the"] == "paragraph"
    behind = list(found)[list(found).index("Both states paid for the") + 1 :]
    assert {found[words] for words in behind} == {"boilerplate"}


def test_a_quoted_day_does_not_end_a_comment() -> None:
    one = "2 comments\nKofi M\nMay 4, 2019 - 7:28 AM EST\nIt rained all day in Apia.\nReply\n"
    other = (
        "Quay Cat\nMay 4, 2019 - 7:40 AM EST\nKofi M: May 4, 2019 - 7:28 AM EST\n"
        "It rained all day in Apia.\nIt did not, the sun shone on all of us.\nReply\n"
    )
    assert "It did not, the sun shone on all of us." in hidden(STORY + one + other)


@pytest.mark.parametrize(
    "below",
    [
        # One button is no thread.
        "Kofi M\n3 days ago\nPeru will never sign a pact with Chile, its envoy said.\nReply\n",
        # No writer and no day stand above this prose.
        "Peru signed a pact with Chile on ferries, and both envoys stayed.\nReply\n"
        "Norway signed it too, and both envoys left by the ferry.\nReply\n",
        # Questions of members and what the ministry replied.
        "Question\nWill the ferry to Apia run in winter, and who will pay for it?\nReply\n"
        "The ministry of ports will pay for the ferry, as it did in 2018.\n"
        "Question\nWill Peru join the pact on ports that Chile signed?\nReply\n"
        "Peru will join the pact on ports in May, the ministry said.\n",
        # Each story of a page has its own buttons.
        "Share\nLike\nPort of Lima opens\n4 May 2019\nThe port of Lima opened on Monday, it said."
        "\nShare\nLike\n",
        "The envoy of Peru said:\nThe pact on ports will be signed in May.\n"
        "The envoy of Chile said:\nThe pact on fish will be signed in June.\n",
    ],
    ids=["one", "no head", "questions", "stories", "speech"],
)
def test_prose_that_is_no_comment_stays(below: str) -> None:
    prose = [line for line in below.split("\n") if line.endswith((".", "?"))]
    assert not set(prose) & set(hidden(STORY + below))


def test_what_a_story_says_before_its_comments_stays() -> None:
    short = "Peru and Chile will share one ferry from May on, the ministry of ports said.\n\n"
    late = "Updated 4 May 2019 10:15\n\nThe ferry will call at Apia twice a week, it added.\n\n"
    thread = "Kofi M\n3 days ago\nNice.\nReply\n\nCat\n2 days ago\nIt is late.\nReply\n"
    found = hidden(short + late + thread)
    assert "The ferry will call at Apia twice a week, it added." not in found
    assert "Nice." in found


def test_the_stamp_of_a_story_opens_no_comment() -> None:
    teaser = "The port of Apia has a new crane, and it was paid for by Norway, the paper found.\n\n"
    story = (
        "Ferry runs again\n3/05/19 8:00am\nThe ferry to Lima runs again.\nIt is late.\n7 12Reply\n"
    )
    thread = (
        "Replies\nKofi M\n3/05/19 8:12am\nI took it to Lima in May.\n4Reply\n"
        "Quay Cat\n3/05/19 9:12am\nIt left an hour late.\n1Reply\n"
    )
    found = hidden(teaser + story + thread)
    assert not {"The ferry to Lima runs again.", "It is late."} & set(found)
    assert {"I took it to Lima in May.", "It left an hour late."} <= set(found)


@pytest.mark.parametrize(
    "bait",
    ["Reply\n", "says:\n", "3 days ago\n", "a • ", "1 ", "Aa says:\n3 May 2019\nIt rained.\n",
     "Aa\n3 days ago\nIt rained on the port of Lima again.\nReply\n", "a, ", "x on x at "],
    ids=repr,
)  # fmt: skip
def test_bait_takes_no_time(bait: str) -> None:
    text = STORY + bait * (100_000 // len(bait))
    started = time.process_time()
    assert split(Document("0" * 20, text))
    assert time.process_time() - started < 20
