"""Stated metadata: what a person wrote down about a text, beside it or in front of it.

`article.toml` beside `article.txt` speaks for that text, `source.toml` for all texts of its
folder and the folders below; for each field the nearest word counts.  An unknown key is an error
that names it, because a misspelt `publishd` would otherwise leave a date out in silence.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from pipeline.errors import Unreadable
from pipeline.ingest.discover import FOLDER_METADATA, Found
from pipeline.ingest.reading import read_file
from pipeline.passages.stamps import read_stamp
from schemas.tables import Alpha3

# A larger file is no metadata.
_LARGEST = 200_000

_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]


_PERIOD = re.compile(r"(?:1[6-9]|2[01])\d\d(?:-(?:0[1-9]|1[0-2]))?")


def is_period(words: str) -> bool:
    """Whether words write a month or a year in which a text may have been published.

    Example:
        >>> is_period("2019-05"), is_period("2019"), is_period("2019-13"), is_period("1066")
        (True, True, False, False)
    """
    return _PERIOD.fullmatch(words) is not None


def day_or_period(words: str) -> dt.date | str:
    """The day that words write, or the month or year as it is written.

    Raises:
        ValueError: they write neither.

    Example:
        >>> day_or_period("2019-05-03"), day_or_period("2019-05")
        (datetime.date(2019, 5, 3), '2019-05')
    """
    return words if is_period(words) else dt.date.fromisoformat(words)


def _moment(value: object) -> object:
    """Days, with or without a time, months and years; years far off are refused."""
    moment = value
    if isinstance(value, str | int):
        text = str(value).strip()
        if is_period(text):
            return text
        try:
            moment = (dt.datetime if len(text) > len("2019-05-03") else dt.date).fromisoformat(text)
        except ValueError:
            moment = None
    if not isinstance(moment, dt.date):
        # pydantic turns a ValueError, and no TypeError, into a fault of the field.
        raise ValueError(  # noqa: TRY004
            "write a day such as 2019-05-03, a day and time, a month such as 2019-05, or a year"
        )
    if not 1600 <= moment.year <= 2199:
        raise ValueError("must lie between the years 1600 and 2199")
    return moment


class Stated(BaseModel):
    """What is stated of a text; None for what is not.

    Example:
        >>> Stated(publisher="Coastal Herald", published="2019-05-03").published
        datetime.date(2019, 5, 3)
        >>> Stated(published="2019-05").published_period
        '2019-05'
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: _Words | None = None
    publisher: _Words | None = None
    byline: _Words | None = None
    category: _Words | None = None
    url: _Words | None = None
    published: Annotated[dt.datetime | dt.date | str, BeforeValidator(_moment)] | None = None
    issuer: Alpha3 | None = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] | None = None
    notes: str | None = None

    @cached_property
    def key(self) -> str:
        """Hash of all that changes the document: equal for equal words."""
        return hashlib.sha256(
            self.model_dump_json(exclude={"notes", "expect"}).encode()
        ).hexdigest()[:20]

    @property
    def published_date(self) -> dt.date | None:
        """Day of publication."""
        if isinstance(self.published, dt.datetime):
            return self.published.date()
        return None if isinstance(self.published, str) else self.published

    @property
    def published_period(self) -> str | None:
        """Month or year of publication, where no day is stated."""
        return self.published if isinstance(self.published, str) else None

    @property
    def published_time(self) -> dt.time | None:
        """Clock time of publication, without a time zone."""
        return self.published.time() if isinstance(self.published, dt.datetime) else None

    def over(self, further: Stated) -> Stated:
        """These words, and those of `further` where these say nothing.

        Example:
            >>> Stated(language="en").over(Stated(language="fr", publisher="Herald")).publisher
            'Herald'
        """
        return Stated.model_construct(
            **{
                name: own if own is not None else getattr(further, name)
                for name in Stated.model_fields
                for own in (getattr(self, name),)
            }
        )


