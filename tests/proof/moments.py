"""One representative moment of a call for every scene and mode, reached as a resident reaches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.types import Mode, Scene
from tests.calls.line import KEY, Caller
from tests.calls.test_danger import DANGER
from tests.calls.test_languages import SPEECH, reference_in
from tests.calls.test_pins import PIN

AGE = ("2", "3", "4")
"""From the first menu to the first question about the senior transport card."""

READ_BACK = (*AGE, "72#", "2", "1")
UNSURE = 0.2
"""A confidence at which nothing that was heard is believed."""

Doing = Callable[[Caller], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Where a call stands after `reach`, and what the caller does `then`."""

    name: str
    scene: Scene
    reach: Doing
    then: Doing
    mode: Mode = Mode.BOT


def keys(*pressed: str) -> Doing:
    """Press keys, one answer after the other."""
    return lambda caller: caller.press(*pressed)


def home(*pressed: str) -> Doing:
    """Choose the language; then keys."""
    return lambda caller: caller.press(KEY[caller.language], *pressed)


def rung_in_vain(*pressed: str) -> Doing:
    """Ask for a person whom nobody plays; then keys."""
    return lambda caller: home("0")(caller) and caller.dial_result("no-answer").press(*pressed)


def hears_names_badly(caller: Caller) -> None:
    """A name that was not heard well, in the form for a birth certificate."""
    home("8", "521#", "4")(caller)
    caller.say("Maria Lopez", confidence=UNSURE)


def offered(caller: Caller) -> None:
    """A service that was not heard well."""
    home()(caller)
    caller.say(SPEECH[caller.language][0], confidence=UNSURE)


def in_danger(caller: Caller) -> None:
    """In the middle of a form."""
    home(*AGE)(caller)
    caller.say(DANGER[caller.language])


def words_fail(*pressed: str) -> Doing:
    """They say nothing where a name is asked, and choose to be recorded; then keys. The office in charge is open an
    hour before, too."""
    return lambda caller: home("8", "521#", "4")(caller) and caller.silence(2).press("2", *pressed)


def speaks(caller: Caller) -> object:
    """Say it, and press #."""
    return caller.speak(7)


def spoken(caller: Caller) -> None:
    """They were recorded."""
    words_fail("1")(caller)
    speaks(caller)


def begun_before(caller: Caller) -> None:
    """A form was left on an earlier call from the same telephone."""
    before = caller.line.caller(caller.language, caller.call.leg.from_)
    home(*AGE, "72#")(before)
    before.hang_up()
    home()(caller)


def asks_for_a_case(*pressed: str) -> Doing:
    """A case with a secret number was opened on an earlier call; they key its reference, then keys."""

    def does(caller: Caller) -> object:
        before = caller.line.caller(caller.language, caller.call.leg.from_)
        home(*READ_BACK, "1")(before)
        reference = reference_in(before.heard)
        before.press("4", f"{PIN}#", f"{PIN}#")
        before.hang_up()
        return home("8", f"{reference}#", *pressed)(caller)

    return does


def says_it(caller: Caller) -> object:
    """Say what they need, in their own words."""
    return caller.say(SPEECH[caller.language][0])


MOMENTS = (
    Moment(name="greeted", scene=Scene.LANGUAGE, reach=keys(), then=lambda caller: caller.press(KEY[caller.language])),
    Moment(name="first menu", scene=Scene.HOME, reach=home(), then=keys("2")),
    Moment(name="second menu", scene=Scene.CATEGORY, reach=home("2"), then=keys("3")),
    Moment(name="a service", scene=Scene.SERVICE, reach=home("2", "3"), then=keys("4")),
    Moment(name="services to choose from", scene=Scene.OFFER, reach=offered, then=keys("1")),
    Moment(name="a number asked", scene=Scene.NUMBER, reach=home("8"), then=keys("241#")),
    Moment(name="digits in a form", scene=Scene.STEP, reach=home(*AGE), then=keys("72#")),
    Moment(name="a choice in a form", scene=Scene.STEP, reach=home(*AGE, "72#"), then=keys("2")),
    Moment(name="which telephone", scene=Scene.STEP, reach=home(*AGE, "72#", "2"), then=keys("1")),
    Moment(name="0 or a person", scene=Scene.ZERO, reach=home(*AGE, "0#"), then=keys("1")),
    Moment(name="heard badly", scene=Scene.CHECK, reach=hears_names_badly, then=keys("1")),
    Moment(name="read back", scene=Scene.CONFIRM, reach=home(*READ_BACK), then=keys("1")),
    Moment(name="what to change", scene=Scene.REDO, reach=home(*READ_BACK, "2"), then=keys("1")),
    Moment(name="case opened", scene=Scene.DONE, reach=home(*READ_BACK, "1"), then=keys("*")),
    Moment(name="when to tell news", scene=Scene.NEWS, reach=home(*READ_BACK, "1", "3"), then=keys("1")),
    Moment(name="whether they got it", scene=Scene.RATE, reach=home("2", "3", "2", "6"), then=keys("1")),
    Moment(name="a text to send", scene=Scene.CONFIRM, reach=home("2", "3", "5"), then=keys("1")),
    Moment(name="danger", scene=Scene.DANGER, reach=in_danger, then=keys("2")),
    Moment(name="something begun", scene=Scene.UNFINISHED, reach=begun_before, then=keys("1")),
    Moment(name="how far a case is", scene=Scene.CASE, reach=asks_for_a_case(), then=keys("1")),
    Moment(name="who speaks", scene=Scene.WHO, reach=asks_for_a_case("1"), then=keys("1")),
    Moment(name="a secret number", scene=Scene.PIN, reach=asks_for_a_case("1", "1"), then=keys(f"{PIN}#")),
    Moment(name="a helper's number", scene=Scene.HELPER, reach=asks_for_a_case("1", "2"), then=keys(f"{PIN}#")),
    Moment(name="a case told", scene=Scene.DETAILS, reach=asks_for_a_case("1", "1", f"{PIN}#"), then=keys("1")),
    Moment(name="a new secret number", scene=Scene.PIN_NEW, reach=home(*READ_BACK, "1", "4"), then=keys(f"{PIN}#")),
    Moment(
        name="the same once more",
        scene=Scene.PIN_SURE,
        reach=home(*READ_BACK, "1", "4", f"{PIN}#"),
        then=keys(f"{PIN}#"),
    ),
    Moment(name="whether to be recorded", scene=Scene.RECORD, reach=words_fail(), then=keys("1")),
    Moment(name="recorded", scene=Scene.RECORDING, reach=words_fail("1"), then=speaks),
    Moment(name="what was recorded", scene=Scene.RECORDED, reach=spoken, then=keys("1")),
    Moment(name="a call back", scene=Scene.CALLBACK, reach=rung_in_vain(), then=keys("1")),
    Moment(name="which number to call", scene=Scene.CALLBACK_NUMBER, reach=rung_in_vain("2"), then=keys("4155550177#")),
    Moment(name="when to call", scene=Scene.CALLBACK_TIME, reach=rung_in_vain("1"), then=keys("2")),
    Moment(name="whether to remind", scene=Scene.REMIND, reach=rung_in_vain("1", "2"), then=keys("1")),
    Moment(
        name="put through",
        scene=Scene.HOME,
        mode=Mode.WAITING,
        reach=home("0"),
        then=lambda caller: caller.dial_result("no-answer"),
    ),
)
