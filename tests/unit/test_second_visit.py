"""Who knows the way hears less: at the second call, and where something was heard before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.dialogue import needs
from core.types import (
    Address,
    FindConsent,
    FindSpoken,
    FindUnfinished,
    HangUp,
    Inbound,
    Kind,
    Medium,
    Needs,
    Scene,
    Understanding,
    Unfinished,
)
from tests.unit.town import AT, CALLER, TOWN, Line, call, text, top

HERE = Address(channel="voice", value=CALLER)


def begins(spoken: str) -> Line:
    """A call from a number from which somebody called before."""
    line = Line()
    line.do(Kind.START, spoken=spoken)
    return line


def looked_up(line: Line, kind: Kind) -> Needs:
    assert line.now is not None
    said = Inbound(
        conversation="c", medium=line.medium, address=line.now.address, message_id="m", kind=kind, keys="", at=AT
    )
    return needs(line.now, said, Understanding(), TOWN)


def test_the_language_of_the_last_call_comes_first_with_the_key_that_it_always_has() -> None:
    asked = begins("es").turns[-1].prompts[-1]
    assert asked.language == "es"
    assert [(c.id, c.key) for c in asked.choices] == [("es", "2"), ("en", "1"), ("other", "3")]
    assert [c.id for c in begins("").turns[-1].prompts[-1].choices] == ["en", "es", "other"]
    assert [c.id for c in begins("gone").turns[-1].prompts[-1].choices] == ["en", "es", "other"]


def test_any_key_still_means_what_it_meant() -> None:
    assert begins("es").press("1").conversation.language == "en"


def test_who_only_waits_is_spoken_to_as_in_the_last_call() -> None:
    turn = begins("es").do(Kind.SILENCE)
    assert (turn.conversation.language, top(turn).scene, turn.conversation.silences) == ("es", Scene.HOME, 0)
    turn = begins("").do(Kind.SILENCE)
    assert (turn.conversation.language, top(turn).scene, turn.conversation.silences) == ("", Scene.LANGUAGE, 1)


def test_in_a_call_of_ours_silence_may_be_a_voicemail_and_chooses_nothing() -> None:
    line = begins("es")
    assert line.now is not None
    line.now = replace(line.now, placed=True)
    assert looked_up(line, Kind.SILENCE) == ()
    last = [line.do(Kind.SILENCE) for _ in range(3)][-1]
    assert (last.reason, last.effects) == ("nobody_there", (HangUp(),))


def test_who_waits_is_asked_about_what_they_left_and_known_to_get_no_texts() -> None:
    left = Unfinished(conversation="x", service="lamp", step=1, answers={}, at=AT)
    turn = begins("es").do(Kind.SILENCE, unfinished=left, texts_arrive=False)
    assert top(turn).scene is Scene.UNFINISHED
    assert turn.conversation.textless


def test_the_last_language_is_looked_for_as_a_call_from_a_known_number_begins_and_only_then() -> None:
    fresh = Line()
    fresh.start()
    assert looked_up(fresh, Kind.START) == (FindSpoken(address=HERE),)
    assert looked_up(fresh, Kind.SILENCE) == ()
    withheld = Line(number="")
    withheld.start()
    assert looked_up(withheld, Kind.START) == ()
    chat = Line(medium=Medium.CHAT)
    chat.start()
    assert top(chat.turns[-1]).scene is Scene.LANGUAGE
    assert looked_up(chat, Kind.START) == ()
    assert looked_up(text(), Kind.START) == ()
    assert looked_up(call("1"), Kind.START) == ()
    unfinished, texts = FindUnfinished(address=HERE), FindConsent(address=Address(channel="sms", value=CALLER))
    assert looked_up(begins("es"), Kind.SILENCE) == (unfinished, texts)


@pytest.mark.parametrize(("keys", "brief"), [((), False), (("1",), True), (("2",), True)])
def test_what_can_be_asked_about_a_service_is_said_in_fewer_words_the_second_time(
    keys: tuple[str, ...], brief: bool
) -> None:
    assert call("1", "1", "1", *keys).turns[-1].prompts[-1].brief is brief


@pytest.mark.parametrize("hesitates", [Kind.SILENCE, Kind.KEYS])
def test_whoever_hesitates_hears_it_in_full_again(hesitates: Kind) -> None:
    line = call("1", "1", "1", "1")
    assert not line.do(hesitates, keys="7" if hesitates is Kind.KEYS else "").prompts[-1].brief
    assert line.press("2").prompts[-1].brief
    assert not line.press("9").prompts[-1].brief
