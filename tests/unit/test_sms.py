"""SMS arithmetic by 3GPP TS 23.038 and 23.040."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import sms


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("字" * 70, 1),
        ("字" * 71, 2),
        ("字" * 134, 2),
        ("字" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("ñ¿¡éü" * 32, 1),
        ("í" * 70, 1),
        ("í" * 71, 2),
    ],
)
def test_a_text_costs_its_segments(text: str, parts: int) -> None:
    assert sms.segments(text) == parts


def test_a_character_of_two_units_is_not_cut_in_two() -> None:
    # 152 units, then a pair: the pair does not fit into the first part of 153.
    assert sms.segments("a" * 152 + "€" + "a" * 152) == 3


def test_spanish_accents_are_dropped_where_that_keeps_the_text_short() -> None:
    assert sms.plain("¿Cuántos años tiene usted?") == "¿Cuantos años tiene usted?"


def test_accents_stay_where_dropping_them_helps_nothing() -> None:
    assert sms.plain("café 字") == "café 字"


@given(st.text(max_size=4000), st.integers(20, 200))
def test_pieces_fit_and_lose_nothing_but_blanks(text: str, limit: int) -> None:
    pieces = sms.split(text, limit)
    assert all(len(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@given(st.text(alphabet="ab .!字，。 é\n", max_size=900), st.sampled_from(["", "\nWrite MORE.", "\n回复更多。"]))
def test_what_is_cut_fits_and_nothing_is_lost(text: str, after: str) -> None:
    first, rest = sms.cut(text, after)
    assert "".join((first + rest).split()) == "".join(text.split())
    assert not first or sms.segments(sms.plain(first + after)) <= sms.MOST_SEGMENTS


def test_a_text_is_cut_after_a_sentence_and_without_one_after_a_word() -> None:
    assert sms.cut("One. " * 200, "")[0].endswith("One.")
    assert sms.cut("word " * 200, "")[0].endswith(" word")
    assert sms.cut("字" * 300, "") == ("", "字" * 300)
    assert sms.cut("9.5 and 3.2 " * 60, "")[0].endswith(("9.5", "and", "3.2"))
