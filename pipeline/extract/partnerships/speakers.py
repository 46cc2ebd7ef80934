"""Who speaks in each passage of a transcript: a line `FOREIGN MINISTER X:` and what follows it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipeline.extract.partnerships.book import LEADER
from pipeline.extract.partnerships.mentions import find_mentions

SPEAKER = re.compile(
    r"^ {0,3}([A-Z][A-Z .'-]{3,60}): |^ {0,3}([A-Z][A-Z .'-]{3,60}): {0,3}$"
    r"|^([^.!?]{3,160}) ?: {0,3}$"
)

SAYS = re.compile(r"(?:,? who)? {1,3}(?:wrote|writes|said|says|stated|added|noted|stressed) {0,3}$")


def speakers(texts: Sequence[str], leaders: Mapping[str, str]) -> list[str | None]:
    """State of the speaker of each passage, None where it is not told.

    Args:
        texts: the passages in order.
        leaders: surnames that the document has introduced, with their states.

    Example:
        >>> speakers(["MINISTER SOMSRI: Hello.", "We agree.", "MR BO: No."], {"Somsri": "THA"})
        ['THA', 'THA', None]
        >>> speakers(["GERMAN CHANCELLOR: Good morning.", "PRIME MINISTER MODI: Namaste."], {})
        ['DEU', 'IND']
        >>> speakers(["In a cable to Aliyev, Zelensky wrote:", "Our ties are old."], {})
        ['UKR', 'UKR']
    """
    folded = {surname.lower(): code for surname, code in leaders.items()}
    current: str | None = None
    found: list[str | None] = []
    for text in texts:
        match = SPEAKER.match(text[:200])
        if match:
            names = re.findall(r"[^\W\d_][\w'-]+", (match[1] or match[2] or match[3]).lower())
            current = next((folded[name] for name in reversed(names) if name in folded), None)
            # `GERMAN CHANCELLOR:`, `PRESIDENT OF PERU:`, `PRESIDENT MODI:`: office or name tells.
            told = {one.code for one in find_mentions((match[1] or match[2] or "").title())}
            current = told.pop() if current is None and len(told) == 1 else current
            current = current or _who_writes(match[3] or "")
        found.append(current)
    return found


def _who_writes(line: str) -> str | None:
    """State of a known leader right before the verb of a line: `In a cable to X, Modi wrote`."""
    verb = SAYS.search(line)
    if verb is None:
        return None
    ends = (m.code for m in find_mentions(line) if m.sign == LEADER and m.end == verb.start())
    return next(ends, None)
