"""How digits are grouped and how long words take to hear."""

import pytest

from core.speech import groups, listening_seconds


@pytest.mark.parametrize(
    ("digits", "said"),
    [
        ("241", ("241",)),
        ("12345670", ("12", "34", "56", "70")),
        ("123456780", ("123", "456", "780")),
        ("4155550123", ("415", "555", "0123")),
        ("", ()),
    ],
)
def test_digits_are_said_in_groups(digits: str, said: tuple[str, ...]) -> None:
    assert groups(digits) == said


def test_a_longer_text_takes_longer_in_every_language() -> None:
    for language, text in (
        ("en", "Press two. "),
        ("es", "Oprima dos. "),
        ("zh_Hans", "请按二。"),
        ("ar", "اضغط اثنان. "),
    ):
        assert listening_seconds(text * 4, language) == pytest.approx(4 * listening_seconds(text, language), rel=0.2)
        assert listening_seconds(text, language) > 0.5


def test_each_digit_of_a_number_is_heard_alone() -> None:
    assert listening_seconds("press 12345", "en") > listening_seconds("press 1", "en")
