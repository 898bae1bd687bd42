"""Whether the words named as evidence are those that counted."""

from __future__ import annotations

from random import Random

import pytest

from core.types import Alternative, Counted, Evidence, Understanding
from nlu.apart import Example
from nlu.faithful import faithful


def engine(counts: str, names: str) -> object:
    """An engine to which one word counts, and that names one."""

    def parse(text: str, language: str) -> Understanding:
        sure = 0.9 if counts in text else 0.1
        found = (Alternative(service="lamp", confidence=sure),)
        why = Evidence(words=(Counted(words=names),), like="a dark lamp")
        return Understanding(service="lamp", confidence=sure, considered=found, because=why)

    return parse


def tried(counts: str, names: str, text: str, *, spaced: bool = True) -> tuple[int, int]:
    said = [Example(text=text, language="en", service="lamp")]
    return faithful(engine(counts, names), said, Random(1), spaced=spaced)  # type: ignore[arg-type]  # a test's shorthand


LONG = "the lamp at our corner next to the old mill by the river has gone dark again"


def test_a_word_that_counts_is_a_true_reason() -> None:
    assert tried("lamp", "lamp", LONG) == (1, 1)


def test_a_word_that_does_not_count_is_none() -> None:
    assert tried("lamp", "river", LONG) == (1, 0)


def test_characters_are_taken_away_where_words_are_not_parted() -> None:
    assert tried("灯", "灯", "我家门口那条街上的灯坏了好几天", spaced=False) == (1, 1)


@pytest.mark.parametrize("text", ["lamp", "something else entirely"])
def test_sentences_with_no_other_words_or_no_reason_are_left_out(text: str) -> None:
    assert tried("lamp", "lamp", text) == (0, 0)
