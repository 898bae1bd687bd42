"""Danger first: the emergency number at once, a person next, and what was being said put aside, not lost."""

from __future__ import annotations

from dataclasses import replace

from core import forms, handoffs
from core import phrases as say
from core.asking import own_number, prompts, show
from core.catalog import StepKind
from core.commands import fold
from core.places import Moment, calm, pop, push, settled, telling, tongue
from core.types import SECRET, Digits, Kind, Mode, Place, RelayToDesk, RequestHandoff, Scene, Turn, WhyPerson


def in_danger(moment: Moment) -> bool:
    """Words of danger anywhere; a typed emergency number wherever words, a service or a secret number are asked."""
    said = moment.said
    if said.kind is Kind.KEYS:
        typed = moment.top.scene is Scene.NUMBER or moment.top.scene in SECRET
        return typed and said.keys in moment.catalog.town.emergencies
    if said.kind is not Kind.TEXT or not moment.meant.danger:
        return False
    return not (fold(said.text).isdigit() and _number_is_data(moment))


def _number_is_data(moment: Moment) -> bool:
    return forms.waits_for_value(moment) and forms.step_of(moment.was, moment).kind is StepKind.NUMBER


def warn(moment: Moment) -> Turn:
    """The emergency number at once, a person next; in a form the words are put aside, not lost."""
    was, words = moment.was, moment.said.text
    number = say.phrase(say.EMERGENCY.id, number=Digits(text=moment.known.emergency))
    if was.mode is not Mode.BOT:
        told = telling(number, say.DANGER_PERSON)
        return settled(was, told, (RelayToDesk(danger=True),), catalog=moment.catalog, reason="relayed", forced=True)
    if moment.top.scene is Scene.DANGER:
        return danger_yes(moment)
    now = push(replace(calm(was), held=words), Place(scene=Scene.DANGER))
    callback = own_number(was)  # in danger a person may ring a number that we do not offer to ring
    wish = RequestHandoff(why=WhyPerson.DANGER, language=tongue(moment), callback=callback, words=words)
    asked = prompts(now, moment.known, moment.catalog)
    return settled(now, asked, (wish,), catalog=moment.catalog, reason="danger", forced=True)


def danger_yes(moment: Moment) -> Turn:
    """In danger now: say the number again and bring a person; what was held stays for afterwards."""
    number = say.phrase(say.EMERGENCY.id, number=Digits(text=moment.known.emergency))
    beneath = forms.put_back(replace(moment, was=pop(moment.was)))
    turn = handoffs.ask_for_person(replace(moment, was=beneath), WhyPerson.DANGER, moment.was.held, number)
    return replace(turn, forced=True)


def answer_danger(moment: Moment, choice: str) -> Turn:
    """Yes brings a person now; no, and anything else, leads back to where they were."""
    if choice == "yes":
        return danger_yes(moment)
    return show(moment, forms.put_back(replace(moment, was=pop(calm(moment.was)))))
