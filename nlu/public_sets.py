"""The embedded engine's classifier on public sets of intents, beside scikit-learn's TF-IDF with logistic regression.

The sets are others' (BANKING77 and the like), kept outside the project: JSON lines of text, label, split and lang. What
is learnt from `train` is asked about `valid`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from core.commands import fold
from nlu import learning
from nlu.encoder import Encoder
from nlu.features import Floats

OUTSIDE = "oos"
"""The label of what none of the classes means; the field `near` tells how near it is to one."""

RECALL = 0.95
"""Of what means a class, so much is kept when what means none is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """How well what is outside is told apart by how sure one is: `auroc` (0.5 is chance), and how many of it pass when
    95 of 100 others do."""

    auroc: float
    passed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One set: the share that is right, ours and the usual; and what is outside by how near it is, ours and usual."""

    name: str
    classes: int
    ours: float
    usual: float
    outside: tuple[tuple[str, Apart, Apart], ...] = ()


def scored(folder: Path, encoder: Encoder | None = None) -> Iterator[Scored]:
    """Every set in the folder that has something to learn from; with an encoder beside the words, or without."""
    for path in sorted(folder.glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        if any(row["split"] == "train" for row in rows):
            yield _scored(path.stem, rows, encoder)


def _scored(name: str, rows: Sequence[dict[str, Any]], encoder: Encoder | None) -> Scored:
    train = [row for row in rows if row["split"] == "train"]
    valid = [row for row in rows if row["split"] == "valid"]
    chinese = str(rows[0]["lang"]).startswith("zh")
    labels = [row["label"] for row in train]
    classes = tuple(sorted(set(labels)))
    sure = (_ours(train, valid, labels, encoder, chinese=chinese), _usual(train, valid, labels, chinese=chinese))
    inside = np.array([not str(row["label"]).startswith(OUTSIDE) for row in valid])
    right = np.array([classes.index(row["label"]) if row["label"] in classes else -1 for row in valid])
    ours, usual = (float(np.mean(each.argmax(axis=1)[inside] == right[inside])) for each in sure)
    kinds = np.array([str(row.get("near", "")) for row in valid])
    outside = []
    for kind in sorted({str(kind) for kind in kinds[~inside]}):
        some = inside | (kinds == kind)
        mine, theirs = (_apart(each.max(axis=1)[some], inside[some]) for each in sure)
        outside.append((kind, mine, theirs))
    return Scored(name=name, classes=len(classes), ours=ours, usual=usual, outside=tuple(outside))


def _ours(
    train: Sequence[dict[str, Any]],
    valid: Sequence[dict[str, Any]],
    labels: Sequence[str],
    encoder: Encoder | None,
    *,
    chinese: bool,
) -> Floats:
    learnt, asked = ([row["text"] for row in rows] for rows in (train, valid))
    known, classifier = learning.classifier(learnt, labels, chinese=chinese, encoder=encoder)
    return learning.confident(classifier, known.rows([fold(text) for text in asked], asked))


def _usual(
    train: Sequence[dict[str, Any]], valid: Sequence[dict[str, Any]], labels: Sequence[str], *, chinese: bool
) -> Floats:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    characters = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    features = characters if chinese else make_union(words, pieces)
    model = make_pipeline(features, LogisticRegression(C=10, max_iter=1000))
    model.fit([row["text"] for row in train], labels)
    scores = model.decision_function([row["text"] for row in valid])
    return np.asarray(softmax(scores, axis=1), dtype=np.float64)


def _apart(sure: Floats, inside: NDArray[np.bool_]) -> Apart:
    from sklearn.metrics import roc_auc_score

    least = float(np.quantile(sure[inside], 1 - RECALL))
    return Apart(auroc=float(roc_auc_score(inside, sure)), passed=float(np.mean(sure[~inside] >= least)))
