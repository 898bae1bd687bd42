"""What works everywhere: the commands, by key and by word, and STOP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from core import forms, handoffs
from core import phrases as say
from core.answers import takes_zero
from core.asking import helped, pages, prompts, show
from core.catalog import Catalog
from core.commands import fold
from core.danger import answer_danger
from core.explaining import explained
from core.places import FOR_CALL, Moment, calm, go, offered, pop, push, settled, swap, telling
from core.trouble import missed, slower
from core.types import (
    Command,
    ConsentSource,
    Conversation,
    Digits,
    Expect,
    Inbound,
    Kind,
    Known,
    Mode,
    Param,
    Phrase,
    Place,
    Quote,
    RecordConsent,
    RelayToDesk,
    Scene,
    Spelled,
    Turn,
    Understanding,
    WhyPerson,
)

UNSPELLED = 2
"""So often in a row something is heard again before it is spelled."""

LONGEST_SPELLED = 40
"""Characters of a resident's answer: a name or a street is spelled, a description is not."""

SPELLED = frozenset({"address"})
"""Parameters of phrases that are names as they are written."""

_KEYS = {"0": Command.PERSON, "7": Command.MORE, "8": Command.NUMBER, "9": Command.AGAIN, "*": Command.BACK}
_LEAVING = frozenset({Command.START, Command.LANGUAGE, Command.NUMBER, Command.BACK, Command.MORE})
_ALSO_CHOICES = frozenset(Command) - {Command.PERSON, Command.HELP, Command.STOP, Command.START, Command.WHY}
"""Commands whose words are first the words of a choice, where one is worded so. The others are always obeyed."""

_TO_RECORD = frozenset({Scene.RECORD, Scene.RECORDING})

_LONG = frozenset({Scene.SERVICE, Scene.CONFIRM, Scene.DETAILS})
"""Where much is told before the question: who asks why is not told it all again."""

_PROVIDER_START = "yes"
"""After STOP Twilio takes this for START and answers so; everywhere else it is an answer (Twilio docs: opt-out
keywords)."""

AFTER_STOP = frozenset({Command.START, Command.STOP, Command.HELP})
"""What is still answered after STOP."""


def current(was: Conversation, said: Inbound, known: Known, catalog: Catalog) -> Turn:
    """What is asked now, changing nothing: for a repeated, late or lost answer."""
    moment = Moment(was=was, said=said, meant=Understanding(), known=known, catalog=catalog)
    if was.mode is not Mode.BOT:
        return handoffs.still_waiting(moment)
    asked = prompts(was, known, catalog)
    if said.kind is Kind.FAULT:
        asked = helped(telling(say.FAULT) + asked)
    return settled(was, asked, catalog=catalog, reason="repeat")


def command_of(moment: Moment) -> Command | None:
    """The command in a key or a word, None if there is none here."""
    said = moment.said
    if said.kind is Kind.KEYS:
        return _key_command(moment, said.keys)
    if said.kind is Kind.START and moment.was.stopped:
        return Command.START  # in a chat: the bot was blocked, and is begun again
    if said.pick and said.pick.choice == Command.PERSON:
        return Command.PERSON  # the one button that never grows old
    if said.kind is not Kind.TEXT:
        return None
    if moment.meant.command in _ALSO_CHOICES and moment.known.choice and moment.was.mode is Mode.BOT:
        return None  # "español", or "something else", is a command everywhere but where it is a choice
    if moment.meant.command is Command.WHY and moment.was.mode is not Mode.BOT:
        return None  # it is for the person, as all words are
    if moment.was.stopped and fold(said.text) == _PROVIDER_START:
        return Command.START
    if moment.meant.command:
        spoken_stop = moment.meant.command is Command.STOP and moment.voice
        return Command.START if spoken_stop else moment.meant.command
    folded = "*" if said.text.strip() == "*" else fold(said.text)
    return _key_command(moment, folded) if len(folded) == 1 else None


