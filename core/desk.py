"""What staff do to a conversation: take it, answer, give it back, close. The resident is told, in their language.

On the telephone there is nothing to write on: there a reply goes out as a text message, and the rest changes nothing
in the dialogue. To someone who said STOP nothing is written at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from core import phrases as say
from core.asking import prompts, text_address
from core.places import Moment, calm, settled, telling
from core.types import Conversation, Effect, Kind, Mode, Phrase, Prompt, Quote, SendText, Turn


def by_staff(moment: Moment) -> Turn:
    """What the resident hears of what staff did, and who has the conversation afterwards."""
    return _DECIDE[moment.said.kind](moment)


def _claim(moment: Moment) -> Turn:
    return _told(moment, Mode.HUMAN, telling(say.PERSON_HERE), "claimed")


def _release(moment: Moment) -> Turn:
    return _told(moment, Mode.WAITING, (), "released")


def _reply(moment: Moment) -> Turn:
    words = Quote(text=moment.said.text)
    if not moment.voice:
        return _told(moment, Mode.HUMAN, telling(Phrase(id="{words}", params={"words": words})), "replied")
    to = text_address(moment.was)
    told = telling(say.phrase(say.FROM_PERSON.id, town=moment.catalog.town.name, words=words))
    effects: tuple[Effect, ...] = (SendText(address=to, language=moment.was.language, prompts=told),) if to else ()
    return Turn(conversation=moment.was, effects=effects, reason="replied")


def _hand_back(moment: Moment) -> Turn:
    asked = telling(say.HANDED_BACK) + prompts(moment.was, moment.known, moment.catalog)
    return _told(moment, Mode.BOT, asked, "handed_back")


def _close(moment: Moment) -> Turn:
    return _told(moment, Mode.BOT, telling(say.PERSON_DONE), "closed")


def _told(moment: Moment, mode: Mode, told: tuple[Prompt, ...], reason: str) -> Turn:
    if moment.voice:
        return Turn(conversation=_off_line(moment.was, mode), reason=reason)
    now = replace(calm(moment.was), mode=mode)
    if mode is not Mode.WAITING:
        now = replace(now, wait_told=0)  # that wait is over; what is told of another one is told anew
    if moment.was.stopped:
        return Turn(conversation=now, reason=reason)
    return Turn(conversation=_asked_again(moment, now), prompts=told, reason=reason)


def _asked_again(moment: Moment, now: Conversation) -> Conversation:
    """Back with the machine, what was asked before is asked still, said again or not: its choices, and the number of a
    service, are understood at once."""
    if now.mode is not Mode.BOT:
        return now
    asked = prompts(now, moment.known, moment.catalog)
    return settled(now, asked, catalog=moment.catalog, reason="").conversation


def _off_line(was: Conversation, mode: Mode) -> Conversation:
    """A call that is over has nobody on the line; one that waits keeps waiting until it is connected."""
    return replace(was, mode=Mode.BOT) if was.ended and mode is not Mode.WAITING else was


_DECIDE: dict[Kind, Callable[[Moment], Turn]] = {
    Kind.CLAIM: _claim,
    Kind.RELEASE: _release,
    Kind.REPLY: _reply,
    Kind.HAND_BACK: _hand_back,
    Kind.CLOSE: _close,
}
