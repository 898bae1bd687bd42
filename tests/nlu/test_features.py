"""Text as numbers, beside scikit-learn's, which cuts and weighs in the same way."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from core.commands import fold
from nlu.features import Cut, features

TEXTS = (
    "my bus card is lost",
    "a free bus card",
    "the bus the bus the bus",
    "a",
    "no light on our street",
    "路灯 坏了",
)
USUAL = {
    Cut.WORDS: TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\S+"),
    Cut.PIECES: TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True),
}
WORDS = st.lists(st.text("abcé路灯ا😀", min_size=1, max_size=7), max_size=6).map(" ".join)


@pytest.mark.parametrize("cut", USUAL)
def test_texts_are_as_alike_as_scikit_learn_finds_them(cut: Cut) -> None:
    usual = USUAL[cut].fit_transform(TEXTS)
    known, rows = features(TEXTS, (cut,))
    alike = np.array([rows.alike(rows.row(at), len(known)) for at in range(len(TEXTS))])
    assert alike == pytest.approx((usual @ usual.T).toarray(), abs=1e-6)
    assert len(known) == usual.shape[1]


@given(st.lists(WORDS, min_size=1, max_size=5))
def test_a_text_alone_is_the_same_as_among_others(texts: list[str]) -> None:
    known, rows = features(texts, (Cut.WORDS, Cut.PIECES))
    for at, text in enumerate(texts):
        assert known.row(text).indices.tolist() == rows.row(at).indices.tolist()
        assert known.row(text).values.tolist() == pytest.approx(rows.row(at).values.tolist())


@given(st.lists(WORDS, min_size=1, max_size=5), WORDS)
def test_what_is_alike_is_found_the_other_way_round(texts: list[str], asked: str) -> None:
    known, rows = features(texts, (Cut.CHARACTERS,))
    row = known.row(asked)
    assert rows.turned(len(known)).found(row, len(texts)) == pytest.approx(rows.alike(row, len(known)))


def test_terms_are_named_by_their_letters() -> None:
    known, _ = features(["bus card", "bus"], (Cut.WORDS, Cut.PIECES))
    assert known.named("my bus card").keys() == {"bus", "card", "bus card"}
    assert max(known.named("my bus card").values()) < known.pieces < len(known)
    assert features(["路灯坏了"], (Cut.CHARACTERS,))[0].named("灯坏").keys() == {"灯", "坏", "灯坏"}


def test_a_word_brings_itself_and_its_pieces_and_no_pair() -> None:
    known, _ = features(["bus card"], (Cut.WORDS, Cut.PIECES))
    within = known.within(["bus", "card", "lamp"])
    assert set(within["bus"]) | set(within["card"]) | {known.named("bus card")["bus card"]} == set(range(len(known)))
    assert within["lamp"] == []


@pytest.mark.parametrize("text", ["", " ", "\ud800", "\x00", "a\tb", "  a  "])
def test_any_text_has_a_row_of_length_one_or_nothing(text: str) -> None:
    known, _ = features([text, "a b"], (Cut.WORDS, Cut.PIECES))
    row = known.row(text)
    assert row.empty or np.linalg.norm(row.values) == pytest.approx(np.sqrt(2))


def test_of_nothing_nothing_is_known() -> None:
    assert len(features([], (Cut.WORDS,))[0]) == 0
    assert features([""], (Cut.PIECES,))[0].row("bus").empty


def test_a_term_has_the_same_hash_in_every_process() -> None:
    ask = "from nlu.features import *; print(features(['bus card'], (Cut.WORDS, Cut.PIECES))[0].hashes.tolist())"
    run = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == str(features([fold("Bus card")], (Cut.WORDS, Cut.PIECES))[0].hashes.tolist())
