"""Where the marks of the charts stand: plain numbers, which the templates draw as SVG.

Each chart is 720 units wide.  Every mark carries the address of its record, so that a chart is
also a way in; the same figures stand in a table behind it.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.report.answers import Amount, Currency, Pair, Statement, Year
from pipeline.report.network import layout
from pipeline.report.views import compact, plain

PARTIES = 60
WIDTH = 720
LEFT = 170
STYLES = ("", "7 4", "2 4", "10 3 2 3", "4 2", "14 4", "1 3", "10 3 2 3 2 3")
ROW = 22
STACK = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """A dot or a bar, where it leads, and what it says to who points at it."""

    x: float
    y: float
    width: float
    height: float
    address: str
    words: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of an axis or a row, with its name."""

    at: float
    name: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Marks over an axis along the bottom, and rows or an axis along the side."""

    height: float
    ticks: tuple[Tick, ...]
    rows: tuple[Tick, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """A pair in the network: `style` is the place of its tier in the legend."""

    x1: float
    y1: float
    x2: float
    y2: float
    dashes: str
    width: float
    key: str
    words: str


@dataclass(frozen=True, slots=True)
class Node:
    """A party in the network."""

    x: float
    y: float
    radius: float
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Network:
    """The drawing of the network; `legend` gives the dashes of each tier."""

    height: float
    edges: tuple[Edge, ...]
    nodes: tuple[Node, ...]
    legend: tuple[tuple[str, str], ...]
    left_out: int


def address(document_id: str, record_id: str) -> str:
    """Address of a record on the page of its document, from the index."""
    return f"documents/{document_id}.html#r-{record_id}"


def network(pairs: Sequence[Pair], names: dict[str, str]) -> Network:
    """The network of the parties that are spoken of most."""
    degree: Counter[str] = Counter()
    for pair in pairs:
        degree[pair.party_a] += pair.statements
        degree[pair.party_b] += pair.statements
    nodes = sorted(degree, key=lambda code: (-degree[code], code))[:PARTIES]
    inside = [pair for pair in pairs if pair.party_a in nodes and pair.party_b in nodes]
    height = 420 if len(nodes) > 12 else 300
    points = layout(
        nodes,
        [(pair.party_a, pair.party_b, float(pair.statements)) for pair in inside],
        WIDTH - 80,
        height - 60,
    )
    at = {code: (x + 40, y + 30) for code, (x, y) in points.items()}
    tiers = [tier for tier, _ in Counter(pair.tier for pair in inside).most_common()]
    tiers.sort(key=lambda tier: (-sum(pair.tier == tier for pair in inside), tier))
    dashes = {tier: STYLES[min(n, len(STYLES) - 1)] for n, tier in enumerate(tiers)}
    edges = tuple(
        Edge(
            *at[pair.party_a],
            *at[pair.party_b],
            dashes[pair.tier],
            round(1.2 + min(math.log2(pair.statements + 1), 4) * 0.6, 1),
            f"{pair.party_a}-{pair.party_b}",
            f"{pair.party_a}–{pair.party_b}: {pair.tier.replace('_', ' ')}, "
            f"{pair.statements} statements",
        )
        for pair in inside
    )
    drawn = tuple(
        Node(
            *at[code],
            round(4 + min(math.log2(degree[code] + 1), 6), 1),
            code,
            f"{names.get(code, code)}: {degree[code]} statements",
        )
        for code in nodes
    )
    return Network(height, edges, drawn, tuple(dashes.items()), len(pairs) - len(inside))


def timeline(dated: Sequence[Statement]) -> Chart:
    """Since dates by tier: a row a tier, a dot a statement, stacked where they fall together."""
    tiers = sorted(
        {each.tier for each in dated},
        key=lambda tier: (-sum(each.tier == tier for each in dated), tier),
    )[:12]
    years = [each.since_date.year for each in dated if each.since_date is not None]
    scale, ticks = _years(years)
    rows = []
    top: dict[str, float] = {}
    y = 6.0
    stacks: dict[tuple[str, int], int] = defaultdict(int)
    height_of = {
        tier: max(
            (
                min(count, STACK)
                for (name, _), count in Counter(
                    (each.tier, round(scale(_year(each)) / 8)) for each in dated
                ).items()
                if name == tier
            ),
            default=1,
        )
        for tier in tiers
    }
    for tier in tiers:
        height = ROW + (height_of[tier] - 1) * 9
        top[tier] = y + height - ROW / 2
        rows.append(Tick(y + height, tier.replace("_", " ")))
        y += height
    marks = []
    for each in dated:
        if each.tier not in top:
            continue
        x = scale(_year(each))
        slot = (each.tier, round(x / 8))
        height = min(stacks[slot], STACK - 1)
        stacks[slot] += 1
        said = f"{each.label}, {each.status}, since {each.since}".replace("_", " ")
        marks.append(
            Mark(
                round(x, 1),
                round(top[each.tier] - 9 * height, 1),
                4,
                4,
                address(each.document_id, each.record_id),
                f"{'–'.join(each.parties)}: {said}",
            )
        )
    return Chart(round(y, 1), ticks, tuple(rows), tuple(marks))


def _year(each: Statement) -> float:
    day = each.since_date
    assert day is not None  # the question asks for those that have one
    return day.year + (day.timetuple().tm_yday - 1) / 366


def _years(years: Sequence[int]) -> tuple[Scale, tuple[Tick, ...]]:
    first, last = min(years, default=2000), max(years, default=2000) + 1
    step = next((n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500) if (last - first) / n <= 10), 1000)
    scale = Scale(first, last, LEFT, WIDTH - 12)
    begin = -(-first // step) * step
    return scale, tuple(
        Tick(round(scale(year), 1), str(year)) for year in range(begin, last + 1, step)
    )


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line from values to places."""

    low: float
    high: float
    left: float
    right: float

    def __call__(self, value: float) -> float:
        """The place of a value."""
        share = (value - self.low) / ((self.high - self.low) or 1)
        return self.left + share * (self.right - self.left)


