"""The default engine: trained in seconds on this machine, nothing to download (`nlu.learning` says how it learns)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from core.commands import fold
from core.types import Act, Alternative, Understanding
from nlu.cache import fingerprint, keep, kept
from nlu.learning import NONE, PIECE, Expert, Learnt, Linear, learn
from nlu.loader import TrainingData

ENGINE = "embedded"

SURE = 0.5
"""The least confidence in a service that is taken as meant."""

ASK = 0.2
"""The least confidence in a service that is worth asking about."""

CLOSE = 0.5
"""A service is close to the best one when its confidence is at least this share of the best one's."""

ACT_SURE = 0.5
"""The least confidence in an act that is taken as meant."""

ELSEWHERE = 0.9
"""The least confidence in another language before the words are taken to be in it."""

MOST_ALTERNATIVES = 3

READ = 1000
"""Characters of a text that are read, to bound the time of a parse. Danger is looked for in all of it, elsewhere."""

_SHOWN = 4
"""Words named as evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """The engine behind `core.ports.Recognizer`. Parsing changes nothing, so threads may share one.

    `act` is None when the words name none ("my mother cannot cook any more"): then they ask what there is for them.
    `language` is the one of the town's that the words fit. `evidence` holds words of the text that spoke most for the
    service, then "= " and the phrase it learnt from that is most alike: it may hold what the resident said.
    """

    _learnt: Learnt

    def parse(self, text: str, language: str) -> Understanding:
        words = fold(text[:READ].translate(self._learnt.simpler))
        spoken = self._language(words, language)
        expert = self._learnt.experts.get(spoken)
        features = expert.features.of([words]) if expert else None
        if expert is None or features is None or features.nnz == 0:
            return Understanding(engine=ENGINE, language=spoken)
        return _understand(expert, words, features, spoken)

    def _language(self, words: str, given: str) -> str:
        """The language that the words fit much better than the given one, else the given one."""
        features = self._learnt.language_features.of([words])
        if features.nnz == 0:
            return given
        known = self._learnt.language
        confidences = known.confidences(features)
        best = int(confidences.argmax())
        return known.classes[best] if confidences[best] >= ELSEWHERE else given


def train(data: Sequence[TrainingData]) -> Embedded:
    """Learn from these examples. Deterministic: the same data give the same engine."""
    return Embedded(_learnt=learn(data))


def train_or_load(data: Sequence[TrainingData], cache_folder: Path) -> Embedded:
    """The engine for these examples: from the cache if it was trained before, else trained and put there.

    The file is named by everything that decides what is learnt: the data, this code's `VERSION`, the libraries.
    """
    path = cache_folder / f"embedded-{fingerprint(data)}.model"
    learnt = kept(path)
    if learnt is None:
        learnt = learn(data)
        keep(learnt, path)
    return Embedded(_learnt=learnt)


def _understand(expert: Expert, words: str, features: csr_matrix, language: str) -> Understanding:
    service, confidence, alternatives = _service(expert.service, features)
    act, act_confidence = _act(expert, words, features)
    considered = service or (alternatives[0].service if alternatives else NONE)
    if considered and act is Act.OUT_OF_SCOPE:
        act, act_confidence = None, 0.0
    return Understanding(
        act=act,
        act_confidence=act_confidence,
        service=service,
        confidence=confidence,
        alternatives=alternatives,
        evidence=_evidence(expert, features, considered) if considered else (),
        engine=ENGINE,
        language=language,
    )


def _service(known: Linear, features: csr_matrix) -> tuple[str, float, tuple[Alternative, ...]]:
    """The service that is sure enough, or "" and the two or three worth asking about."""
    sure = dict(zip(known.classes, map(float, known.confidences(features)), strict=True))
    nothing = sure.pop(NONE, 0.0)
    named = sorted(sure.items(), key=lambda item: -item[1])[:MOST_ALTERNATIVES]
    best, confidence = named[0]
    if nothing >= SURE or confidence < ASK:
        return NONE, 0.0, ()
    rivals = [item for item in named if item[1] >= CLOSE * confidence]
    if confidence >= SURE and len(rivals) == 1:
        return best, confidence, ()
    asked = rivals if len(rivals) > 1 else named[:2]
    return NONE, 0.0, tuple(Alternative(service=slug, confidence=value) for slug, value in asked)


def _act(expert: Expert, words: str, features: csr_matrix) -> tuple[Act | None, float]:
    if words in expert.yes:
        return Act.YES, 1.0
    if words in expert.no:
        return Act.NO, 1.0
    confidences = expert.act.confidences(features)
    best = int(confidences.argmax())
    name, confidence = expert.act.classes[best], float(confidences[best])
    return (Act(name), confidence) if name != NONE and confidence >= ACT_SURE else (None, 0.0)


def _evidence(expert: Expert, features: csr_matrix, service: str) -> tuple[str, ...]:
    """The words that spoke most for the service, heaviest first, and the phrase of its own that is most alike."""
    weights = expert.service.weights[expert.service.classes.index(service)]
    spoke = features.data * weights[features.indices]
    heavy = [i for i in np.argsort(-spoke, kind="stable") if spoke[i] > 0]
    terms = [expert.features.terms[features.indices[i]] for i in heavy]
    whole = [term for term in terms if not term.startswith(PIECE)]
    return (*(whole or terms)[:_SHOWN], *_nearest(expert, features, service))


def _nearest(expert: Expert, features: csr_matrix, service: str) -> tuple[str, ...]:
    likeness = (expert.phrase_features @ features.T).toarray().ravel()
    own = [i for i, (_, named) in enumerate(expert.phrases) if named == service]
    best = max(own, key=lambda i: likeness[i])
    return (f"= {expert.phrases[best][0]}",) if likeness[best] > 0 else ()
