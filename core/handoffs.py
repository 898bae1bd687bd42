"""A person: put through now, called back later, or answering in writing. Nothing said on the way is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from core import phrases as say
from core import waiting
from core.asking import gets_texts, known_phone, prompts, read_times, text_address, when, write_times
from core.places import FOR_CALL, Moment, calm, office, pop, push, settled, subject, swap, telling, tongue
from core.types import (
    Conversation,
    Digits,
    Effect,
    Mode,
    Phrase,
    Place,
    PromiseCall,
    Prompt,
    RelayToDesk,
    RequestHandoff,
    Scene,
    SendText,
    SettleHandoff,
    Transfer,
    Turn,
    WhyPerson,
    Window,
)


class HandoffStatus(StrEnum):
    """How far a request for a person is. Reached and closed are ends."""

    WAITING = "waiting"
    LIVE = "live"
    REACHED = "reached"
    CLOSED = "closed"


NEXT = {
    HandoffStatus.LIVE: frozenset({HandoffStatus.REACHED, HandoffStatus.WAITING}),
    HandoffStatus.WAITING: frozenset({HandoffStatus.LIVE, HandoffStatus.REACHED, HandoffStatus.CLOSED}),
    HandoffStatus.REACHED: frozenset[HandoffStatus](),
    HandoffStatus.CLOSED: frozenset[HandoffStatus](),
}
"""Which status may follow which."""

REACHED = frozenset({"completed", "answered"})
"""`DialCallStatus` of a call that a person answered (Twilio docs, Dial); all others mean that nobody did."""


REMINDED_BEFORE = timedelta(minutes=30)
"""How long before a promised call its reminder is sent; `core.phrases.REMIND_YOU` says so."""

WORTH_A_REMINDER = timedelta(hours=1)
"""Of a call that comes sooner nobody is asked whether to be reminded."""


def ask_for_person(moment: Moment, why: WhyPerson, words: str = "", *first: Phrase) -> Turn:
    """Request a person: live in the office's hours, else a call back, or an answer on the same channel."""
    state = office(moment.was, moment.known, moment.catalog)
    live = moment.voice and state.open
    wish = RequestHandoff(
        why=why,
        language=tongue(moment),
        service=subject(moment.was),
        callback=known_phone(moment.was),
        live=live,
        words=words,
        department=moment.catalog.department_of(subject(moment.was)),
    )
    now = calm(moment.was)
    if live:
        return _put_through(moment, now, wish, *first)
    if moment.voice:
        return _book(moment, now, first, wish)
    return _wait_here(moment, now, wish, *first)


def _put_through(moment: Moment, now: Conversation, wish: RequestHandoff, *first: Phrase) -> Turn:
    now, through = replace(now, mode=Mode.WAITING), _transfer(moment, now)
    told = telling(*first, say.PUTTING_THROUGH)
    if through.queued:
        now, wait = _wait(moment, now, wish)
        told, through = told + wait, replace(through, wait_told=now.wait_told)
    return settled(now, told, (wish, through), catalog=moment.catalog, reason="transfer")


def _transfer(moment: Moment, now: Conversation) -> Transfer:
    """To the office in charge; with people of that department at the desk, to them first."""
    phone = office(moment.was, moment.known, moment.catalog).phone
    wanted, there = moment.catalog.department_of(subject(moment.was)), moment.known.on_duty
    if there & {"", wanted} if wanted else there:
        return Transfer(phone=phone, queued=True, department=wanted, wait_told=now.wait_told)
    return Transfer(phone=phone)


def _wait(moment: Moment, now: Conversation, wish: RequestHandoff) -> tuple[Conversation, tuple[Prompt, ...]]:
    """How long they may wait, if that is known, and that they were told. What others waited tells nothing to whoever is
    in danger, who goes before them, or needs an interpreter; and a closed office says when it opens."""
    closed = not office(now, moment.known, moment.catalog).open
    if closed or wish.why in (WhyPerson.DANGER, WhyPerson.INTERPRETER):
        return now, ()
    seconds = moment.known.waits.get(wish.department)
    minutes = waiting.minutes(seconds, now.wait_told, voice=moment.voice)
    if not minutes:
        return now, ()
    return replace(now, wait_told=minutes), telling(waiting.sentence(minutes, voice=moment.voice))


