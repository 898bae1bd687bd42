"""What becomes of what somebody said in their own voice, and where that meets a call back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import phrases as say
from core.dialogue import advance
from core.types import (
    Address,
    DropRecording,
    Effect,
    Expect,
    Inbound,
    KeepRecording,
    Kind,
    Medium,
    PromiseCall,
    Recording,
    Scene,
    Turn,
    Understanding,
    Window,
)
from tests.unit.town import AT, CALLER, TOWN, Line, call, known

FREE = (Window(start=AT + timedelta(hours=1), end=AT + timedelta(hours=2), most=4),)


def at_the_tone(*before: str) -> Line:
    """A caller who asked for a person while the office was closed, and leaves a message."""
    line = call("1", open_now=False)
    for key in ("0", *before, "3", "1"):
        line.press(key, windows=FREE)
    return line


def spoken(line: Line, id: str, keys: str = "") -> Turn:
    """They speak, and end it with a key that means nothing more, or with one that does."""
    assert line.now is not None
    said = Inbound(
        conversation=line.now.id,
        medium=Medium.VOICE,
        address=Address(channel="voice", value=CALLER),
        message_id=f"recording {id}",
        kind=Kind.KEYS if keys else Kind.RECORDING,
        keys=keys,
        recording=Recording(id=id, seconds=7),
        at=AT,
    )
    turn = advance(line.now, said, Understanding(), known(open_now=line.open_now), TOWN)
    line.now = turn.conversation
    line.turns.append(turn)
    return turn


def about_recordings(turn: Turn) -> set[Effect]:
    return {effect for effect in turn.effects if isinstance(effect, KeepRecording | DropRecording)}


def test_of_two_messages_the_one_that_is_left_is_kept() -> None:
    line = at_the_tone()
    spoken(line, "first")
    for key in ("0", "3", "1"):
        line.press(key, windows=FREE)
    spoken(line, "second")
    turn = line.press("1", windows=FREE)
    assert KeepRecording(id="second") in turn.effects
    assert DropRecording(id="second") not in turn.effects


def test_whoever_hangs_up_leaves_all_that_they_said() -> None:
    line = at_the_tone()
    spoken(line, "first")
    for key in ("0", "3", "1"):
        line.press(key, windows=FREE)
    spoken(line, "second")
    assert about_recordings(line.do(Kind.HANG_UP)) == {KeepRecording(id="first"), KeepRecording(id="second")}


def test_whoever_puts_the_telephone_down_on_the_table_leaves_what_they_said() -> None:
    line = at_the_tone()
    spoken(line, "message")
    turns = [line.do(Kind.SILENCE) for _ in range(3)]
    assert turns[-1].conversation.ended
    assert about_recordings(turns[-1]) == {KeepRecording(id="message")}


@pytest.mark.parametrize("windows", [FREE, ()], ids=["with times", "without"])
def test_whoever_leaves_a_message_may_still_choose_a_time(windows: tuple[Window, ...]) -> None:
    line = at_the_tone()
    spoken(line, "message")
    turn = line.press("1", windows=windows)
    assert turn.prompts[0].phrase == say.MESSAGE_LEFT
    assert KeepRecording(id="message") in turn.effects
    if windows:
        assert any(isinstance(one, PromiseCall) for one in line.press("1", windows=windows).effects)
    else:
        assert say.NO_TIME_FREE in [prompt.phrase for prompt in turn.prompts]
        assert say.CALL_BACK_NOTED not in [prompt.phrase for prompt in turn.prompts]


def test_whoever_would_rather_have_a_person_is_not_led_back_to_the_tone() -> None:
    line = at_the_tone()
    assert about_recordings(spoken(line, "begun", keys="0")) == {DropRecording(id="begun")}
    line.press("1", windows=FREE)
    turn = line.press("1", windows=FREE)
    assert Scene.RECORDING not in [place.scene for place in turn.conversation.place]
    assert turn.prompts[-1].expect is not Expect.RECORDING
