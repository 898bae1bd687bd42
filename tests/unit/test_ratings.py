"""Whether they got what they needed: asked at the end of whoever says so, once, and in nobody's way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core import phrases as say
from core.dialogue import needs
from core.types import (
    Act,
    Command,
    FindAsked,
    Inbound,
    KeepRating,
    Kind,
    Medium,
    Mode,
    NoteAsked,
    Scene,
    Turn,
    Understanding,
)
from tests.unit.town import AT, FIRE, TOWN, Line, call, command, effects, said, state, text, top

COST = Understanding(act=Act.COST, act_confidence=1.0)
NO = Understanding(act=Act.NO, act_confidence=1.0)
THANKS = Understanding(act=Act.THANKS, act_confidence=1.0)
ALL = "6"
"""The key of whoever is done, after a part of the answer was told."""


def helped(**line: object) -> Line:
    """A caller who has heard what the card costs."""
    return call("1", "1", "1", "2", **line)


def asked(**line: object) -> Line:
    """The same, asked whether they got what they needed."""
    made = helped(**line)
    made.press(ALL, asked=False)
    assert top(made.turns[-1]).scene is Scene.RATE
    return made


def written(medium: Medium = Medium.SMS) -> Line:
    """Somebody in writing who was asked, having thanked for an answer."""
    line = replace(text(), medium=medium)
    line.write("241")
    line.write("thanks", THANKS, asked=False)
    return line


def kept(turn: Turn) -> KeepRating:
    return next(effect for effect in turn.effects if isinstance(effect, KeepRating))


def test_a_caller_who_is_done_is_asked_one_question_and_may_hang_up() -> None:
    line = helped()
    assert line.turns[-1].conversation.offered[-1] == f"{ALL}=all"
    question = line.press(ALL, asked=False)
    assert said(question) == [say.GOT_IT.id]
    assert question.conversation.offered == ("1=yes", "2=no")
    assert question.effects == (NoteAsked(),)
    answer = line.press("1")
    assert said(answer)[0] == say.CALL_DONE.id
    assert top(answer).scene is Scene.HOME
    assert answer.effects == (KeepRating(service="card", got=True, month=AT.date().replace(day=1)),)


def test_a_form_that_was_sent_is_asked_about_too() -> None:
    line = text("241")
    done = replace(state(line).place[-1], scene=Scene.DONE, value="123456780")
    line.now = replace(state(line), place=(*state(line).place[:-1], done))
    line.write("thank you", THANKS, asked=False)
    assert kept(line.write("2")).service == "card"


def test_who_did_not_get_it_is_led_to_a_person() -> None:
    answer = asked().press("2")
    assert not kept(answer).got
    assert said(answer)[0] == say.SORRY.id
    assert answer.prompts[-1].open


def test_before_anything_was_told_the_menu_is_as_short_as_it_was() -> None:
    assert all(not offer.endswith("=all") for offer in state(call("1", "1", "1")).offered)


def test_who_is_not_to_be_asked_is_only_thanked() -> None:
    line = helped()
    assert said(line.press(ALL))[0] == say.CALL_DONE.id
    assert effects(line.turns[-1]) == []
    thread = text("241")
    answer = said(thread.turns[-1])
    assert said(thread.write("thanks", THANKS)) == [say.THANKS.id, *answer]


def test_thanks_before_any_answer_end_nothing() -> None:
    line = text()
    assert said(line.write("thanks", THANKS, asked=False))[0] == say.THANKS.id
    assert top(line.turns[-1]).scene is Scene.HOME


@pytest.mark.parametrize("medium", [Medium.SMS, Medium.CHAT])
def test_in_writing_the_question_takes_the_place_of_the_choices_and_nothing_more_is_asked(medium: Medium) -> None:
    line = written(medium)
    assert said(line.turns[-1]) == [say.THANKS.id, say.GOT_IT.id]
    last = line.write("1")
    assert said(last) == [say.THREAD_DONE.id]
    assert said(line.write("1"))[0] == say.NOT_UNDERSTOOD.id  # a second 1 chooses nothing that was not read


def test_yes_and_no_are_answers_in_words() -> None:
    assert kept(written().write("yes", Understanding(act=Act.YES))).got
    assert not kept(written().write("no", Understanding(act=Act.NO))).got


def test_silence_ends_it_and_it_is_not_asked_again() -> None:
    turn = asked().do(Kind.SILENCE)
    assert said(turn)[0] == say.CALL_DONE.id
    assert top(turn).scene is Scene.HOME
    assert effects(turn) == []
    assert all(place.scene is not Scene.RATE for place in turn.conversation.place)


def test_a_telephone_that_was_hung_up_badly_rings_nobody() -> None:
    line = asked()
    line.press("1")
    turns = [line.do(Kind.SILENCE) for _ in range(3)]
    assert [effects(turn) for turn in turns] == [[], [], ["HangUp"]]
    line = asked()
    line.press("1")
    line.press("2")  # they stayed after all
    assert "RequestHandoff" in effects([line.do(Kind.SILENCE) for _ in range(3)][-1])


@pytest.mark.parametrize("medium", list(Medium))
def test_no_after_an_answer_means_that_this_was_all(medium: Medium) -> None:
    line = helped() if medium is Medium.VOICE else replace(text("241"), medium=medium)
    assert top(line.write("no, thank you", NO, asked=False)).scene is Scene.RATE
    line = helped() if medium is Medium.VOICE else replace(text("241"), medium=medium)
    done = line.write("no, thank you", NO)
    assert said(done)[0] == (say.CALL_DONE.id if medium is Medium.VOICE else say.THREAD_DONE.id)
    assert done.conversation.misses == 0


def test_no_where_nothing_was_told_is_not_understood() -> None:
    assert said(call("1").write("no", NO))[0] == say.NOT_UNDERSTOOD.id


@pytest.mark.parametrize("key", ["3", "7", "00"])
def test_another_key_chooses_nothing_that_was_not_said(key: str) -> None:
    turn = asked().press(key)
    assert said(turn)[0] == say.NOT_A_CHOICE.id
    assert top(turn).scene is Scene.SERVICE
    assert effects(turn) == []


def test_a_new_wish_is_taken_for_what_it_is() -> None:
    assert top(asked().write("the bus", Understanding(service="bus", confidence=1.0))).about == "bus"
    assert top(asked().write("what does it cost", COST)).value == "cost"
    assert top(asked().press("241")).about == "card"
    assert top(asked().press("8")).scene is Scene.NUMBER
    assert top(asked().press("**")).scene is Scene.HOME
    assert asked().press("0").conversation.mode is Mode.WAITING
    assert top(written().do(Kind.START)).scene is Scene.SERVICE
    assert top(written().do(Kind.PICTURE)).scene is Scene.SERVICE


def test_after_danger_and_after_a_person_it_is_gone() -> None:
    line = asked()
    line.write("fire", FIRE)
    assert say.GOT_IT.id not in said(line.press("2"))
    assert top(line.turns[-1]).scene is Scene.SERVICE
    line = asked()
    line.press("0")
    assert say.GOT_IT.id not in said(line.do(Kind.DIAL, text="completed"))


def test_who_wants_to_hear_it_again_or_to_know_why_is_told() -> None:
    line = asked()
    assert said(line.press("9")) == [say.GOT_IT.id]
    assert said(command(line, Command.WHY)) == [say.WHY_RATED.id, say.GOT_IT.id]
    assert kept(line.press("1")).got


def test_nobody_is_promised_that_their_answer_is_not_kept_with_their_number() -> None:
    """It stands in the turn, and in a text, as long as those are kept (docs/privacy.md)."""
    assert all(word not in say.WHY_RATED.id + say.GOT_IT.id for word in ("number", "kept", "anonymous"))


def test_nothing_is_looked_up_before_somebody_is_done() -> None:
    line = helped()
    said_now = {"conversation": "c", "medium": Medium.VOICE, "address": None, "message_id": "m", "at": AT}

    def looked_up(key: str) -> bool:
        keyed = Inbound(kind=Kind.KEYS, keys=key, **said_now)  # type: ignore[arg-type]  # a test's shorthand
        return any(isinstance(need, FindAsked) for need in needs(state(line), keyed, Understanding(), TOWN))

    assert [key for key in "0123456789*" if looked_up(key)] == [ALL]
