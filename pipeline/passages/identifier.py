"""The language of a line by its letters in a row: the one door to py3langid.

py3langid (A. Barbaresi, after M. Lui and T. Baldwin, langid.py, 2012) is a naive Bayes model over
byte sequences, 4.5 MB.  It is sure of most lines of six words, and of no list of names; so its
word is taken only where it gives English next to no chance.  It is asked where the commonest words
of a line say nothing, which in English text is seldom: asking takes ten times as long.

The library unpacks the model to a temporary file of 68 MB each time that it loads it; here it is
unpacked as it is read, so that a full or small folder of temporary files does no harm.
"""

from __future__ import annotations

import lzma
from array import array
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from py3langid.langid import LanguageIdentifier

# What is asked of a line: more signs change no answer.
SAMPLE = 300
# The chance that the best language must have, and the most that English may have: so no line of
# English was called foreign among 1,500 of news and encyclopedia pages, nor a list of names.
LEAST, MOST_ENGLISH = 0.5, 0.2

# A file in a ZIP archive opens with its signature, the way it is packed, and sizes.
_FILE, _HEAD_BYTES, _AS_IT_IS = b"PK\x03\x04", 30, b"\0\0"
# Codes of whole numbers of so many bytes.
_CODES = {2: "H", 4: "I"}
_NEEDED = frozenset(["ptc", "pc", "classes", "nextmove", "nextmove_row", "out_feat"])


@lru_cache(maxsize=1)
def _model(languages: tuple[str, ...]) -> LanguageIdentifier:
    """The model, asked about these languages only; loading it takes half a second."""
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    held = dict(_arrays(MODEL_DIR / MODEL_FILE))
    if held.keys() >= _NEEDED:
        model = LanguageIdentifier(
            held["ptc"],
            held["pc"],
            held["classes"].tolist(),
            _numbers(held.pop("nextmove")),
            held["out_feat"].tolist(),
            norm_probs=True,
            tk_row=_numbers(held["nextmove_row"]),
        )
    else:
        # A later release may keep its model in another way.
        model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(languages)
    return model


def _arrays(path: Path) -> Iterator[tuple[str, npt.NDArray[np.generic]]]:
    """Names and arrays of an archive of numpy's in LZMA, in order; none where it is no such one."""
    from numpy.lib.format import read_array  # noqa: PLC0415

    with lzma.open(path) as unpacked:
        while (head := unpacked.read(_HEAD_BYTES)).startswith(_FILE) and head[8:10] == _AS_IT_IS:
            name = unpacked.read(int.from_bytes(head[26:28], "little")).decode()
            unpacked.read(int.from_bytes(head[28:30], "little"))
            yield name.removesuffix(".npy"), read_array(unpacked, allow_pickle=False)


def _numbers(held: npt.NDArray[np.generic]) -> array[int]:
    """The same numbers, as the library's own loader hands them on."""
    numbers = array(_CODES[held.dtype.itemsize])
    numbers.frombytes(held.data.cast("B"))
    return numbers


def leading(text: str, languages: tuple[str, ...]) -> str:
    """The likeliest language of `text`, however small its chance.

    Example:
        >>> leading("Hat trick sends Kuno past Lapua", ("de", "en", "fr", "it"))
        'en'
    """
    return _ranked(text[:SAMPLE], languages)[0][0]


@lru_cache(maxsize=4096)
def _ranked(text: str, languages: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    return tuple((str(language), chance) for language, chance in _model(languages).rank(text))


def identify(text: str, languages: tuple[str, ...]) -> str | None:
    """The language of `text` if it is surely not English and surely that one; else None.

    Args:
        text: a line in one script; `SAMPLE` signs of it are looked at.
        languages: ISO 639-1 codes that may be answered, English among them.

    Example:
        >>> identify("Les deux pays ouvrent un port.", ("de", "en", "fr", "it"))
        'fr'
        >>> identify("Buenos Aires, Lima, Oslo", ("de", "en", "fr", "it")) is None
        True
    """
    ranked = _ranked(text[:SAMPLE], languages)
    best, chance = ranked[0]
    english = next(share for language, share in ranked if language == "en")
    # Malay and Indonesian share their words: together they leave English no room.
    sure = chance >= LEAST or (len(ranked) > 1 and chance + ranked[1][1] >= 2 * LEAST - 0.1)
    return best if best != "en" and sure and english <= MOST_ENGLISH else None
