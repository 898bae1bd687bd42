"""Secret numbers: which are too easy to guess, how one is chosen, and what a case says to who has it.

A number is chosen and keyed in calls alone. What is keyed is looked at here and kept nowhere: all that remains is
sealed (`core.ports.Sealer`), and the conversation learns only whether it was right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from core import forms, handoffs
from core import phrases as say
from core.asking import how_far, own_number, sealed_in, show
from core.codes import REFERENCE_DIGITS, SERVICE_DIGITS
from core.commands import fold
from core.places import Moment, calm, go, pop, push, swap
from core.trouble import missed
from core.types import (
    SECRET,
    Admit,
    CheckHelper,
    CheckPin,
    ComparePin,
    Conversation,
    CountPinTry,
    Digits,
    EndMandates,
    FindDetails,
    Inbound,
    KeepPin,
    Kind,
    Medium,
    Mode,
    Need,
    Phrase,
    PinCheck,
    Place,
    Scene,
    SealPin,
    Turn,
    WhyPerson,
)

SHORTEST, LONGEST = 4, 6
"""Digits of a secret number."""

FIRST_CODE_DIGITS = 8
"""Digits of the code with which somebody who helps calls for the first time."""

_YEARS = range(1900, 2100)


def objection(digits: str, reference: str, number: str) -> Phrase | None:
    """What to say to a number that can not be chosen, None if it can: it has another length, or whoever has the paper
    with the reference, or the telephone, would try it among the first. `number` is the caller's, "" if withheld."""
    if not SHORTEST <= len(digits) <= LONGEST or not _plain(digits):
        return say.PIN_LENGTH
    if _repeats(digits):
        return say.PIN_REPEATS
    if _runs(digits):
        return say.PIN_RUNS
    if len(digits) == SHORTEST and int(digits) in _YEARS:
        return say.PIN_YEAR
    if digits in number:
        return say.PIN_OF_PHONE
    return say.PIN_OF_CASE if digits in reference else None


