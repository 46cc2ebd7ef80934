"""The one door to spaCy, with `components` and `recogniser` behind it: texts in, records out.

`Model.read` runs the entity recogniser on every text and the parser only on texts that
ask for it: the parser and tagger cost more than all the rest, and only sentences
with a partnership cue need them.  A model's answer depends on the text of one passage
and on nothing else, so that it can be kept and used again wherever that text stands: the answers
to the last texts are held, since what is reprinted is mostly reprinted soon.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.errors import SettingsError
from pipeline.extract.components import annotate, embed_once, heard_by_none
from pipeline.records import ModelOutput, ModelSpan, ModelToken
from pipeline.settings import DEFAULT_MODEL

# Beyond this a text is cut at white space: the recogniser's memory grows with the
# text (about 1 MB a 1,000 characters), and its answers look only some words around.
CHUNK_CHARS = 20_000

PARSE_PIPES = (
    "tagger",
    "morphologizer",
    "parser",
    "senter",
    "attribute_ruler",
    "lemmatizer",
    "trainable_lemmatizer",
)
# What a parse of ours needs, with the marks of a pipe that gives it.
PARSE_NEEDS = (
    ("parser", ("token.dep", "token.head")),
    ("tagger", ("token.tag", "token.pos")),
)
# Labels of pipelines trained on four kinds of names, in the words of OntoNotes; such a
# pipeline calls every place LOC, and most places of news are states and towns.
FOUR_KINDS = {"PER": "PERSON", "LOC": "GPE"}
# A batch ends at either bound.  The answers do not depend on it: vectors and spans of 900
# passages were the same bit for bit in batches of 1, 17, 64 and 256, and shuffled.
BATCH_TEXTS = 256
BATCH_CHARS = 60_000
# Answers to so many characters of text are held; they take some ten times as many bytes.
HELD_CHARS = 1_000_000


class Model:
    """A loaded English spaCy pipeline.

    A pipeline without parser or tagger still finds names; sentences that ask for a parse
    are then read by rules alone, which is said once, as a warning.

    Args:
        name: an installed spaCy pipeline, by the name of its package, or the folder of a
            saved one.
        held_chars: answers to so many characters of text are held; 0 for none.

    Raises:
        SettingsError: no such pipeline is installed, it is not English, or none of its
            components finds entities.
    """

    def __init__(self, name: str = DEFAULT_MODEL, held_chars: int = HELD_CHARS) -> None:
        self.name = name
        self._nlp = _load(name)
        if self._nlp.lang not in ("en", "xx"):
            raise SettingsError(
                f"model {name!r} reads the language {self._nlp.lang!r}; set `model` to an English "
                "spaCy pipeline."
            )
        given = _given(self._nlp)
        if "doc.ents" not in given:
            raise SettingsError(
                f"model {name!r} has no entity recogniser; choose another English spaCy pipeline."
            )
        embed_once(self._nlp)
        # By what made them: a pipeline may call its components what it likes.
        parsing = [
            pipe
            for pipe in self._nlp.pipe_names
            if self._nlp.get_pipe_meta(pipe).factory in PARSE_PIPES
        ]
        self._without_parser = parsing + heard_by_none(self._nlp, parsing)
        self.lacks = tuple(part for part, marks in PARSE_NEEDS if given.isdisjoint(marks))
        if self.lacks:
            warnings.warn(
                f"model {name!r} has no {' and no '.join(self.lacks)}: sentences about "
                "partnerships are read by rules alone; choose a pipeline with both to find more.",
                stacklevel=2,
            )
        self._labels = _labels(self._nlp)
        self._held = _Held(held_chars)

    def read(self, texts: Sequence[str], parse: Sequence[bool]) -> list[ModelOutput]:
        """What the model says of each text, parsed where `parse` says so.

        Args:
            texts: one passage each; any length, also empty.
            parse: of the same length as `texts`.

        Returns:
            One output a text, in the same order; offsets count from the start of the text.
        """
        asked = [(text, flag and not self.lacks) for text, flag in zip(texts, parse, strict=True)]
        answers = {each: found for each in asked if (found := self._held.get(each)) is not None}
        missing = [each for each in dict.fromkeys(asked) if each not in answers]
        for parsed in (False, True):
            wanted = [text for text, flag in missing if flag is parsed]
            if not wanted:
                continue
            with self._nlp.select_pipes(disable=[] if parsed else self._without_parser):
                for text, output in zip(wanted, self._outputs(wanted, parsed), strict=True):
                    answers[text, parsed] = output
                    self._held.put((text, parsed), output)
        return [answers[each] for each in asked]

    def _docs(self, texts: Iterable[str]) -> Iterator[Doc]:
        for batch in _batches(texts):
            yield from annotate(self._nlp, batch, BATCH_TEXTS)

    def _outputs(self, texts: list[str], parsed: bool) -> Iterator[ModelOutput]:
        pieces = [(n, start) for n, text in enumerate(texts) for start in _cuts(text)]
        ends = [
            following[1] if following[0] == n else len(texts[n])
            for (n, _), following in zip(pieces, [*pieces[1:], (-1, 0)], strict=True)
        ]
        docs = self._docs(texts[n][start:end] for (n, start), end in zip(pieces, ends, strict=True))
        collected: dict[int, list[tuple[int, Doc]]] = {n: [] for n in range(len(texts))}
        done = 0
        for (n, start), end, doc in zip(pieces, ends, docs, strict=True):
            collected[n].append((start, doc))
            if end == len(texts[n]):
                while done <= n:
                    yield _output(collected.pop(done), parsed, self._labels)
                    done += 1


class _Held:
    """The answers to the last questions, as many as have `chars` characters of text.

    Example:
        >>> held = _Held(5)
        >>> for text in ("abc", "de", "fgh"):
        ...     held.put((text, False), ModelOutput())
        >>> [held.get((text, False)) is not None for text in ("abc", "de", "fgh")]
        [False, True, True]
    """

    def __init__(self, chars: int) -> None:
        self._free = chars
        self._answers: dict[tuple[str, bool], ModelOutput] = {}

    def get(self, question: tuple[str, bool]) -> ModelOutput | None:
        """The answer to a text, parsed or not, if it is held."""
        return self._answers.get(question)

    def put(self, question: tuple[str, bool], answer: ModelOutput) -> None:
        """Hold one more answer, and let go of the oldest where there is no room."""
        self._answers[question] = answer
        self._free -= len(question[0])
        while self._free < 0:
            oldest = next(iter(self._answers))
            del self._answers[oldest]
            self._free += len(oldest[0])


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """`texts` in batches, each ended by whichever bound comes first.

    Example:
        >>> texts = ["a"] * (BATCH_TEXTS + 1) + ["b" * BATCH_CHARS] * 2
        >>> [len(batch) for batch in _batches(texts)] == [BATCH_TEXTS, 2, 1]
        True
    """
    batch: list[str] = []
    chars = 0
    for text in texts:
        batch.append(text)
        chars += len(text)
        if len(batch) >= BATCH_TEXTS or chars >= BATCH_CHARS:
            yield batch
            batch, chars = [], 0
    if batch:
        yield batch


def _load(name: str) -> Language:
    module_name = name.replace("-", "_")
    try:
        with warnings.catch_warnings():
            if name == DEFAULT_MODEL:
                # Trained with spaCy 3.7 and measured to be the better one under 3.8.
                warnings.filterwarnings("ignore", message=r"\[W095\]", category=UserWarning)
            if (Path(name) / "config.cfg").is_file():
                nlp = spacy.load(name)
            else:
                module = importlib.import_module(module_name)
                nlp = module.load()
    # `json`, say, has a `load` too, which wants a file; a folder may lack a component's data,
    # or its configuration name a component that no installed package gives.
    except (ImportError, AttributeError, OSError, TypeError, ValueError) as error:
        if Path(name).is_dir():
            raise SettingsError(
                f"model {name!r} is no saved spaCy pipeline that can be loaded ({error}); set "
                "`model` to a folder written by `nlp.to_disk`, or to an installed pipeline."
            ) from error
        raise SettingsError(
            f"model {name!r} is not installed ({error}); run `pip install {name}`, or set `model` "
            "to an installed English spaCy pipeline."
        ) from error
    if not isinstance(nlp, Language):
        raise SettingsError(f"model {name!r} is no spaCy pipeline; set `model` to one that is.")
    return nlp


def _given(nlp: Language) -> frozenset[str]:
    """What the enabled components set, in spaCy's words: `doc.ents`, `token.dep`."""
    return frozenset(mark for pipe in nlp.pipe_names for mark in nlp.get_pipe_meta(pipe).assigns)


