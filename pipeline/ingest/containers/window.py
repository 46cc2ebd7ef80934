"""A JSON file, value by value, of which no more than the value in hand is in memory."""

from __future__ import annotations

import re
from json.decoder import JSONDecodeError

from pipeline.errors import Unreadable
from pipeline.ingest.containers.record import DECODER
from pipeline.ingest.stream import Stream
from schemas.tables import Reason

_SPACE = re.compile(r"[ \t\r\n]*")


class Window:
    """A stretch of a JSON file as Latin-1 text, which moves on as it is read."""

    def __init__(self, stream: Stream, limit: int) -> None:
        self._stream, self._limit = stream, limit
        self.text = ""
        self.base = 0
        self.at = 0
        self.at_end = False

    @property
    def offset(self) -> int:
        """Place in the file."""
        return self.base + self.at

    def fill(self) -> bool:
        """Read on; whether there was more.  As much again as is held, so that time is linear."""
        wanted = max(len(self.text) - self.at, 1)
        pieces = [self.text[self.at :]]
        self.base += self.at
        self.at = 0
        while wanted > 0 and not self.at_end:
            piece = self._stream.read()
            self.at_end = not piece
            wanted -= len(piece)
            pieces.append(piece.decode("latin-1"))
        self.text = "".join(pieces)
        return wanted <= 0 or len(pieces) > 2

    def peek(self) -> str:
        """The next sign that is no blank; empty at the end."""
        while True:
            match = _SPACE.match(self.text, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if self.at_end:
                return ""
            self.fill()

    def value(self, keep: bool) -> tuple[object, str]:
        """The next value and, with `keep`, the text it stands in.

        Raises:
            Unreadable: `malformed`, `too_large` or `markup_too_deep`.
        """
        self.peek()
        while True:
            start = self.at
            try:
                value, end = DECODER.raw_decode(self.text, start)
            except JSONDecodeError as error:
                if not self.at_end and len(self.text) - start <= self._limit:
                    self.fill()
                    continue
                if not self.at_end:
                    raise self.fault("too_large", f"more than {self._limit:,} bytes") from error
                raise self.fault("malformed", error.msg, error.pos - start) from error
            except RecursionError as error:
                raise self.fault("markup_too_deep", "values nested too deep") from error
            # A number or word may go on behind what is held.
            if end == len(self.text) and not self.at_end:
                self.fill()
                continue
            self.at = end
            return value, self.text[start:end] if keep else ""

    def fault(self, reason: Reason, what: str, further: int = 0) -> Unreadable:
        """The fault of the value that begins here."""
        return Unreadable(
            reason,
            f"At byte {self.offset + further:,} this is no JSON that can be read ({what}), and "
            "what follows was not read; mend it, or write one article a line as .jsonl.",
        )