def _repeats(digits: str) -> bool:
    """0000, 1212, 123123."""
    return any(digits[:size] * (len(digits) // size) == digits for size in range(1, len(digits) // 2 + 1))


def _runs(digits: str) -> bool:
    """1234, 987654, and over the end of the keys: 7890."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(digits)}
    return steps in ({1}, {9})


def needs(moment: Moment) -> Iterator[Need]:
    """What must be looked up where a case is told, or a secret number keyed."""
    top, keyed = moment.top, moment.said.keys if moment.said.kind is Kind.KEYS else ""
    if moment.was.mode is not Mode.BOT:
        return
    if top.scene is Scene.DETAILS:
        yield FindDetails(reference=top.value, mandate=top.about)
    elif _plain(keyed) and top.scene in SECRET:
        yield from _secret(moment, keyed)


def _secret(moment: Moment, keyed: str) -> Iterator[Need]:
    top = moment.top
    if top.scene is Scene.PIN_NEW and objection(keyed, top.value, own_number(moment.was)) is None:
        yield SealPin(digits=keyed)
    elif top.scene is Scene.PIN_SURE:
        reference, sealed = sealed_in(top)
        yield ComparePin(sealed=sealed, digits=keyed)
        if top.about:
            yield FindDetails(reference=reference, mandate=top.about)
    elif top.scene is Scene.PIN and _is_pin(keyed):
        yield CheckPin(reference=top.value, digits=keyed)
    elif top.scene is Scene.HELPER and (_is_pin(keyed) or len(keyed) == FIRST_CODE_DIGITS) and moment.was.address:
        yield CheckHelper(reference=top.value, address=moment.was.address, digits=keyed)


def _plain(keyed: str) -> bool:
    """Whether it is keys from 0 to 9, and nothing else that counts as a digit somewhere."""
    return keyed.isascii() and keyed.isdigit()


def _is_pin(keyed: str) -> bool:
    return SHORTEST <= len(keyed) <= LONGEST


def hides(said: Inbound, was: Conversation) -> bool:
    """Whether what was keyed or said may be a secret number, so that it is kept nowhere: where one is asked for, and
    where a caller is asked for another number and keys digits that are none of those."""
    if said.kind not in (Kind.KEYS, Kind.TEXT):
        return False
    scene = was.place[-1].scene
    if scene is not Scene.NUMBER or was.medium is not Medium.VOICE:
        return scene in SECRET
    digits = said.keys or fold(said.text).replace(" ", "")
    return digits.isdigit() and len(digits) not in (1, SERVICE_DIGITS, REFERENCE_DIGITS)


# --- on the way to a case ------------------------------------------------------------------------------------


def tell_how_far(moment: Moment, reference: str) -> Turn:
    """How far a case is. Who calls may go on to hear it; written words stay in telephones that others read, so there it
    is told where to call."""
    now, status = calm(moment.was), moment.known.case
    assert status is not None  # it was found
    now = pop(now) if now.place[-1].scene is Scene.NUMBER else now
    here = moment.voice and not moment.was.placed  # in a call of ours a secret number is never asked for
    if here and moment.known.openable:
        return show(moment, push(now, Place(scene=Scene.CASE, about=status.value, value=reference)))
    office = moment.catalog.offices[moment.catalog.town.main_office]
    more = () if here else (say.phrase(say.CALL_FOR_MORE.id, number=Digits(text=office.phone)),)
    return show(moment, now, how_far(status), *more)


def answer_case(moment: Moment, choice: str) -> Turn:
    """Hear all about it, or something else."""
    now = calm(moment.was)
    if choice == "all":
        return show(moment, push(now, Place(scene=Scene.WHO, value=moment.top.value)))
    return show(moment, go(now))


def ask_who_began(moment: Moment) -> Turn:
    """Several people may use one telephone: before answers are read from it, it is asked whose they are."""
    return show(moment, swap(calm(moment.was), Place(scene=Scene.WHO)))


def answer_who(moment: Moment, choice: str) -> Turn:
    """The resident, or somebody who helps; of something begun, who began it, or somebody else, who hears nothing."""
    now, reference = calm(moment.was), moment.top.value
    if reference:
        scene = Scene.PIN if choice == "yes" else Scene.HELPER
        return show(moment, swap(now, Place(scene=scene, value=reference)))
    left = moment.known.unfinished
    if choice == "yes" and left:
        return forms.take_up(moment, left, moment.said.at - left.at)
    return show(moment, go(now))


# --- a secret number -----------------------------------------------------------------------------------------


def keyed(moment: Moment) -> Turn:
    """Something came where a secret number is asked for."""
    if moment.said.kind is not Kind.KEYS:
        return missed(moment, say.NOT_ALOUD)
    if moment.top.scene is Scene.PIN_NEW:
        return _chosen(moment)
    if moment.top.scene is Scene.PIN_SURE:
        return _sure(moment)
    return _tried(moment)


def ask_new(moment: Moment) -> Turn:
    """Choose a secret number for the case that was just opened."""
    return show(moment, push(calm(moment.was), Place(scene=Scene.PIN_NEW, value=moment.top.value)))


def _chosen(moment: Moment) -> Turn:
    top = moment.top
    if not moment.known.sealed:
        return missed(moment, objection(moment.said.keys, top.value, own_number(moment.was)) or say.PIN_LENGTH)
    value = f"{top.value} {moment.known.sealed}"
    return show(moment, swap(calm(moment.was), replace(top, scene=Scene.PIN_SURE, value=value)))


def _sure(moment: Moment) -> Turn:
    top, (reference, sealed) = moment.top, sealed_in(moment.top)
    if top.about and moment.known.details is None:  # staff, or the resident, ended it meanwhile
        return show(moment, go(calm(moment.was)), say.PIN_WRONG)
    if moment.known.pin is not PinCheck.RIGHT:
        again = swap(moment.was, replace(top, scene=Scene.PIN_NEW, value=reference))
        return missed(replace(moment, was=again), say.PIN_DIFFERS)
    keep = KeepPin(reference=reference, sealed=sealed, mandate=top.about)
    now = calm(moment.was)
    if top.about:
        turn = show(moment, swap(now, Place(scene=Scene.DETAILS, about=top.about, value=reference)), say.PIN_KEPT)
    else:
        now = pop(now)
        turn = show(moment, swap(now, replace(now.place[-1], given=True)), say.PIN_KEPT)
    return replace(turn, effects=(keep,))


def _tried(moment: Moment) -> Turn:
    """Wrong and unknown are told in the same words; after too many a person helps."""
    reference, now = moment.top.value, calm(moment.was)
    if moment.known.pin is PinCheck.CLOSED:
        return handoffs.ask_for_person(replace(moment, was=pop(now)), WhyPerson.STUCK, "", say.PIN_CLOSED)
    if moment.known.pin is PinCheck.RIGHT:
        helped = moment.known.details is not None and moment.known.details.helped
        place = Place(scene=Scene.DETAILS, about=moment.known.mandate, value=reference, given=helped)
        return replace(show(moment, swap(now, place)), effects=(Admit(reference=reference),))
    if moment.known.pin is PinCheck.FIRST:
        place = Place(scene=Scene.PIN_NEW, about=moment.known.mandate, value=reference)
        return replace(show(moment, swap(now, place)), effects=(Admit(reference=reference),))
    turn = missed(moment, say.PIN_WRONG)
    tried = (CountPinTry(reference=reference),) if moment.known.pin else ()
    return replace(turn, effects=(*turn.effects, *tried))


def answer_details(moment: Moment, choice: str) -> Turn:
    """Something else; or nobody acts for the resident any more."""
    now, top = calm(moment.was), moment.top
    if choice != "end":
        return show(moment, go(now))
    end = EndMandates(reference=top.value, mandate=top.about)
    turn = show(moment, go(now), say.HELPING_ENDED if top.about else say.HELP_ENDED)
    return replace(turn, effects=(end,))


def dropped(now: Conversation) -> Conversation:
    """A call that is over, without a number that was keyed once and not twice."""
    if not now.ended or all(place.scene not in SECRET for place in now.place):
        return now
    kept = tuple(place for place in now.place if place.scene not in SECRET)
    return calm(replace(now, place=kept or (Place(scene=Scene.HOME),)))