def _labels(nlp: Language) -> Mapping[str, str]:
    """Labels to be renamed: none for a pipeline that tells states and towns from other places."""
    known = {label for labels in nlp.pipe_labels.values() for label in labels}
    return {} if "GPE" in known or not known & set(FOUR_KINDS) else FOUR_KINDS


def _cuts(text: str) -> list[int]:
    """Starts of the pieces of `text`, each at most `CHUNK_CHARS` long where blanks allow.

    Example:
        >>> _cuts("one two")
        [0]
        >>> _cuts("")
        [0]
        >>> _cuts("a " * CHUNK_CHARS)[:2]
        [0, 20000]
    """
    starts = [0]
    while len(text) - starts[-1] > CHUNK_CHARS:
        window_end = starts[-1] + CHUNK_CHARS
        blank = max(text.rfind(mark, starts[-1] + 1, window_end) for mark in " \n\t")
        starts.append(blank + 1 if blank > starts[-1] else window_end)
    return starts


def _output(pieces: list[tuple[int, Doc]], parsed: bool, labels: Mapping[str, str]) -> ModelOutput:
    spans: list[ModelSpan] = []
    sentences: list[tuple[int, int]] = []
    tokens: list[ModelToken] = []
    for offset, doc in pieces:
        spans += [
            ModelSpan(
                offset + ent.start_char, offset + ent.end_char, labels.get(ent.label_, ent.label_)
            )
            for ent in doc.ents
        ]
        if not parsed:
            continue
        sentences += [(offset + s.start_char, offset + s.end_char) for s in doc.sents]
        first = len(tokens)
        tokens += [
            ModelToken(
                offset + token.idx,
                offset + token.idx + len(token.text),
                token.lemma_,
                token.pos_,
                token.tag_,
                token.dep_,
                first + token.head.i,
            )
            for token in doc
        ]
    return ModelOutput(tuple(spans), tuple(sentences), tuple(tokens))
