"""What the embedded engine learns, and how: linear classifiers over words and pieces of words.

For each language three independent classifiers name the service, name the act and tell danger. All are linear,
over the TF-IDF of words, word pairs and pieces of words (in Chinese, of characters) of folded text.

Each service phrase teaches the service and "no act"; each act phrase teaches the act and "no service"; sentences that
name both, and some of both joined ("home help" and "what does it cost"), teach both. Phrases out of scope teach that no
service is meant. Danger is told from everything else, and from what only sounds like it.

Sentences kept apart (`nlu.calibrating`) then say how sure the classifiers may be, and how sure is sure enough.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate, chain, pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from opencc import OpenCC
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it publishes no types

from core.commands import Lexicon, fold
from core.types import Act
from nlu.apart import Apart
from nlu.calibrating import danger_enough, sharpness, sure_enough
from nlu.encoder import Encoder
from nlu.features import Cut, Features, Floats, Row, Rows, features
from nlu.loader import DANGER, TrainingData, is_chinese

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

NONE = ""
"""The class of phrases that name no service, or no act."""

_STRENGTH = 10.0
_MARGIN_STRENGTH = 1.0
"""The inverse of the regularisation, of a logistic regression and of a support vector machine."""

_PRECISION = 0.03
"""The tolerance of a support vector machine. With scikit-learn's 0.0001 it takes half as long again, and names the same
service in all sentences of nlu/calibration, and the same act in 999 of 1,000."""

_MANY = 50
"""From so many examples a class on, a support vector machine is learnt, below it a logistic regression: see
docs/decisions/embedded-engine.md for both on few and on many."""

_TOGETHER = 100
"""Of more classes than this a logistic regression takes too long and too much memory (for each weight twenty times
eight bytes); and so many classes a support vector machine learns at once."""

_RIVALS = 10_000
"""At most so many examples stand for all that is not among those that are learnt at once."""

_OTHERS = "*"
"""The class of what is not among those that are learnt at once; no service or act has this name."""

_SHARPNESS = 2.0
"""Where there are no sentences to calibrate by, scores are multiplied by this: it gave the least log loss on public
test sets in four languages (BANKING77, HWU64, ArBanking77, Facebook's Spanish set, SMP2017: best between 2 and 2.5)."""

_ENOUGH = 100
"""The fewest sentences about services that anything is calibrated by."""

_NONE_WEIGHT = 0.25
"""The weight of a phrase of the class `NONE`, of which there are many more than of any other. Tried 1, 0.5, 0.25 and
0.1 on the held-out sentences: down to 0.25 more services are named and no more of them are wrong."""

_REMEMBERED = 40
"""So many phrases of a service are remembered, to name one that is like what was said; each takes a kilobyte."""

_JOINED = (Act.WHO, Act.PAPERS, Act.COST, Act.TIME, Act.WHERE, Act.START, Act.STATUS, Act.PERSON)
"""Acts that people ask for together with a service in one sentence."""

_MOST_JOINED = 4000
"""Where there are hundreds of services, so many joined examples in all: more would drown the acts."""

_JOININGS = 2
"""Joined examples for each service and act. Tried 0 to 3: with 3 too many plain sentences are given an act."""

_CHINESE = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))
"""The Chinese characters of Unicode's basic plane: extension A and the unified ideographs."""


