"""What the embedded engine learns, and how: linear classifiers over words and characters.

For each language two independent classifiers name the service and the act. Both see the TF-IDF of single words,
word pairs and pieces of words (2 to 5 characters; in Chinese, 1 to 3 characters) of folded text, and are logistic
regressions. One more, over all languages, tells which language the words are in.

Each service phrase teaches the service and "no act"; each act phrase teaches the act and "no service"; some of both
joined ("home help" and "what does it cost") teach both. Phrases out of scope teach that no service is meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from opencc import OpenCC
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from core.commands import fold
from core.types import Act
from nlu.loader import TrainingData, is_chinese

VERSION = "1"
"""Change it with anything here that changes what is learnt from the same examples."""

NONE = ""
"""The class of phrases that name no service, or no act."""

PIECE = "~"
"""Marks a feature that is a piece of a word; folded text never holds this character."""

_STRENGTH = 10.0
_SHARPNESS = 2.0
"""`_STRENGTH` is the inverse of the regularisation. With it the confidences come out too low on sentences not seen
in training. Scores times `_SHARPNESS` give the least log loss on public test sets in four languages (BANKING77,
HWU64, ArBanking77, Facebook's Spanish set, SMP2017: best between 2 and 2.5 on each; where it said 0.95 it was
right 0.89 to 0.96 of the time)."""

_JOINED = (Act.WHO, Act.PAPERS, Act.COST, Act.TIME, Act.WHERE, Act.START, Act.STATUS, Act.PERSON)
"""Acts that people ask for together with a service in one sentence."""

_CHINESE = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))
"""The Chinese characters of Unicode's basic plane: extension A and the unified ideographs."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """A trained classifier: one row of weights a class, in the order of `classes`."""

    classes: tuple[str, ...]
    weights: NDArray[np.float32]
    bias: Floats

    def confidences(self, features: csr_matrix) -> Floats:
        scores = _SHARPNESS * (self.weights[:, features.indices] @ features.data + self.bias)
        raised = np.exp(scores - scores.max())
        return np.asarray(raised / raised.sum(), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """Turns folded text into numbers. `terms` names each feature."""

    vectorizers: tuple[TfidfVectorizer, ...]
    terms: tuple[str, ...]

    def of(self, texts: Sequence[str]) -> csr_matrix:
        return hstack([vectorizer.transform(texts) for vectorizer in self.vectorizers]).tocsr()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expert:
    """What was learnt of one language. `phrases` are (phrase, service), a row each of `phrase_features`."""

    features: Features
    service: Linear
    act: Linear
    phrases: tuple[tuple[str, str], ...]
    phrase_features: csr_matrix
    yes: frozenset[str]
    no: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """All that is kept in the cache. `simpler` maps traditional Chinese characters to simplified ones."""

    experts: Mapping[str, Expert]
    language_features: Features
    language: Linear
    simpler: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Example:
    """One text to learn from, with its service and act, "" for none."""

    text: str
    service: str = NONE
    act: str = NONE


def learn(data: Sequence[TrainingData]) -> Learnt:
    """Learn from these examples; the same ones give the same result."""
    simpler = _simpler() if any(is_chinese(known.language) for known in data) else {}
    texts = [(fold(e.text.translate(simpler)), d.language) for d in data for e in _examples(d)]
    language_features = _features([text for text, _ in texts], (_vectorizer("char_wb", 1, 3),))
    spoken = np.array([language for _, language in texts])
    return Learnt(
        experts={known.language: _expert(known, simpler) for known in data},
        language_features=language_features,
        language=_trained(language_features.of([text for text, _ in texts]), spoken),
        simpler=simpler,
    )


def _simpler() -> dict[int, str]:
    """Each traditional character's simplified one, by OpenCC; one by one, since its own walk over a long text is
    recursive."""
    convert = OpenCC("t2s").convert
    simple = {code: str(convert(chr(code))) for codes in _CHINESE for code in codes}
    return {code: text for code, text in simple.items() if text != chr(code)}


def _expert(data: TrainingData, simpler: Mapping[int, str]) -> Expert:
    examples = list(_examples(data))
    texts = [fold(example.text.translate(simpler)) for example in examples]
    features = _features(texts, _vectorizers(data.language))
    rows = features.of(texts)
    phrases = tuple((p, slug) for slug, own in data.services.items() for p in own)
    return Expert(
        features=features,
        service=_trained(rows, np.array([example.service for example in examples])),
        act=_trained(rows, np.array([example.act for example in examples])),
        phrases=phrases,
        phrase_features=features.of([fold(phrase.translate(simpler)) for phrase, _ in phrases]),
        yes=frozenset(map(fold, data.lexicon.yes)),
        no=frozenset(map(fold, data.lexicon.no)),
    )


def _examples(data: TrainingData) -> Iterator[_Example]:
    for slug, phrases in data.services.items():
        yield from (_Example(text=phrase, service=slug) for phrase in phrases)
    for act, phrases in data.acts.items():
        yield from (_Example(text=phrase, act=act) for phrase in phrases)
    yield from (_Example(text=word, act=Act.YES) for word in data.lexicon.yes)
    yield from (_Example(text=word, act=Act.NO) for word in data.lexicon.no)
    yield from _joined(data)


def _joined(data: TrainingData) -> Iterator[_Example]:
    """For each service and act one phrase of each in one text, going round the phrases so that all serve."""
    for number, (slug, phrases) in enumerate(data.services.items()):
        for turn, act in enumerate(_JOINED):
            said = data.acts.get(act, ())
            if said and phrases:
                text = f"{phrases[(number + turn) % len(phrases)]} {said[number % len(said)]}"
                yield _Example(text=text, service=slug, act=act)


def _vectorizers(language: str) -> tuple[TfidfVectorizer, ...]:
    if is_chinese(language):
        return (_vectorizer("char", 1, 3),)
    return (_vectorizer("word", 1, 2), _vectorizer("char_wb", 2, 5))


def _vectorizer(analyzer: str, shortest: int, longest: int) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer=analyzer,
        ngram_range=(shortest, longest),
        token_pattern=r"\w+" if analyzer == "word" else None,
        lowercase=False,
        sublinear_tf=True,
    )


def _features(texts: Sequence[str], vectorizers: tuple[TfidfVectorizer, ...]) -> Features:
    terms: list[str] = []
    for vectorizer in vectorizers:
        mark = PIECE if vectorizer.analyzer == "char_wb" else ""
        terms += [f"{mark}{term}" for term in vectorizer.fit(texts).get_feature_names_out()]
    return Features(vectorizers=vectorizers, terms=tuple(terms))


def _trained(rows: csr_matrix, labels: NDArray[np.str_]) -> Linear:
    """A logistic regression, found in the space of the examples, which are fewer than the features: the same solution,
    several times sooner."""
    values, vectors = np.linalg.eigh((rows @ rows.T).toarray())
    kept = values > 1e-9 * values.max()
    scale = np.sqrt(values[kept])
    model = LogisticRegression(C=_STRENGTH, max_iter=1000, tol=1e-3).fit(vectors[:, kept] * scale, labels)
    weights = (rows.T @ ((vectors[:, kept] / scale) @ model.coef_.T)).T
    return Linear(
        classes=tuple(map(str, model.classes_)),
        weights=np.ascontiguousarray(weights, dtype=np.float32),
        bias=np.asarray(model.intercept_, dtype=np.float64),
    )
