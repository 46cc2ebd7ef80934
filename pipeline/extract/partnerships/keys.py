"""The key of a label, which is its words, and its tier, the family it belongs to.

The key keeps what was written; the tier is the same for spellings, word orders and translations
of one rank: words are replaced by their canonical ones and put into one order, both of which are
data.
"""

from __future__ import annotations

import re

from pipeline.extract.partnerships.book import label_book

# What the partnership is for is no part of its rank.
PURPOSE = re.compile(
    r"_(?:for|in|of|entering)_(?:a|the)_new_era(?=_)|(?<=_partnership)_(?:for|in|entering)_.*(?=_)"
)


def label_key(words: str) -> str:
    """The words of a label as a key, in the singular.

    Example:
        >>> label_key("Special and Privileged Strategic Partners")
        'special_and_privileged_strategic_partnership'
    """
    found = re.findall(r"[a-z0-9]+", words.lower().replace("'", ""))
    return "_".join(
        "partnership" if word in {"partner", "partners", "partnerships"} else word for word in found
    )


def tier(key: str) -> str:
    """Family of a label: the same for spellings, word orders and translations of one tier.

    The words are replaced by `canonical`, put into the one `order` and cleaned of connectives and
    of tails that name a purpose; what no list knows (a field) stays where the order ends.

    Example:
        >>> tier("comprehensive_strategic_partnership_of_cooperation")
        'comprehensive_strategic_cooperative_partnership'
        >>> tier("strategic_third_neighbourhood_partnership")
        'strategic_third_neighbour_partnership'
    """
    book = label_book()
    padded = PURPOSE.sub("", f"_{key}_")
    for old, new in book.canonical.items():
        padded = padded.replace(f"_{old}_", f"_{new}_" if new else "_")
    words = dict.fromkeys(word for word in padded.strip("_").split("_") if word != "partnership")
    rank = {word: n for n, word in enumerate(book.order)}
    ordered = sorted(words, key=lambda word: rank.get(word.replace("-", "_"), len(rank)))
    return "_".join([*ordered, "partnership"]).replace("-", "_")
