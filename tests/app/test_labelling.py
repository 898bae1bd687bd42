"""Which words of a turn are labelled, and what is asked of the engine for it."""

from __future__ import annotations

from app.labelling import label
from core.labels import Label, label_of
from core.types import (
    Answer,
    Conversation,
    Effect,
    HangUp,
    Later,
    Medium,
    OpenCase,
    RelayToDesk,
    RequestHandoff,
    Turn,
    Understanding,
    WhyPerson,
)
from tests.unit.town import TOWN

LAMP = Understanding(service="lamp", confidence=0.9, engine="embedded")
BUS = Understanding(service="bus", confidence=0.7, engine="embedded")


class Engine:
    """Believes that all words are about the bus, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, words: str) -> Understanding:
        self.asked.append(words)
        return BUS


def labelled(*effects: Effect, said: str = "my lamp", meant: Understanding = LAMP) -> tuple[Label | None, list[str]]:
    engine = Engine()
    turn = Turn(conversation=Conversation(id="c", medium=Medium.CHAT), effects=effects)
    return label(turn, said, meant, TOWN, engine), engine.asked


def case(**answers: Answer) -> OpenCase:
    return OpenCase(reference="123456785", service="card", answers=answers)


def request(words: str = "") -> RequestHandoff:
    return RequestHandoff(why=WhyPerson.ASKED, language="en", words=words)


def test_answers_in_words_label_a_case() -> None:
    assert labelled(case(age=70, name="when does it come"), said="1") == (label_of(BUS), ["when does it come"])


def test_answers_by_key_number_or_later_label_nothing_and_ask_nothing() -> None:
    assert labelled(case(age=70, size="s", name=Later())) == (None, [])


def test_the_words_of_a_request_label_it() -> None:
    assert labelled(request("it never stops here")) == (label_of(BUS), ["it never stops here"])


def test_words_that_were_understood_in_this_turn_are_not_asked_about_again() -> None:
    assert labelled(request("my lamp")) == (label_of(LAMP), [])
    assert labelled(request()) == (label_of(LAMP), [])
    assert labelled(RelayToDesk()) == (label_of(LAMP), [])


def test_a_turn_that_leaves_nothing_with_staff_labels_nothing() -> None:
    assert labelled() == (None, [])
    assert labelled(HangUp()) == (None, [])


def test_an_engine_that_gave_no_answer_leaves_it_without_a_label() -> None:
    assert labelled(request(), meant=Understanding(engine="none")) == (None, [])