Halves = NDArray[np.float16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """A trained classifier: one row of weights a term, of one weight a class, in the order of `classes`. Half precision
    is enough for them, and every process that understands words holds them."""

    classes: tuple[str, ...]
    weights: Halves
    bias: Floats
    sharpness: float = _SHARPNESS

    def confidences(self, row: Row) -> Floats:
        """How sure it is of each class, 0 to 1, 1 in all."""
        scores = self.sharpness * (row.values @ self.weights[row.indices].astype(np.float32) + self.bias)
        return _shares(scores)

    def against(self, row: Row, at: int, rival: int) -> Floats:
        """How much each term of the row speaks for one class (by its place) and against another."""
        weights = self.weights[row.indices]
        return np.asarray(row.values * (weights[:, at].astype(np.float64) - weights[:, rival]), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Least:
    """The least confidence in a service that is answered at once, and in danger that is asked about. These are taken
    where there are no sentences to calibrate by."""

    service: float = 0.6
    danger: float = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Expert:
    """What was learnt of one language. `phrases` are some of each service's (phrase, service), a row each of
    `phrase_rows`; `own` tells where those of a service begin and end, and `counts` how many it has. `exact` are all
    words of the exact rules but danger's. `script` is the one the language is written in (see `script`)."""

    features: Features
    service: Linear
    act: Linear
    danger: Linear
    least: Least
    phrases: tuple[tuple[str, str], ...]
    own: Mapping[str, tuple[int, int]]
    counts: Mapping[str, int]
    phrase_rows: Rows
    spaced: bool
    yes: frozenset[str]
    no: frozenset[str]
    exact: frozenset[str]
    script: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """All that is kept in the cache. `simpler` maps traditional Chinese characters to simplified ones; `lexicons` are
    the words of the exact rules, so that a start need not read the examples."""

    lexicons: tuple[Lexicon, ...]
    experts: Mapping[str, Expert]
    simpler: Mapping[int, str]


def experts(data: Sequence[TrainingData], encoder: Encoder | None = None) -> dict[str, Expert]:
    """Learn from these examples, by language, with what the encoder tells of them; the same give the same result.

    On one core: on a busy machine more threads than cores wait for each other three times as long as they work.
    """
    with threadpool_limits(limits=1):
        return {known.language: _expert(known, simpler(known.language), encoder) for known in data}


def whole(data: Sequence[TrainingData], learnt: Mapping[str, Expert]) -> Learnt:
    """All that is kept, in the order of the town's languages."""
    return Learnt(
        lexicons=tuple(known.lexicon for known in data),
        experts={known.language: learnt[known.language] for known in data},
        simpler=dict(chain.from_iterable(simpler(known.language).items() for known in data)),
    )


def simpler(language: str) -> Mapping[int, str]:
    """Each traditional character's simplified one, for Chinese; of other languages none."""
    return _simplified() if is_chinese(language) else {}


@cache
def _simplified() -> Mapping[int, str]:
    """By OpenCC; one by one, so that a parse is a table look-up."""
    convert = OpenCC("t2s").convert
    simple = {code: str(convert(chr(code))) for codes in _CHINESE for code in codes}
    return {code: text for code, text in simple.items() if text != chr(code)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Example:
    """One text to learn from, with its service and act, "" for none."""

    text: str
    service: str = NONE
    act: str = NONE


def _folded(texts: Iterable[str], simpler: Mapping[int, str]) -> list[str]:
    return [fold(text.translate(simpler)) for text in texts]


def _single(data: TrainingData) -> Iterator[_Example]:
    for slug, phrases in data.services.items():
        yield from (_Example(text=phrase, service=slug) for phrase in phrases)
    for act, phrases in data.acts.items():
        yield from (_Example(text=phrase, act=act) for phrase in phrases)
    yield from (_Example(text=text, service=slug, act=act) for text, slug, act in data.both)
    yield from (_Example(text=word, act=Act.YES) for word in data.lexicon.yes)
    yield from (_Example(text=word, act=Act.NO) for word in data.lexicon.no)


def _joined(data: TrainingData) -> Iterator[_Example]:
    """For each service and act some phrases of each in one text, either first, going round so that all serve."""
    step = 1 + len(data.services) * len(_JOINED) * _JOININGS // _MOST_JOINED
    for number, (slug, phrases) in enumerate(data.services.items()):
        for turn, act in enumerate(_JOINED):
            if (number + turn) % step:
                continue
            said = data.acts.get(act, ())
            for again in range(_JOININGS if said and phrases else 0):
                pair = phrases[(number + turn + 3 * again) % len(phrases)], said[(number + 5 * again) % len(said)]
                backwards = (number + turn + again) % 2 == 0
                yield _Example(text=" ".join(reversed(pair) if backwards else pair), service=slug, act=act)


def _expert(data: TrainingData, simpler: Mapping[int, str], encoder: Encoder | None) -> Expert:
    examples = [*_single(data), *_joined(data)]
    texts, near, told = [example.text for example in examples], data.near_danger, data.danger
    written = [*texts, *near, *told]
    folded = _folded(written, simpler)
    known, rows = features(folded, _cuts(chinese=is_chinese(data.language)), encoder, written)
    service, act = (
        _fitted(known, rows.some(0, len(texts)), labels)
        for labels in ([one.service for one in examples], [one.act for one in examples])
    )
    danger = _fitted(known, rows, [NONE] * (len(texts) + len(near)) + [DANGER] * len(told))
    learnt = _Learnt(features=known, service=service, act=act, danger=danger)
    learnt, least = _calibrated(learnt, data.apart, simpler)
    phrases = tuple((phrase, slug) for slug, own in data.services.items() for phrase in own[:_REMEMBERED])
    ends = accumulate((min(len(own), _REMEMBERED) for own in data.services.values()), initial=0)
    remembered = [phrase for phrase, _ in phrases]
    phrase_rows = known.rows(_folded(remembered, simpler), remembered)
    return Expert(
        features=known,
        service=learnt.service,
        act=learnt.act,
        danger=learnt.danger,
        least=least,
        phrases=phrases,
        own=dict(zip(data.services, pairwise(ends), strict=True)),
        counts={slug: len(own) for slug, own in data.services.items()},
        phrase_rows=replace(phrase_rows, values=phrase_rows.values.astype(np.float32)),
        spaced=data.lexicon.spaced,
        yes=frozenset(map(fold, data.lexicon.yes)),
        no=frozenset(map(fold, data.lexicon.no)),
        exact=frozenset(fold(word) for word in _exact(data.lexicon)),
        script=script(" ".join(folded)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Learnt:
    """The classifiers of one language, over the same features."""

    features: Features
    service: Linear
    act: Linear
    danger: Linear


def _calibrated(learnt: _Learnt, apart: Apart | None, simpler: Mapping[int, str]) -> tuple[_Learnt, Least]:
    """The same, as sure as they are right on sentences kept apart, and how sure is sure enough."""
    if apart is None or sum(bool(example.service) for example in apart.examples) < _ENOUGH:
        return learnt, Least()
    services = [example.service for example in apart.examples]
    acts = [example.act or NONE for example in apart.examples]
    written = [example.text for example in apart.examples]
    rows = learnt.features.rows(_folded(written, simpler), written)
    near = learnt.features.rows(_folded(apart.near_danger, simpler), apart.near_danger)
    service, act = _sharpened(learnt.service, rows, services), _sharpened(learnt.act, rows, acts)
    sure = confident(service, rows)[:, [name != NONE for name in service.classes]]
    named = np.array([name for name in service.classes if name != NONE])[sure.argmax(axis=1)]
    alarmed, disturbed = (confident(learnt.danger, some)[:, -1] for some in (near, rows))
    usual = Least()
    least = Least(
        service=sure_enough(sure.max(axis=1), named == np.array(services), usual.service),
        danger=danger_enough(alarmed, disturbed, usual.danger) if DANGER in learnt.danger.classes else usual.danger,
    )
    return replace(learnt, service=service, act=act), least


def _sharpened(known: Linear, rows: Rows, labels: Sequence[str]) -> Linear:
    """The same, as sure as it is right; sentences of classes that it does not know tell nothing."""
    place = {name: at for at, name in enumerate(known.classes)}
    told = np.array([at for at, label in enumerate(labels) if label in place], dtype=np.int64)
    right = np.array([place[labels[at]] for at in told], dtype=np.int64)
    return replace(known, sharpness=sharpness(_scores(known, rows)[told], right)) if told.size else known


def _scores(known: Linear, rows: Rows) -> Floats:
    scores = _matrix(rows, len(known.weights)) @ known.weights.astype(np.float32) + known.bias
    return np.asarray(scores, dtype=np.float64)


def confident(known: Linear, rows: Rows) -> Floats:
    """How sure it is of each class, for many texts."""
    return _shares(known.sharpness * _scores(known, rows))


def _shares(scores: Floats) -> Floats:
    """Scores as shares of 1, of each row where there are many."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), dtype=np.float64)


def _exact(lexicon: Lexicon) -> Iterator[str]:
    yield from (*lexicon.yes, *lexicon.no)
    yield from chain.from_iterable(lexicon.commands.values())


def script(text: str) -> str:
    """The script most of the text's letters are in, by the first word of their Unicode names ("LATIN", "CJK"); ""
    if it has no letters."""
    found = Counter[str]()
    for letter, times in Counter(filter(str.isalpha, text)).items():
        found[unicodedata.name(letter, "").split(" ")[0]] += times
    return found.most_common(1)[0][0] if found else ""


def classifier(
    texts: Sequence[str], labels: Sequence[str], *, chinese: bool, encoder: Encoder | None = None
) -> tuple[Features, Linear]:
    """What the engine would learn of these texts, as they were written, and their labels alone."""
    folded = [fold(text) for text in texts]
    known, rows = features(folded, _cuts(chinese=chinese), encoder, texts)
    with threadpool_limits(limits=1):
        return known, _fitted(known, rows, labels)


def _cuts(*, chinese: bool) -> tuple[Cut, ...]:
    return (Cut.CHARACTERS,) if chinese else (Cut.WORDS, Cut.PIECES)


def _matrix(rows: Rows, terms: int) -> csr_matrix:
    """The same for SciPy and scikit-learn, which take 20 and 60 MB: only learning loads them."""
    from scipy.sparse import csr_matrix

    return csr_matrix((rows.values.astype(np.float32), rows.indices, rows.starts), shape=(len(rows), terms))


def _fitted(known: Features, rows: Rows, labels: Sequence[str]) -> Linear:
    """A linear classifier."""
    classes = tuple(sorted(set(labels)))
    if len(classes) < 2:
        return Linear(classes=classes, weights=np.zeros((len(known), 1), dtype=np.float16), bias=np.zeros(1))
    weigh = np.array([_NONE_WEIGHT if label == NONE else 1.0 for label in labels], dtype=np.float32)
    many = len(labels) >= _MANY * len(classes) or len(classes) > _TOGETHER
    fit = _margins if many else _odds
    weights, bias = fit(_matrix(rows, len(known)), np.array(labels), weigh)
    if len(classes) == 2:  # then scikit-learn gives the scores of the second class against the first
        weights, bias = np.hstack([np.zeros_like(weights), weights]), np.concatenate([[0.0], bias])
    return Linear(classes=classes, weights=weights, bias=bias)


def _odds(rows: csr_matrix, labels: NDArray[np.str_], weigh: NDArray[np.float32]) -> tuple[Halves, Floats]:
    """A logistic regression: the weight of each term for each class, and what each class begins with."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_STRENGTH, max_iter=1000).fit(rows, labels, sample_weight=weigh)
    return np.ascontiguousarray(model.coef_.T, dtype=np.float16), np.asarray(model.intercept_)


def _evenly(places: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """At most so many of them, from all over."""
    return places[:: 1 + len(places) // most]


def _margins(rows: csr_matrix, labels: NDArray[np.str_], weigh: NDArray[np.float32]) -> tuple[Halves, Floats]:
    """A support vector machine for each class against all others: some classes together, for scikit-learn needs eight
    bytes for each weight of those that it learns at once."""
    from sklearn.svm import LinearSVC

    model = LinearSVC(C=_MARGIN_STRENGTH, tol=_PRECISION, random_state=0)
    classes = np.unique(labels)
    weights, bias = [], []
    for some in np.array_split(classes, -(-len(classes) // _TOGETHER)):
        own = np.isin(labels, some)
        chosen = np.sort(np.concatenate([np.flatnonzero(own), _evenly(np.flatnonzero(~own), _RIVALS)]))
        model.fit(rows[chosen], np.where(own, labels, _OTHERS)[chosen], sample_weight=weigh[chosen])
        kept = slice(None) if own.all() else np.isin(model.classes_, some)
        weights.append(model.coef_[kept].astype(np.float16))
        bias.append(model.intercept_[kept])
    return np.ascontiguousarray(np.concatenate(weights).T), np.concatenate(bias)
