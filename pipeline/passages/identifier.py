"""The language of a line by its letters in a row: the one door to py3langid.

py3langid (A. Barbaresi, after M. Lui and T. Baldwin, langid.py, 2012) is a naive Bayes model over
byte sequences, 4.5 MB.  It is sure of most lines of six words, and of no list of names; so its
word is taken only where it gives English next to no chance.  It is asked where the commonest words
of a line say nothing, which in English text is seldom: asking takes ten times as long.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# What is asked of a line: more signs change no answer.
SAMPLE = 300
# The chance that the best language must have, and the most that English may have: so no line of
# English was called foreign among 1,500 of news and encyclopedia pages, nor a list of names.
LEAST, MOST_ENGLISH = 0.5, 0.2


@lru_cache(maxsize=1)
def _model(languages: tuple[str, ...]) -> LanguageIdentifier:
    """The model, asked about these languages only; loading it takes half a second."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(languages)
    return model


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
