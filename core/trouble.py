"""Silence, wrong keys and words not understood: help, then more help more slowly, then a person.

Errors never end the call and never blame (Avaya IR guidelines; W3C COGA voice menus); only the third silence, when
no person can be had, ends it, after a call back was booked or the hours were said.
"""

from __future__ import annotations

from dataclasses import replace

from core import phrases as say
from core.asking import helped, in_vain, known_phone, prompts
from core.handoffs import ask_for_person
from core.places import Moment, office, settled, telling, tongue
from core.types import (
    SAID_ALL,
    Conversation,
    Digits,
    Expect,
    HangUp,
    Medium,
    Phrase,
    RequestHandoff,
    Scene,
    Turn,
    WhyPerson,
)

TRIES = 3
"""The third silence or miss in a row leads to a person."""

SLOWEST = 2


def missed(moment: Moment, why: Phrase) -> Turn:
    """Something came that does not fit here."""
    count = moment.was.misses + 1
    now = replace(moment.was, misses=count, silences=0, agains=0)
    if count >= TRIES:
        stuck = WhyPerson.INTERPRETER if moment.meant.foreign else WhyPerson.STUCK
        return ask_for_person(replace(moment, was=replace(now, misses=0)), stuck)
    return _help(moment, now, why, count)


def silent(moment: Moment) -> Turn:
    """Nothing came."""
    count = moment.was.silences + 1
    now = replace(moment.was, silences=count, misses=0, agains=0)
    if count < TRIES:
        return _help(moment, now, say.NO_ANSWER_HEARD, count)
    here = replace(moment, was=replace(now, silences=0))
    if moment.top.value == SAID_ALL or (now.placed and moment.top.scene is Scene.LANGUAGE):
        return _nobody_there(here)
    state = office(now, moment.known, moment.catalog)
    if moment.was.medium is not Medium.VOICE or (state.open and not now.transferred):
        return ask_for_person(here, WhyPerson.STUCK)
    return _say_goodbye(here)


def slower(pace: int) -> int:
    """One step slower, to the slowest."""
    return min(pace + 1, SLOWEST)


def _help(moment: Moment, now: Conversation, why: Phrase, count: int) -> Turn:
    if count > 1:
        now = in_vain(replace(now, pace=slower(now.pace)))
    asked = prompts(now, moment.known, moment.catalog)
    if count > 1 or asked[-1].expect is Expect.DIGITS:  # where digits are data, only help tells of the person
        asked = helped(asked)
    return settled(now, telling(why) + asked, catalog=moment.catalog, reason="help")


def _nobody_there(moment: Moment) -> Turn:
    """A call of ours that nobody says or presses anything in was taken by a voicemail; whoever was done has hung up
    badly. No person is rung for that."""
    told = telling(say.NO_KEY_THREE_TIMES, say.GOODBYE_HOURS)
    ended = replace(moment.was, ended=True)
    return settled(ended, told, (HangUp(),), catalog=moment.catalog, reason="nobody_there")


def _say_goodbye(moment: Moment) -> Turn:
    """Three silences and nobody to put them through to: book a call back and say so, or say the hours."""
    now = replace(moment.was, ended=True)
    number = known_phone(now)
    emergency = say.phrase(say.EMERGENCY.id, number=Digits(text=moment.known.emergency))
    if number:
        wish = RequestHandoff(why=WhyPerson.STUCK, language=tongue(moment), callback=number)
        on = say.phrase(say.CALL_BACK.id, number=Digits(text=number))
        told = telling(say.NO_KEY_THREE_TIMES, on, emergency, say.GOODBYE_CALL_BACK)
        return settled(now, told, (wish, HangUp()), catalog=moment.catalog, reason="silent_call_back")
    state = office(now, moment.known, moment.catalog)
    opens = (say.phrase(say.OFFICE_CLOSED.id, time=state.opens),) if state.opens and not state.open else ()
    told = telling(say.NO_KEY_THREE_TIMES, *opens, emergency, say.GOODBYE_HOURS)
    return settled(now, told, (HangUp(),), catalog=moment.catalog, reason="silent_goodbye")