def _key_command(moment: Moment, keys: str) -> Command | None:
    if keys == "**":
        return Command.START
    if moment.was.expect is Expect.CHOICE or moment.was.mode is not Mode.BOT:
        return None if offered(moment.was, keys) else _KEYS.get(keys)
    if keys == "0" and forms.waits_for_value(moment):
        step = forms.step_of(moment.was, moment)
        return None if takes_zero(step) else Command.PERSON
    if moment.was.expect is Expect.TEXT and moment.said.kind is Kind.KEYS:
        return None if offered(moment.was, keys) else _KEYS.get(keys)
    return _KEYS[keys] if keys in ("0", "*") else None


def obey(command: Command, moment: Moment) -> Turn:
    """Do what the command says. One that leads elsewhere takes the conversation back from a person."""
    if command is Command.MORE and moment.was.rest:
        return rest(moment)
    if command in (Command.NUMBER, Command.MORE, Command.WHY) and not moment.was.language:
        return current(moment.was, moment.said, moment.known, moment.catalog)
    now = moment.was if command is Command.MORE else replace(moment.was, misses=0, silences=0)
    if command in _LEAVING:
        now = replace(now, mode=Mode.BOT)
    if command is not Command.AGAIN:
        now = replace(now, agains=0)
    return _OBEY[command](replace(moment, was=now))


def spelled(turn: Turn) -> Turn:
    """The turn with its names, addresses and digits said letter by letter."""
    return replace(turn, prompts=tuple(replace(one, phrase=_letters(one.phrase)) for one in turn.prompts))


def _letters(phrase: Phrase) -> Phrase:
    return replace(phrase, params={name: _spelled_param(name, value) for name, value in phrase.params.items()})


def _spelled_param(name: str, value: Param) -> Param:
    if isinstance(value, Digits) or (isinstance(value, Quote) and len(value.text) <= LONGEST_SPELLED):
        return Spelled(text=value.text)
    if isinstance(value, str) and name in SPELLED:
        return Spelled(text=value)
    return _letters(value) if isinstance(value, Phrase) else value


def person(moment: Moment) -> Turn:
    """A person is asked for."""
    if moment.was.mode is not Mode.BOT:
        return handoffs.still_waiting(moment)
    if moment.top.scene in FOR_CALL | _TO_RECORD:  # none of these is come back to
        return handoffs.ask_for_person(replace(moment, was=pop(moment.was)), WhyPerson.ASKED)
    return handoffs.ask_for_person(moment, WhyPerson.ASKED)


def _again(moment: Moment) -> Turn:
    agains = moment.was.agains + 1
    pace = slower(moment.was.pace) if agains > 1 else moment.was.pace
    now = replace(moment.was, agains=agains, pace=pace)
    turn = current(now, moment.said, moment.known, moment.catalog)
    return spelled(turn) if agains > UNSPELLED and moment.voice else turn


def _spell(moment: Moment) -> Turn:
    """The same, slower and letter by letter; what is written is spelled already."""
    return spelled(_slower(moment)) if moment.voice else _again(moment)


def _slower(moment: Moment) -> Turn:
    now = replace(moment.was, pace=slower(moment.was.pace))
    return current(now, moment.said, moment.known, moment.catalog)


def _back(moment: Moment) -> Turn:
    top, now = moment.top, moment.was
    if top.scene is Scene.STEP or (top.scene is Scene.CONFIRM and not top.value):
        return forms.step_back(moment)
    if top.scene is Scene.CATEGORY and top.step:
        return show(moment, swap(now, replace(top, step=top.step - 1)))
    if top.scene is Scene.SERVICE and top.value:
        return show(moment, swap(now, replace(top, value="")))
    if top.scene is Scene.DANGER:
        return answer_danger(moment, "no")
    if top.scene is Scene.HOME:
        return ask_language(moment)
    if top.scene is Scene.LANGUAGE and len(now.place) == 1:
        return show(moment, now)
    return show(moment, pop(now))


