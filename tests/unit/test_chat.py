"""What a chat adds to the dialogue: buttons, old ones too; a person one press away; being begun again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core import phrases as say
from core.dialogue import advance, needs
from core.render import Capabilities, Option, render
from core.types import (
    Address,
    Choice,
    Conversation,
    Expect,
    Inbound,
    Kind,
    Medium,
    Mode,
    Pick,
    Place,
    Prompt,
    Recording,
    Scene,
    Turn,
    Understanding,
)
from tests.unit.town import AT, TOWN, Line, Plain, effects, known, said

CHAT = Capabilities(medium=Medium.CHAT, limit=4096, can_push=True)
PERSON = Option(key="", id="person", label="0 a person")


def chat(*texts: str) -> Line:
    """A chat in English, after these words."""
    line = Line(medium=Medium.CHAT, number="7")
    line.do(Kind.START)
    for text in ("1", *texts):
        line.write(text)
    return line


def pick(line: Line, choice: str, turn: int | None = None) -> Turn:
    assert line.now is not None
    pressed = Inbound(
        conversation="c",
        medium=Medium.CHAT,
        address=Address(channel="telegram", value="7"),
        message_id=f"button {len(line.turns)}",
        kind=Kind.PICK,
        pick=Pick(choice=choice, turn=line.now.turn if turn is None else turn),
        at=AT,
    )
    made = advance(line.now, pressed, Understanding(), known(), TOWN)
    line.now = made.conversation
    line.turns.append(made)
    return made


def shown(turn: Turn) -> tuple[Option, ...]:
    return render(turn, Plain(), "en", CHAT)[-1].options


def test_a_button_is_its_choice() -> None:
    line = chat("1", "1")
    assert pick(line, "start").conversation.place[-1].scene is Scene.STEP


def test_an_old_button_asks_again_and_spends_no_turn() -> None:
    line = chat("1", "1")
    assert line.now is not None
    before = line.now
    turn = pick(line, "care", turn=1)
    assert turn.conversation.turn == before.turn
    assert turn.conversation.place == before.place
    assert turn.prompts == line.turns[-2].prompts


def test_an_old_button_is_no_answer_where_words_or_numbers_are_awaited() -> None:
    line = chat("1", "1", "4")
    assert line.now is not None
    before = line.now
    for _ in range(4):
        turn = pick(line, "start", turn=2)
    assert turn.conversation == before
    assert effects(turn) == []


def test_a_person_is_offered_under_every_question_but_the_first() -> None:
    line = chat()
    assert PERSON not in shown(line.turns[0])
    assert shown(line.turns[1])[-1] == PERSON
    line.write("1")
    line.write("1")
    assert shown(line.turns[-1])[-1] == PERSON


def test_the_button_for_a_person_never_grows_old() -> None:
    line = chat("1", "1", "4")
    turn = pick(line, "person", turn=1)
    assert effects(turn) == ["RequestHandoff"]
    assert turn.conversation.mode is Mode.WAITING


def test_a_button_while_a_person_is_awaited_relays_nothing() -> None:
    line = chat("1", "0")
    turn = pick(line, "care", turn=2)
    assert effects(turn) == []
    assert say.WAITING_TEXT.id in said(turn)


def test_after_stop_a_button_is_silent_and_start_begins_again() -> None:
    line = chat("1")
    line.do(Kind.STOP)
    silent = pick(line, "care")
    assert (silent.prompts, effects(silent)) == ((), [])
    turn = line.do(Kind.START)
    assert said(turn)[0] == say.STARTED.id
    assert effects(turn) == ["RecordConsent"]
    assert not turn.conversation.stopped


def test_what_is_not_written_is_told_so() -> None:
    line = chat()
    for kind in (Kind.RECORDING, Kind.PLACE):
        assert said(line.do(kind))[0] == say.NOT_WRITTEN.id
    assert effects(line.do(Kind.PICTURE)) == ["RequestHandoff"]


def test_a_button_of_an_earlier_question_is_old_though_the_same_is_offered_now() -> None:
    line = chat("1", "1")
    assert line.now is not None
    before = line.now
    turn = pick(line, "start", turn=before.turn - 1)
    assert turn.conversation == before


def test_a_person_is_no_button_where_the_languages_are_asked() -> None:
    asked = Prompt(
        phrase=say.WELCOME,
        choices=(Choice(key="1", id="en", label=say.text("English"), language="en"),),
        expect=Expect.CHOICE,
    )
    line = chat()
    assert line.now is not None
    assert [option.id for option in shown(Turn(conversation=line.now, prompts=(asked,)))] == ["en"]


# --- in one's own voice ----------------------------------------------------------------------------------------------

SPOKEN = Recording(id="MM" + "1" * 32, seconds=0)


def at_step(step: int, **state: object) -> Conversation:
    """Somebody reports a lamp by WhatsApp, and is asked this."""
    line = chat()
    assert line.now is not None
    asked = Place(scene=Scene.STEP, about="lamp", step=step)
    return replace(line.now, form="lamp", place=(*line.now.place, asked), **state)  # type: ignore[arg-type]  # names of fields


def spoken(was: Conversation) -> Turn:
    said = Inbound(
        conversation=was.id,
        medium=Medium.CHAT,
        address=was.address,
        message_id="voice",
        kind=Kind.RECORDING,
        recording=SPOKEN,
        at=AT,
    )
    assert needs(was, said, Understanding(), TOWN) == ()
    return advance(was, said, Understanding(), known(), TOWN)


AREA, POLE, NAME, PHONE = range(4)


def test_what_is_recorded_is_the_answer_where_words_are_asked_for() -> None:
    was = at_step(NAME)
    turn = spoken(was)
    assert turn.conversation.answers["name"] == SPOKEN
    assert effects(turn) == ["TakeRecording"]
    assert turn.conversation.turn == was.turn + 1


@pytest.mark.parametrize("step", [AREA, POLE, PHONE])
def test_where_something_else_is_asked_for_a_person_is_to_hear_it(step: int) -> None:
    turn = spoken(at_step(step))
    assert effects(turn) == ["RequestHandoff", "TakeRecording", "KeepRecording"]
    assert turn.conversation.mode is Mode.WAITING
    assert turn.conversation.answers == {}


def test_what_is_recorded_before_a_language_is_chosen_reaches_a_person() -> None:
    turn = spoken(Conversation(id="c", medium=Medium.CHAT, address=Address(channel="whatsapp", value="+14155550123")))
    assert effects(turn) == ["RequestHandoff", "TakeRecording", "KeepRecording"]


@pytest.mark.parametrize("mode", [Mode.WAITING, Mode.HUMAN])
def test_what_is_recorded_for_a_person_is_passed_on_and_kept(mode: Mode) -> None:
    turn = spoken(at_step(NAME, mode=mode))
    assert effects(turn) == ["RelayToDesk", "TakeRecording", "KeepRecording"]
    assert said(turn) == [say.PASSED_ON.id]


def test_what_is_recorded_after_stop_is_dropped() -> None:
    turn = spoken(at_step(NAME, stopped=True))
    assert (effects(turn), turn.prompts) == (["DropRecording"], ())


def test_an_answer_that_is_spoken_again_takes_the_place_of_the_first() -> None:
    other = replace(SPOKEN, id="MM" + "2" * 32)
    turn = spoken(at_step(NAME, answers={"name": other}))
    assert turn.conversation.answers["name"] == SPOKEN
    assert effects(turn) == ["TakeRecording", "DropRecording"]