def _book(moment: Moment, now: Conversation, first: tuple[Phrase, ...], *effects: Effect) -> Turn:
    """Ask which number to ring; the request itself already stands with the number we know."""
    if now.place[-1].scene in FOR_CALL:
        now = pop(now)
    number = known_phone(now)
    scene = Scene.CALLBACK if number else Scene.CALLBACK_NUMBER
    now = push(now, Place(scene=scene, value=number))
    asked = telling(*first) + prompts(now, moment.known, moment.catalog)
    return settled(now, asked, effects, catalog=moment.catalog, reason="call_back")


def _wait_here(moment: Moment, now: Conversation, wish: RequestHandoff, *first: Phrase) -> Turn:
    now, wait = _wait(moment, replace(now, mode=Mode.WAITING), wish)
    told = telling(*first) + _waiting(moment, now, wait)
    return settled(now, told, (wish,), catalog=moment.catalog, reason="waiting")


def _waiting(moment: Moment, now: Conversation, wait: tuple[Prompt, ...] = ()) -> tuple[Prompt, ...]:
    if now.mode is Mode.HUMAN:
        return telling(say.WITH_PERSON)
    state = office(now, moment.known, moment.catalog)
    told = say.WAITING_TEXT
    if not state.open and state.opens:
        told = say.phrase(say.WAITING_CLOSED.id, time=state.opens)
    return (*telling(told), *wait, *telling(say.phrase(say.CALL_US.id, number=Digits(text=state.phone))))


def still_waiting(moment: Moment) -> Turn:
    """What someone who waits for a person is told; a live call is put through again."""
    if not moment.voice:
        told = _waiting(moment, moment.was)
        return settled(moment.was, told, catalog=moment.catalog, reason="waiting")
    told = telling(say.PUTTING_THROUGH)
    through = _transfer(moment, moment.was)
    return settled(moment.was, told, (through,), catalog=moment.catalog, reason="transfer")


def leave_to_person(moment: Moment) -> Turn:
    """A person has the conversation, or will have it: pass the words on, and still say something."""
    if moment.voice:
        return still_waiting(moment)
    told = telling(say.PASSED_ON)
    return settled(moment.was, told, (RelayToDesk(),), catalog=moment.catalog, reason="relayed")


def after_dial(moment: Moment) -> Turn:
    """The try to put the call through is over: back to where they were, or a call back."""
    now = replace(moment.was, mode=Mode.BOT)
    if moment.was.mode is not Mode.WAITING:  # while the database was away, or told a second time
        told = say.BACK_WITH_US if moment.said.text in REACHED else say.NOBODY_FREE
        asked = telling(told) + prompts(now, moment.known, moment.catalog)
        return settled(now, asked, catalog=moment.catalog, reason="repeat")
    if moment.said.text in REACHED:
        asked = telling(say.BACK_WITH_US) + prompts(now, moment.known, moment.catalog)
        settle = SettleHandoff(reached=True)
        now = replace(now, wait_told=0)
        return settled(now, asked, (settle,), catalog=moment.catalog, reason="reached")
    settle = SettleHandoff(reached=False, callback=known_phone(now))
    waited = waiting.LONGER if now.wait_told else 0  # and in the line they may have been told so since
    return _book(moment, replace(now, transferred=True, wait_told=waited), (), settle)


def answer_callback(moment: Moment, choice: str) -> Turn:
    """The number is right, another one is to be given, or a message is left besides, for whoever calls."""
    now = calm(moment.was)
    if choice == "no":
        now = swap(now, Place(scene=Scene.CALLBACK_NUMBER))
        asked = prompts(now, moment.known, moment.catalog)
        return settled(now, asked, catalog=moment.catalog, reason="call_back")
    settle = SettleHandoff(reached=False, callback=moment.top.value)
    if choice == "message":
        now = push(now, Place(scene=Scene.RECORD))
        asked = prompts(now, moment.known, moment.catalog)
        return settled(now, asked, (settle,), catalog=moment.catalog, reason="call_back")
    return ask_time(moment, now, moment.top.value, (settle,))