def _start(moment: Moment) -> Turn:
    if moment.was.address and not moment.voice and (moment.was.stopped or not moment.known.texts_allowed):
        now = go(replace(moment.was, stopped=False, wishes=()))
        allowed = RecordConsent(address=moment.was.address, allowed=True)
        turn = show(moment, now, say.STARTED)
        return replace(turn, effects=(allowed,), forced=True)
    if not moment.was.language:
        return current(moment.was, moment.said, moment.known, moment.catalog)
    return show(moment, go(replace(moment.was, wishes=())))


def ask_language(moment: Moment) -> Turn:
    """Ask for the language."""
    if moment.top.scene is Scene.LANGUAGE:
        return show(moment, moment.was)
    return show(moment, push(moment.was, Place(scene=Scene.LANGUAGE)))


def _help(moment: Moment) -> Turn:
    town, office = moment.catalog.town, moment.catalog.offices[moment.catalog.town.main_office]
    if moment.voice:
        asked = helped(prompts(moment.was, moment.known, moment.catalog))
        return settled(moment.was, asked, catalog=moment.catalog, reason="help")
    told = telling(say.phrase(say.HELP_TEXT.id, town=town.name, number=Digits(text=office.phone)))
    again = settled(moment.was, told, catalog=moment.catalog, reason="help", forced=True)
    return replace(again, conversation=moment.was)


def _why(moment: Moment) -> Turn:
    """Why, in one sentence, and the question once more."""
    asked = prompts(moment.was, moment.known, moment.catalog)
    asked = asked[-1:] if moment.top.scene in _LONG else asked
    told = telling(explained(moment)) + asked
    return settled(moment.was, told, catalog=moment.catalog, reason="why")


def ask_number(moment: Moment) -> Turn:
    """Ask for a number: of a service, a code or a case."""
    if moment.top.scene is Scene.NUMBER:
        return show(moment, moment.was)
    return show(moment, push(moment.was, Place(scene=Scene.NUMBER)))


def more(moment: Moment) -> Turn:
    """The next page of a menu."""
    top = moment.top
    if top.scene is Scene.CATEGORY and top.step + 1 < len(pages(top.about, moment.catalog)):
        return show(moment, swap(calm(moment.was), replace(top, step=top.step + 1)))
    return missed(moment, say.NOT_A_CHOICE)


def rest(moment: Moment) -> Turn:
    """The rest of a text that was too long. Whoever has the conversation, and what is asked in it, stays."""
    told = telling(Phrase(id="{words}", params={"words": Quote(text=moment.was.rest)}))
    return Turn(conversation=replace(moment.was, rest=""), prompts=told, reason="rest")


def _stop_command(moment: Moment) -> Turn:
    return stop(moment, reply=True)


def stop(moment: Moment, *, reply: bool) -> Turn:
    """No more texts to this address. The provider answers its own words itself, so then we do not."""
    was = moment.was
    if was.address is None:
        return show(moment, was)
    source = ConsentSource.RESIDENT if reply else ConsentSource.PROVIDER
    effect = RecordConsent(address=was.address, allowed=False, source=source)
    told = telling(say.STOPPED) if reply else ()
    turn = settled(was, told, (effect,), catalog=moment.catalog, reason="stopped", forced=True)
    return replace(turn, conversation=replace(was, stopped=True))


def held_back(moment: Moment, command: Command | None) -> Turn:
    """They said STOP and still write: nothing is sent, the words go to staff, and a wish for a person stands."""
    if command is Command.PERSON:
        return replace(person(moment), prompts=(), reason="stopped")
    relayed = (RelayToDesk(),) if moment.said.text else ()
    return Turn(conversation=moment.was, effects=relayed, reason="stopped")


_OBEY: dict[Command, Callable[[Moment], Turn]] = {
    Command.PERSON: person,
    Command.AGAIN: _again,
    Command.SLOWER: _slower,
    Command.BACK: _back,
    Command.START: _start,
    Command.LANGUAGE: ask_language,
    Command.HELP: _help,
    Command.STOP: _stop_command,
    Command.NUMBER: ask_number,
    Command.MORE: more,
    Command.WHY: _why,
    Command.SPELL: _spell,
}