class Expect(BaseModel):
    """What a person expects of all documents of a folder; None where nothing is expected.

    `documents_min` and `documents_max` count documents, the others are shares, 0 to 1.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    documents_min: int | None = Field(None, ge=0)
    documents_max: int | None = Field(None, ge=0)
    dated_share_min: float | None = Field(None, ge=0, le=1)
    titled_share_min: float | None = Field(None, ge=0, le=1)


class FolderStated(Stated):
    """What is stated of all texts of a folder, and what is expected of them together."""

    expect: Expect | None = None


NOTHING = Stated()


_Kind = TypeVar("_Kind", bound=Stated)


class Beside:
    """What files beside texts and in the folders above them state; each folder is read once.

    Args:
        raw: the folder of samples; nothing above it is looked at.
    """

    def __init__(self, raw: Path) -> None:
        self._root = Path(os.path.realpath(raw))
        self._above: dict[str, Stated | Unreadable] = {}

    def stated_for(self, found: Found) -> Stated:
        """What is stated of a text.

        Raises:
            Unreadable: `bad_metadata`, with the file, the key and what is allowed.
        """
        above = self._of_folder(found.file.rpartition("/")[0])
        # Most have none, and a path is dear to make.
        own = None if found.is_alone else self._of_file(found.sidecar)
        if isinstance(above, Unreadable):
            raise Unreadable(above.reason, above.message)
        return above if own is None else own.over(above)

    def _of_file(self, beside: str) -> Stated | None:
        return _file(Path(beside), self._root, Stated) if os.path.lexists(beside) else None

    def _of_folder(self, folder: str) -> Stated | Unreadable:
        known = self._above.get(folder)
        if known is None:
            self._above[folder] = known = self._read_folder(Path(folder))
        return known

    def _read_folder(self, folder: Path) -> Stated | Unreadable:
        if folder != self._root and self._root not in folder.parents:
            return NOTHING
        try:
            own = folder_file(folder, self._root)
        except Unreadable as error:
            return error
        further = NOTHING if folder == self._root else self._of_folder(str(folder.parent))
        return further if isinstance(further, Unreadable) else own.over(further)


def stated_for(found: Found, raw: Path) -> Stated:
    """What files beside a text and in the folders above it state of it; see `Beside`."""
    return Beside(raw).stated_for(found)


def folder_file(folder: Path, root: Path) -> FolderStated:
    """What the `source.toml` of one folder states; nothing when there is none.

    Raises:
        Unreadable: `bad_metadata`, with the file, the key and what is allowed.
    """
    return _file(folder / FOLDER_METADATA, root, FolderStated) or FolderStated()


def _file(file: Path, root: Path, kind: type[_Kind]) -> _Kind | None:
    if not os.path.lexists(file):
        return None
    shown = os.fsencode(file.relative_to(root)).decode("utf-8", "replace")
    try:
        table = tomllib.loads(read_file(file, _LARGEST).decode("utf-8"))
        return kind.model_validate(table)
    except Unreadable as error:
        raise Unreadable("bad_metadata", f"{shown}: {error.message}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise Unreadable("bad_metadata", f"{shown} is no TOML: {error}.") from error
    except ValidationError as error:
        raise Unreadable("bad_metadata", f"{shown}: {_fault(error, kind)}") from error


def _fault(error: ValidationError, kind: type[Stated]) -> str:
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"unknown key {key!r}; allowed are {', '.join(kind.model_fields)}."
    return f"{key!r} is not as it should be: {first['msg']}."


def from_front_matter(pairs: dict[str, str]) -> Stated:
    """What the front matter of a text states; keys that mean nothing here are left alone.

    Example:
        >>> from_front_matter({"author": "A. Larsen", "layout": "post"}).byline
        'A. Larsen'
    """
    names = {
        "title": ("title",),
        "publisher": ("publisher", "source", "site", "site_name"),
        "byline": ("byline", "author", "authors"),
        "category": ("category", "section", "rubric"),
        "url": ("url", "link", "canonical_url"),
    }
    words = {
        field: next((pairs[key][:2_000].strip() for key in keys if pairs.get(key)), None) or None
        for field, keys in names.items()
    }
    moment = next(
        (
            pairs[key]
            for key in ("published", "date", "publication_date", "pubdate", "published_at")
            if pairs.get(key)
        ),
        None,
    )
    language = pairs.get("language", pairs.get("lang", ""))[:2].lower()
    is_code = len(language) == 2 and language.isascii() and language.isalpha()
    return Stated(
        **words,
        published=_written_date(moment) if moment else None,
        language=language if is_code else None,
    )


def _written_date(words: str) -> dt.datetime | dt.date | str | None:
    if is_period(words):
        return words
    stamp = read_stamp(words)
    if stamp is None or stamp.date is None:
        return None
    return stamp.date if stamp.time is None else dt.datetime.combine(stamp.date, stamp.time)