def answer_callback_time(moment: Moment, choice: str) -> Turn:
    """One of the times is chosen, if it is free still; or none of them suits."""
    now, (number, _) = calm(moment.was), read_times(moment.top.value)
    if choice == "none":
        return _noted(moment, now, (), say.CALL_BACK_NOTED)
    window = next((one for one in moment.known.windows if one.start.isoformat() == choice), None)
    if window is None:
        return ask_time(moment, now, number, (), say.TIME_TAKEN)
    department = moment.catalog.department_of(subject(now))
    promise = PromiseCall(window=window, department=department, callback=number)
    time = when(window.start, window.end, moment.known.today)
    told = (say.phrase(say.CALL_BACK_AT.id, number=Digits(text=number), when=time), say.CALL_BACK_TRIES)
    if not _can_remind(moment, window):
        return _noted(moment, now, (promise,), *told)
    now = swap(now, Place(scene=Scene.REMIND, value=write_times(number, (window,))))
    asked = telling(*told) + prompts(now, moment.known, moment.catalog)
    return settled(now, asked, (promise,), catalog=moment.catalog, reason="call_back_booked")


def _can_remind(moment: Moment, window: Window) -> bool:
    """Whether a text half an hour before the call would reach them, and be of any use."""
    known = moment.known
    reached = gets_texts(moment.was) and known.texts_allowed and known.texts_arrive and not known.texts_held
    return reached and window.start - moment.said.at > WORTH_A_REMINDER


def answer_remind(moment: Moment, choice: str) -> Turn:
    """Whether they are to be reminded of their call."""
    now, to = calm(moment.was), text_address(moment.was)
    if choice == "no" or to is None:
        return _noted(moment, now, ())
    _, [(start, end)] = read_times(moment.top.value)
    words = say.phrase(say.REMINDER.id, town=moment.catalog.town.name, when=when(start, end, start.date()))
    text = SendText(address=to, language=now.language, prompts=telling(words), due=start - REMINDED_BEFORE)
    return _noted(moment, now, (text,), say.WILL_REMIND)


def times_matter(was: Conversation) -> bool:
    """Whether the times in which a call back can be promised may be told next."""
    top, beneath = was.place[-1].scene, was.place[-2].scene if len(was.place) > 1 else None
    return top in (Scene.CALLBACK, Scene.CALLBACK_TIME) or (top is Scene.RECORDED and beneath is Scene.CALLBACK)


def ask_time(
    moment: Moment,
    now: Conversation,
    number: str,
    effects: tuple[Effect, ...],
    *first: Phrase,
    noted: tuple[Phrase, ...] = (say.CALL_BACK_NOTED,),
) -> Turn:
    """Offer the times that the rota can keep. Without any nothing is promised, and the request stands all the same,
    which `noted` says. So it does where the language is not known: in all of ours the times take minutes to hear."""
    if not now.language:
        return _noted(moment, now, effects, *first, *noted)
    if not moment.known.windows:
        return _noted(moment, now, effects, *first, *noted, say.NO_TIME_FREE)
    now = swap(now, Place(scene=Scene.CALLBACK_TIME, value=write_times(number, moment.known.windows)))
    asked = telling(*first) + prompts(now, moment.known, moment.catalog)
    return settled(now, asked, effects, catalog=moment.catalog, reason="call_back_time")


def _noted(moment: Moment, now: Conversation, effects: tuple[Effect, ...], *told: Phrase) -> Turn:
    """The call back is noted; back to where they were."""
    now = pop(now)
    asked = telling(*told) + prompts(now, moment.known, moment.catalog)
    return settled(now, asked, effects, catalog=moment.catalog, reason="call_back_booked")


def ask_interpreter(moment: Moment) -> Turn:
    """None of our languages: a person, with an interpreter."""
    return ask_for_person(moment, WhyPerson.INTERPRETER, moment.said.text, say.INTERPRETER)
