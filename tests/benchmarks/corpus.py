"""Articles for benchmarks: any number, no two alike, made from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

PLACES = [
    "Nairobi",
    "Accra",
    "Lima",
    "Oslo",
    "Hanoi",
    "Tbilisi",
    "Quito",
    "Dakar",
    "Riga",
    "Baku",
    "Amman",
    "Suva",
    "Doha",
    "Vilnius",
    "Rabat",
    "Maputo",
    "Lusaka",
    "Zagreb",
    "Tirana",
    "Bishkek",
    "Managua",
    "Bogota",
    "Jakarta",
    "Manila",
    "Astana",
]
STATES = [
    "Kenya",
    "Ghana",
    "Peru",
    "Norway",
    "Vietnam",
    "Georgia",
    "Ecuador",
    "Senegal",
    "Latvia",
    "Azerbaijan",
    "Jordan",
    "Fiji",
    "Qatar",
    "Lithuania",
    "Morocco",
    "Mozambique",
    "Zambia",
    "Croatia",
    "Albania",
    "Kyrgyzstan",
    "Nicaragua",
    "Colombia",
    "Indonesia",
]
NAMES = [
    "Anna",
    "Bo",
    "Carla",
    "Dan",
    "Edda",
    "Farid",
    "Gita",
    "Henrik",
    "Ines",
    "Jonas",
    "Kofi",
    "Leila",
    "Marta",
    "Nils",
    "Olga",
    "Pedro",
    "Rosa",
    "Sami",
    "Tuva",
    "Umar",
    "Vera",
    "Wanda",
    "Yusuf",
    "Zoe",
]
FAMILIES = [
    "Berg",
    "Castro",
    "Diallo",
    "Eriksen",
    "Fofanah",
    "Grishin",
    "Haddad",
    "Ivanov",
    "Jansen",
    "Khalil",
    "Lindt",
    "Mensah",
    "Novak",
    "Okafor",
    "Petrov",
    "Quispe",
    "Rossi",
    "Sato",
    "Tanaka",
    "Usman",
    "Varga",
    "Weber",
    "Yilmaz",
    "Zhou",
]
THINGS = [
    "port",
    "railway",
    "hospital",
    "bridge",
    "harvest",
    "museum",
    "airport",
    "school",
    "dam",
    "library",
    "market",
    "ferry",
    "power",
    "station",
    "fishery",
    "tunnel",
    "stadium",
    "canal",
    "observatory",
    "pipeline",
]
VERBS = [
    "reopened",
    "grew",
    "closed",
    "expanded",
    "moved",
    "suffered",
    "recovered",
    "changed",
    "stalled",
    "improved",
]
WHENS = ("on Tuesday", "last month", "in 2019", "on 5 May 2021", "three days earlier", "in June")


def article(number: int, sentences: int = 6) -> str:
    """Article `number`: a title, a stamp and paragraphs of two sentences."""
    draw = random.Random(number)
    lines = [f"The {draw.choice(THINGS)} of {draw.choice(PLACES)} in year {1900 + number % 120}"]
    lines.append(f"Published: {1 + number % 28} March {2000 + number % 25}")
    for paragraph in range((sentences + 1) // 2):
        lines += ["", f"{_sentence(draw)} {_sentence(draw)} Record {number}-{paragraph} says so."]
    return "\n".join(lines) + "\n"


def _sentence(draw: random.Random) -> str:
    who = f"{draw.choice(NAMES)} {draw.choice(FAMILIES)}"
    place, thing, state = draw.choice(PLACES), draw.choice(THINGS), draw.choice(STATES)
    return draw.choice(
        (
            f"{who} said {draw.choice(WHENS)} that the {thing} of {place} {draw.choice(VERBS)} "
            f"after {draw.randint(2, 900)} workers from {state} had come.",
            f"The {thing} cost ${draw.randint(2, 990)} million, {who} told reporters in {place}.",
            f"{state} and {draw.choice(STATES)} will share the {thing} near {place}, which "
            f"{draw.choice(VERBS)} {draw.choice(WHENS)}.",
        )
    )


def write_articles(folder: Path, numbers: range) -> int:
    """Write articles into `folder`, a thousand a subfolder; how many words they have."""
    words = 0
    for number in numbers:
        text = article(number)
        words += len(text.split())
        file = folder / f"{number // 1_000:05}" / f"{number}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return words


def with_reprints(texts: Sequence[str], share: float) -> Iterator[str]:
    """`texts`, and reprints of them under other titles until they are `share` of all words."""
    yield from texts
    wanted = share / (1 - share) * sum(len(text.split()) for text in texts)
    number = 0
    while wanted > 0:
        text = texts[number % len(texts)]
        body = text.partition("\n")[2]
        yield f"As others saw it, part {number}\n{body}"
        wanted -= len(body.split())
        number += 1
