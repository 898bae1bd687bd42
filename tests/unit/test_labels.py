"""What a label says of words, and when there is none."""

from __future__ import annotations

import pytest

from core.labels import Label, Urgency, label_of
from core.types import Act, Command, Understanding


def test_a_label_names_the_service_how_sure_and_that_nobody_is_in_danger() -> None:
    meant = Understanding(service="lamp", confidence=0.9, engine="embedded")
    assert label_of(meant) == Label(service="lamp", confidence=0.9, urgency=Urgency.USUAL)


def test_words_of_danger_are_urgent_whatever_they_are_about() -> None:
    found = label_of(Understanding(danger="fire", engine="embedded"))
    assert found == Label(urgency=Urgency.DANGER)


def test_without_a_service_there_is_no_certainty_either() -> None:
    assert label_of(Understanding(confidence=0.3, engine="embedded")) == Label()


@pytest.mark.parametrize(
    "meant",
    [
        Understanding(),
        Understanding(engine="none"),
        Understanding(engine="rule", command=Command.PERSON),
        Understanding(engine="rule", act=Act.YES),
        Understanding(engine="rule", act=Act.NO),
    ],
)
def test_what_says_nothing_has_no_label(meant: Understanding) -> None:
    assert label_of(meant) is None
