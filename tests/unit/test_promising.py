"""A call back at a time that the resident chose: what is offered, what is said, and what is promised."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core import phrases as say
from core.dialogue import needs
from core.types import (
    Address,
    Command,
    Digits,
    FindConsent,
    FindWindows,
    Inbound,
    Kind,
    Medium,
    Param,
    Phone,
    Phrase,
    PromiseCall,
    Reading,
    Scene,
    SendText,
    Understanding,
    Window,
)
from tests.unit.town import AT, CALLER, TOWN, Line, call, command, effects, said, state, top


def window(hours: int) -> Window:
    return Window(start=AT + timedelta(hours=hours), end=AT + timedelta(hours=hours + 1), most=4)


TODAY, TOMORROW, LATER = window(1), window(18), window(48)
ALL = (TODAY, TOMORROW, LATER)


def asked(*keys: str, **line: object) -> Line:
    """A call out of hours whose number is confirmed, so that the times are asked for."""
    made = call("1", *keys, open_now=False, **line)
    made.press("0")
    made.press("1", windows=ALL)
    return made


def test_the_times_that_the_rota_can_keep_are_offered_the_soonest_first() -> None:
    turn = asked().turns[-1]
    assert said(turn) == [say.CALL_BACK_WHEN.id]
    labels = [choice.label for choice in turn.prompts[-1].choices]
    assert [label.id for label in labels] == [say.TODAY.id, say.TOMORROW.id, say.ON_DAY.id, say.NO_TIME_SUITS.id]
    assert labels[0].params == {"start": TODAY.start.time(), "end": TODAY.end.time()}
    assert effects(turn) == ["SettleHandoff"]  # the request stands with its number, whatever comes now


def test_times_are_not_told_in_every_language_to_who_has_chosen_none() -> None:
    line = call(open_now=False)
    line.press("0")
    turn = line.press("1", windows=ALL)
    assert (said(turn)[0], effects(turn)) == (say.CALL_BACK_NOTED.id, ["SettleHandoff"])
    assert top(turn).scene is Scene.LANGUAGE


def test_the_time_and_the_number_are_read_back_and_promised() -> None:
    line = asked("1", "1")
    turn = line.press("2", windows=ALL)
    assert turn.effects == (PromiseCall(window=TOMORROW, department="streets", callback=CALLER),)
    assert said(turn)[:2] == [say.CALL_BACK_AT.id, say.CALL_BACK_TRIES.id]
    told = turn.prompts[0].phrase.params
    assert (told["number"], told["when"]) == (Digits(text=CALLER), Phrase(id=say.TOMORROW.id, params=_hours(TOMORROW)))
    assert top(turn).scene is Scene.REMIND
    assert top(line.press("2")).scene is Scene.SERVICE


def test_whoever_wants_it_is_reminded_half_an_hour_before() -> None:
    line = asked("1", "1")
    line.press("2", windows=ALL)
    turn = line.press("1")
    [text] = turn.effects
    assert isinstance(text, SendText)
    assert (text.due, text.address.value) == (TOMORROW.start - timedelta(minutes=30), CALLER)
    assert said(turn)[0] == say.WILL_REMIND.id
    assert top(turn).scene is Scene.SERVICE


@pytest.mark.parametrize("known", [{"texts_allowed": False}, {"texts_arrive": False}, {"texts_held": True}])
def test_whom_no_text_reaches_is_not_asked_whether_to_be_reminded(known: dict[str, bool]) -> None:
    line = asked("1", "1")
    assert top(line.press("2", windows=ALL, **known)).scene is Scene.SERVICE


def test_nobody_is_asked_about_a_call_that_comes_within_the_hour() -> None:
    line = asked("1", "1")
    soon = Window(start=AT + timedelta(minutes=50), end=AT + timedelta(minutes=110), most=1)
    line.press("0")
    line.press("1", windows=(soon,))
    assert top(line.press("1", windows=(soon,))).scene is Scene.SERVICE


def _hours(one: Window) -> dict[str, Param]:
    return {"start": one.start.time(), "end": one.end.time()}


def test_the_promise_is_for_the_number_that_was_given() -> None:
    line = call("1", open_now=False)
    line.press("0")
    line.press("2")
    line.press("4155550124", reading=Reading(value=Phone(e164="+14155550124")))
    line.press("1", windows=ALL)
    [promise] = line.press("1", windows=ALL).effects
    assert promise == PromiseCall(window=TODAY, department="", callback="+14155550124")


def test_without_room_nothing_is_promised_and_the_request_stands() -> None:
    line = call("1", open_now=False)
    line.press("0")
    turn = line.press("1")
    assert said(turn)[:2] == [say.CALL_BACK_NOTED.id, say.NO_TIME_FREE.id]
    assert effects(turn) == ["SettleHandoff"]


def test_a_time_that_was_taken_meanwhile_is_told_so_and_the_others_are_offered() -> None:
    line = asked()
    turn = line.press("1", windows=(TOMORROW, LATER))
    assert (said(turn), effects(turn)) == ([say.TIME_TAKEN.id, say.CALL_BACK_WHEN.id], [])
    assert "PromiseCall" in effects(line.press("1", windows=(TOMORROW, LATER)))
    gone = asked().press("1")
    assert said(gone)[:3] == [say.TIME_TAKEN.id, say.CALL_BACK_NOTED.id, say.NO_TIME_FREE.id]


def test_none_of_the_times_suits_and_the_request_stands_without_a_promise() -> None:
    turn = asked().press("4", windows=ALL)
    assert (said(turn)[0], effects(turn)) == (say.CALL_BACK_NOTED.id, [])


def test_again_says_the_same_times_whatever_is_free_by_now() -> None:
    line = asked()
    before = line.turns[-1].prompts
    assert line.press("9").prompts == before
    assert command(line, Command.AGAIN).prompts == before
    assert line.do(Kind.RESUME).prompts == before


def test_a_person_asked_for_there_books_it_anew_and_hanging_up_changes_nothing() -> None:
    line = asked()
    assert top(line.press("0")).scene is Scene.CALLBACK
    assert [place.scene for place in state(line).place].count(Scene.CALLBACK) == 1
    assert effects(asked().do(Kind.HANG_UP)) == []


@pytest.mark.parametrize(("keys", "service"), [(("1",), ""), (("1", "1", "1"), "card")])
def test_what_is_free_is_looked_up_for_the_service_that_is_talked_about(keys: tuple[str, ...], service: str) -> None:
    line = call(*keys, open_now=False)
    line.press("0")
    key = Inbound(
        conversation="c",
        medium=Medium.VOICE,
        address=Address(channel="voice", value=CALLER),
        message_id="m",
        kind=Kind.KEYS,
        keys="1",
        at=AT,
    )
    assert needs(state(line), key, Understanding(), TOWN) == (FindWindows(service=service),)
    line.press("1", windows=ALL)
    wanted = (FindWindows(service=service), FindConsent(address=Address(channel="sms", value=CALLER)))
    assert needs(state(line), key, Understanding(), TOWN) == wanted
    assert needs(state(line), replace(key, keys="", kind=Kind.SILENCE), Understanding(), TOWN) == ()


def test_times_keep_the_offices_own_clock() -> None:
    there = datetime(2026, 3, 2, 11, 0, tzinfo=ZoneInfo("America/New_York"))
    local = Window(start=there, end=there + timedelta(hours=1), most=1)
    line = call("1", open_now=False)
    line.press("0")
    label = line.press("1", windows=(local,)).prompts[-1].choices[0].label
    assert label.params["start"] == there.time()
    [promise] = line.press("1", windows=(local,)).effects
    assert isinstance(promise, PromiseCall)
    assert promise.window == local