def strips(currencies: Sequence[Currency], amounts: Sequence[Amount]) -> Chart:
    """Amounts on a log scale, a row a currency, a mark an amount."""
    powers = [each.amount.adjusted() for each in amounts]
    low, high = min(powers, default=0), max(powers, default=0) + 1
    scale = Scale(low, high, LEFT, WIDTH - 12)
    step = max(1, -(-(high - low) // 8))
    ticks = tuple(
        Tick(round(scale(power), 1), compact_power(power)) for power in range(low, high + 1, step)
    )
    shown = [each for each in currencies if any(a.currency == each.currency for a in amounts)]
    y = {each.currency: 6.0 + ROW * n + ROW / 2 for n, each in enumerate(shown)}
    rows = tuple(
        Tick(y[each.currency] + ROW / 2, f"{each.currency} ({each.mentions})") for each in shown
    )
    marks = tuple(
        Mark(
            round(scale(float(each.amount.log10())), 1),
            y[each.currency] - 7,
            3,
            14,
            address(each.document_id, each.record_id),
            f"{each.text}: {each.currency} {plain(each.amount)}",
        )
        for each in amounts
    )
    return Chart(6.0 + ROW * len(shown), ticks, rows, marks)


def by_year(amounts: Sequence[Amount], currency: str) -> Chart:
    """Amounts of one currency by year of publication, on a log scale, a dot an amount."""
    those = [each for each in amounts if each.currency == currency and each.year is not None]
    scale, ticks = _years([each.year for each in those if each.year is not None])
    powers = [each.amount.adjusted() for each in those]
    low, high = min(powers, default=0), max(powers, default=0) + 1
    height = 180.0
    up = Scale(low, high, height - 6, 10)
    step = max(1, -(-(high - low) // 6))
    rows = tuple(
        Tick(round(up(power), 1), f"{currency} {compact_power(power)}")
        for power in range(low, high + 1, step)
    )
    seen: Counter[int] = Counter()
    marks = []
    for each in those:
        assert each.year is not None
        # Those of a year stand beside one another within it, so that each can be pointed at.
        share = (seen[each.year] * 0.382) % 1 * 0.7 + 0.15
        seen[each.year] += 1
        marks.append(
            Mark(
                round(scale(each.year + share), 1),
                round(up(float(each.amount.log10())), 1),
                4,
                4,
                address(each.document_id, each.record_id),
                f"{each.year}: {each.text}",
            )
        )
    return Chart(height, ticks, rows, tuple(marks))


def compact_power(power: int) -> str:
    """A power of ten in few signs.

    Example:
        >>> compact_power(4), compact_power(9), compact_power(-2)
        ('10k', '1bn', '0.01')
    """
    return compact(Decimal(10) ** power)


def near(years: Sequence[Year]) -> tuple[Year, ...]:
    """The years that hold nearly all dates: 2 in 100 at either end may be left out.

    A single date of antiquity would press all others into one bar.
    """
    spare = sum(each.mentions for each in years) // 50
    kept = list(years)
    for end in (0, -1):
        left = spare
        while len(kept) > 1 and kept[end].mentions <= left:
            left -= kept.pop(end).mentions
    return tuple(kept)


def histogram(years: Sequence[Year]) -> Chart:
    """Dates by year: a bar a year, leading to its row in the table; years far off have none."""
    years = near(years)
    scale, ticks = _years([each.year for each in years])
    most = max((each.mentions for each in years), default=1)
    height = 150.0
    up = Scale(0, most, 0, height - 20)
    wide = max(round(scale(1) - scale(0) - 0.6, 1), 1.0)
    marks = tuple(
        Mark(
            round(scale(each.year), 1),
            round(height - max(up(each.mentions), 1.5), 1),
            wide,
            round(max(up(each.mentions), 1.5), 1),
            f"#year-{each.year}",
            f"{each.year}: {each.mentions} dates in {each.documents} documents",
        )
        for each in years
    )
    rows = (Tick(round(height - up(most), 1), f"{most} dates"), Tick(height, "0"))
    return Chart(height, ticks, rows, marks)


def trend(values: Sequence[float]) -> str:
    """The points of a line through `values` in a box of 160 by 40.

    Example:
        >>> trend([1, 3])
        '4,36 156,4'
    """
    low, high = min(values, default=0), max(values, default=0)
    x = Scale(0, max(len(values) - 1, 1), 4, 156)
    y = Scale(low, high, 36, 4)
    return " ".join(f"{x(n):.4g},{y(value):.4g}" for n, value in enumerate(values))
