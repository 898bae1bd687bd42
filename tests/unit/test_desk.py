"""What staff do, and what the resident hears of it."""

from __future__ import annotations

import pytest

from core import phrases as say
from core.types import Address, Command, Kind, Medium, Mode, Phrase, Quote, SendText, Understanding
from tests.unit.town import CALLER, Line, effects, said


def waiting(medium: Medium = Medium.SMS) -> Line:
    """Someone who waits for a person."""
    line = Line(medium=medium)
    if medium is Medium.VOICE:
        line.start("1", "1", "1", "0")
    else:
        line.write("hi", Understanding(language="en"))
        line.write("1")
        line.write("0")
    return line


def test_whoever_is_taken_up_in_writing_is_told_so() -> None:
    line = waiting()
    turn = line.do(Kind.CLAIM)
    assert said(turn) == [say.PERSON_HERE.id]
    assert turn.conversation.mode is Mode.HUMAN


def test_what_staff_write_is_passed_on_as_they_wrote_it() -> None:
    line = waiting()
    turn = line.do(Kind.REPLY, text="We are on our way.")
    assert turn.prompts[0].phrase == Phrase(id="{words}", params={"words": Quote(text="We are on our way.")})
    assert turn.conversation.mode is Mode.HUMAN
    assert effects(turn) == []


def test_while_a_person_has_the_conversation_no_choice_is_offered() -> None:
    line = waiting()
    for kind in (Kind.CLAIM, Kind.REPLY, Kind.RELEASE):
        assert line.do(kind, text="Hello.").conversation.offered == ()


def test_a_request_let_go_waits_again_and_nothing_is_said() -> None:
    line = waiting()
    line.do(Kind.CLAIM)
    turn = line.do(Kind.RELEASE)
    assert turn.prompts == ()
    assert turn.conversation.mode is Mode.WAITING


def test_whoever_is_handed_back_is_where_they_were() -> None:
    line = waiting()
    line.do(Kind.CLAIM)
    turn = line.do(Kind.HAND_BACK)
    assert said(turn)[0] == say.HANDED_BACK.id
    assert turn.conversation.mode is Mode.BOT
    assert [choice.id for choice in turn.prompts[-1].choices] == ["card", "bus"]
    assert line.write("1").conversation.place[-1].about == "card"


@pytest.mark.parametrize(("typed", "service"), [("1", "card"), ("415", "lamp")])
def test_after_a_closed_request_a_choice_or_a_service_number_is_understood_at_once(typed: str, service: str) -> None:
    line = waiting()
    line.do(Kind.CLAIM)
    turn = line.do(Kind.CLOSE)
    assert said(turn) == [say.PERSON_DONE.id]
    assert turn.conversation.mode is Mode.BOT
    assert line.write(typed).conversation.place[-1].about == service


def test_trouble_before_a_person_came_is_forgotten_afterwards() -> None:
    line = Line(medium=Medium.CHAT, number="7")
    line.do(Kind.START)
    line.write("1")
    assert line.write("gibberish").conversation.misses == 1
    turn = line.do(Kind.CLAIM)
    assert turn.conversation.misses == 0


@pytest.mark.parametrize("kind", [Kind.CLAIM, Kind.RELEASE, Kind.HAND_BACK, Kind.CLOSE])
def test_in_a_call_that_goes_on_nothing_changes(kind: Kind) -> None:
    line = waiting(Medium.VOICE)
    before = line.now
    turn = line.do(kind)
    assert (turn.conversation, turn.prompts, turn.effects) == (before, (), ())


@pytest.mark.parametrize(
    ("kind", "mode"), [(Kind.CLAIM, Mode.BOT), (Kind.RELEASE, Mode.WAITING), (Kind.CLOSE, Mode.BOT)]
)
def test_of_a_call_that_is_over_nobody_waits_on_the_line(kind: Kind, mode: Mode) -> None:
    line = waiting(Medium.VOICE)
    line.do(Kind.HANG_UP)
    turn = line.do(kind)
    assert turn.conversation.mode is mode
    assert turn.conversation.ended


def test_an_answer_to_a_caller_goes_out_as_a_text_and_changes_nothing_in_the_call() -> None:
    line = waiting(Medium.VOICE)
    before = line.now
    turn = line.do(Kind.REPLY, text="Your card is ready.")
    (text,) = turn.effects
    assert isinstance(text, SendText)
    assert text.address == Address(channel="sms", value=CALLER)
    assert text.language == "en"
    assert [prompt.phrase.id for prompt in text.prompts] == [say.FROM_PERSON.id]
    assert (turn.conversation, turn.prompts) == (before, ())


def test_an_answer_to_a_withheld_caller_cannot_go_out() -> None:
    line = Line(number="")
    line.start("1")
    assert line.do(Kind.REPLY, text="Hello.").effects == ()


@pytest.mark.parametrize("kind", [Kind.CLAIM, Kind.REPLY, Kind.HAND_BACK, Kind.CLOSE])
def test_after_stop_staff_write_nothing(kind: Kind) -> None:
    line = waiting()
    line.write("stop", Understanding(command=Command.STOP))
    turn = line.do(kind, text="Hello.")
    assert turn.prompts == ()
    assert turn.conversation.stopped


@pytest.mark.parametrize("medium", [Medium.SMS, Medium.VOICE])
def test_what_staff_did_stands_in_the_audit(medium: Medium) -> None:
    did = {
        Kind.CLAIM: "claimed",
        Kind.REPLY: "replied",
        Kind.RELEASE: "released",
        Kind.HAND_BACK: "handed_back",
        Kind.CLOSE: "closed",
    }
    line = waiting(medium)
    assert {kind: line.do(kind, text="Hello.").reason for kind in did} == did
