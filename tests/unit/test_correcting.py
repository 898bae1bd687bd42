"""What is taken back, what is not meant, and two wishes in one breath."""

from dataclasses import replace
from datetime import date

import pytest

from core import phrases as say
from core.correcting import needs
from core.dialogue import advance
from core.places import Moment
from core.types import (
    Act,
    Alternative,
    Inbound,
    Kind,
    Later,
    Medium,
    Phone,
    Place,
    Read,
    Reading,
    ReadKind,
    Scene,
    Understanding,
)
from tests.unit.town import AT, TOWN, Line, call, known, said, state, text, top

LAMP = Understanding(service="lamp", confidence=0.9, corrected="the lamp")


def wanting(line: Line, corrected: str, **meant: object) -> list[object]:
    """What would be looked up for this correction now."""
    was = state(line)
    message = Inbound(
        conversation="c",
        medium=was.medium,
        address=was.address,
        message_id="m",
        kind=Kind.TEXT,
        text=f"no, I meant {corrected}",
        at=AT,
    )
    believed = Understanding(corrected=corrected, **meant)  # type: ignore[arg-type]  # a test's shorthand
    return list(needs(Moment(was=was, said=message, meant=believed, known=known(), catalog=TOWN)))


def lamp_form(*answers: object) -> Line:
    """A thread of texts in the lamp's form (area, pole, name, phone), after these answers."""
    line = text("2", "1", "4")
    for answer in answers:
        if isinstance(answer, str):
            line.write(answer)
        else:
            line.write("as read", reading=answer)
    return line


# --- where people say what they want


def test_another_service_is_opened_where_one_says_what_one_wants() -> None:
    line = call("1", "1", "1")
    assert top(line.write("no, I meant the lamp", LAMP)) == Place(scene=Scene.SERVICE, about="lamp")


# --- in a form


def test_another_service_named_in_a_form_is_offered_and_the_form_waits() -> None:
    line = lamp_form("1", "skip")
    card = Understanding(service="card", confidence=0.9, corrected="the bus card")
    turn = line.write("no, I meant the bus card", card)
    assert top(turn).scene is Scene.OFFER
    assert [choice.id for choice in turn.prompts[-1].choices] == ["card", "none"]
    turn = line.write("1")
    assert (top(turn).about, state(line).held, state(line).form) == ("card", "", "lamp")
    assert state(line).answers["area"] == "old"


def test_words_that_only_seemed_to_name_a_service_are_put_back() -> None:
    line = lamp_form("1", "2")
    card = Understanding(service="card", confidence=0.9, corrected="Ana Card")
    line.write("no, I meant Ana Card", card)
    turn = line.write("2")
    assert top(turn).scene is Scene.CHECK
    assert state(line).candidates == ("Ana Card",)
    assert state(line).held == ""


def test_the_same_service_named_again_is_no_other() -> None:
    line = lamp_form("1", "2")
    turn = line.write("no, I meant the lamp", LAMP, reading=Reading(value="the lamp"))
    assert top(turn).scene is Scene.STEP


def test_the_answer_before_is_given_anew() -> None:
    line = lamp_form("1", "2", Reading(value="Ana Ruiz"))
    assert top(line.turns[-1]).step == 3
    assert wanting(line, "Ana Diaz") == [Read(kind=ReadKind.WORDS, text="Ana Diaz", language="en", on=AT)]
    turn = line.write("no, I meant Ana Diaz", Understanding(corrected="Ana Diaz"), reading=Reading(value="Ana Diaz"))
    assert state(line).answers["name"] == "Ana Diaz"
    assert (top(turn).scene, top(turn).step) == (Scene.STEP, 3)


def test_an_answer_that_was_chosen_is_asked_again() -> None:
    line = lamp_form("1")
    assert wanting(line, "the new town") == []
    line.now = replace(state(line), silences=2)
    turn = line.write("no, I meant the new town", Understanding(corrected="the new town"))
    assert state(line).silences == 0
    assert top(turn) == Place(scene=Scene.STEP, about="lamp", step=0)
    line.write("2")
    assert state(line).answers["area"] == "new"


def test_an_optional_answer_is_taken_at_once() -> None:
    line = lamp_form("1", "2")
    assert wanting(line, "17") == [Read(kind=ReadKind.NUMBER, text="17", language="en", on=AT)]
    line.write("no, I meant 17", Understanding(corrected="17"), reading=Reading(value=17))
    assert state(line).answers["pole"] == 17


def test_what_can_not_be_read_is_asked_again_there() -> None:
    line = lamp_form("1", "2")
    turn = line.write("no, I meant that one", Understanding(corrected="that one"), reading=Reading())
    assert said(turn)[0] == say.NOT_A_NUMBER.id
    assert (top(turn).step, top(turn).given) == (1, True)
    assert state(line).answers["pole"] == ""  # until another is given


def test_what_could_not_be_read_may_be_corrected_once_more() -> None:
    line = lamp_form("1", "2")
    line.write("no, I meant that one", Understanding(corrected="that one"), reading=Reading())
    assert wanting(line, "17") == [Read(kind=ReadKind.NUMBER, text="17", language="en", on=AT)]
    line.write("no, I meant 17", Understanding(corrected="17"), reading=Reading(value=17))
    assert (state(line).answers["pole"], state(line).answers["area"]) == (17, "old")


def test_where_a_text_is_to_be_sent_there_is_no_answer_to_correct() -> None:
    line = call("1", "1", "1", "5")
    assert top(line.turns[-1]) == Place(scene=Scene.CONFIRM, value="text")
    assert wanting(line, "another number") == []
    turn = line.write("no, I meant another number", Understanding(corrected="another number"))
    assert (top(turn).scene, said(turn)[0]) == (Scene.CONFIRM, say.NOT_A_CHOICE.id)


def test_when_all_is_read_back_it_is_asked_which_answer_is_meant() -> None:
    line = lamp_form("1", "2", Reading(value="Ana"), Reading(value=Phone(e164="+14155550124")))
    if top(line.turns[-1]).scene is not Scene.CONFIRM:
        line.write("1")
    assert top(line.turns[-1]).scene is Scene.CONFIRM
    assert wanting(line, "Ana Diaz") == []
    turn = line.write("no, I meant Ana Diaz", Understanding(corrected="Ana Diaz"))
    assert top(turn).scene is Scene.REDO
    assert state(line).answers["name"] == "Ana"


def test_an_answer_that_is_being_changed_is_the_one_that_is_corrected() -> None:
    line = lamp_form("1", "2")
    line.now = replace(state(line), place=(Place(scene=Scene.HOME), Place(scene=Scene.STEP, about="lamp", step=2)))
    line.now = replace(line.now, answers={"area": "old", "pole": "", "phone": Later()})
    assert wanting(line, "Ana Diaz") == [Read(kind=ReadKind.WORDS, text="Ana Diaz", language="en", on=AT)]
    line.write("no, I meant Ana Diaz", Understanding(corrected="Ana Diaz"), reading=Reading(value="Ana Diaz"))
    assert (state(line).answers["name"], state(line).answers["pole"]) == ("Ana Diaz", "")


def test_what_was_just_said_and_not_read_is_what_is_corrected() -> None:
    line = lamp_form("1", "1")
    line.write("I do not know", reading=Reading())
    assert wanting(line, "1234") == [Read(kind=ReadKind.NUMBER, text="1234", language="en", on=AT)]
    line.write("I meant 1234", Understanding(corrected="1234"), reading=Reading(value=1234))
    assert (state(line).answers["area"], state(line).answers["pole"]) == ("old", 1234)


def test_a_question_half_answered_is_the_one_that_is_corrected() -> None:
    line = lamp_form("1", "1")
    assert top(line.turns[-1]).given
    line.write("no, I meant 5", Understanding(corrected="5"), reading=Reading(value=5))
    assert (state(line).answers["area"], state(line).answers["pole"]) == ("old", 5)


def test_the_first_answer_has_none_before_it() -> None:
    line = lamp_form()
    assert wanting(line, "the old town") == []
    turn = line.write("no, I meant the old town", Understanding(corrected="the old town"))
    assert (top(turn).step, said(turn)[0]) == (0, "Which part of town?")


@pytest.mark.parametrize(("confidence", "scene"), [(0.99, Scene.STEP), (1.0, Scene.OFFER)])
def test_a_name_that_sounds_like_a_service_is_a_name_unless_it_is_exactly_one(confidence: float, scene: Scene) -> None:
    line = lamp_form("1", "2", Reading(value="Ana Ruiz"))
    card = Understanding(service="card", confidence=confidence, corrected="Ana Card")
    turn = line.write("no, I meant Ana Card", card, reading=Reading(value="Ana Card"))
    assert top(turn).scene is scene
    assert state(line).answers["name"] == ("Ana Card" if scene is Scene.STEP else "Ana Ruiz")


def test_a_no_to_what_was_heard_brings_the_right_words() -> None:
    line = lamp_form("1", "2")
    line.now = replace(
        state(line),
        candidates=("Anna Rice",),
        place=(*state(line).place, Place(scene=Scene.CHECK, about="lamp")),
    )
    line.write("no, I said Ana Ruiz", Understanding(corrected="Ana Ruiz"), reading=Reading(value="Ana Ruiz"))
    assert (state(line).answers["name"], state(line).candidates) == ("Ana Ruiz", ())


def test_on_the_phone_a_date_is_given_anew() -> None:
    line = call("1", "1", "1", "4")
    line.press("70", reading=Reading(value=70))
    line.press("05031956", reading=Reading(value=date(1956, 5, 3)))
    assert wanting(line, "the fourth of May")[0].kind is ReadKind.DATE  # type: ignore[attr-defined]  # a Read
    born = date(1956, 5, 4)
    line.write("no, I meant the fourth", Understanding(corrected="the fourth"), reading=Reading(value=born))
    assert state(line).answers["born"] == born


def test_the_number_to_call_back_is_given_anew() -> None:
    line = Line(open_now=False)
    line.start("1", "0")
    assert top(line.turns[-1]).scene is Scene.CALLBACK
    assert wanting(line, "5550124") == [Read(kind=ReadKind.PHONE, text="5550124", language="en", on=AT)]
    number = Reading(value=Phone(e164="+14155550124"))
    turn = line.write("no, I meant 5550124", Understanding(corrected="5550124"), reading=number)
    assert top(turn) == Place(scene=Scene.CALLBACK, value="+14155550124")
    turn = line.write("no, I meant what", Understanding(corrected="what"), reading=Reading())
    assert (top(turn).scene, said(turn)[0]) == (Scene.CALLBACK_NUMBER, say.NOT_A_PHONE.id)


def test_where_nothing_was_answered_words_are_words() -> None:
    line = call("1", "1", "1")
    turn = line.write("no, I meant something", Understanding(corrected="something"))
    assert said(turn)[0] == say.NOT_UNDERSTOOD.id


def test_zero_was_not_meant_and_the_right_number_is_taken() -> None:
    line = call("1", "1", "1", "4", "0")
    assert top(line.turns[-1]).scene is Scene.ZERO
    assert wanting(line, "70") == [Read(kind=ReadKind.NUMBER, text="70", language="en", on=AT)]
    line.write("no, I meant 70", Understanding(corrected="70"), reading=Reading(value=70))
    assert state(line).answers["age"] == 70


def standing(scene: Scene) -> Line:
    """A call in the card's form, or about to be called back, at this place."""
    line = call("1", "1", "1", "4")
    line.now = replace(
        state(line),
        place=(*state(line).place, Place(scene=scene, about="card", step=0)),
        candidates=("Ana",),
        answers={step.name: Later() for step in TOWN.services["card"].steps},
    )
    return line


@pytest.mark.parametrize(
    "scene",
    [
        Scene.STEP,
        Scene.CHECK,
        Scene.ZERO,
        Scene.CONFIRM,
        Scene.REDO,
        Scene.CALLBACK,
        Scene.CALLBACK_NUMBER,
    ],
)
def test_another_service_is_offered_wherever_an_answer_is_asked(scene: Scene) -> None:
    line = standing(scene)
    assert wanting(line, "the lamp", service="lamp", confidence=0.9) == []
    turn = line.write("no, I meant the lamp", LAMP)
    assert top(turn) == Place(scene=Scene.OFFER, value="lamp")
    assert state(line).place[-2].scene is scene


def test_where_a_number_to_call_is_asked_it_may_be_corrected_at_once() -> None:
    line = standing(Scene.CALLBACK_NUMBER)
    assert wanting(line, "5550124") == [Read(kind=ReadKind.PHONE, text="5550124", language="en", on=AT)]


# --- what is not meant


def test_what_is_not_meant_is_not_opened_and_what_is_meant_is_asked() -> None:
    line = call("1", "1", "1")
    turn = line.write("not the bus card", Understanding(denied="card"))
    assert said(turn)[0] == say.NOT_THAT.id
    assert top(turn).scene is Scene.HOME


def test_what_is_meant_instead_is_opened() -> None:
    line = call("1")
    turn = line.write("not the bus card, the lamp", Understanding(denied="card", service="lamp", confidence=0.9))
    assert top(turn).about == "lamp"


def test_what_is_not_meant_is_no_wish_any_more() -> None:
    line = call("1")
    line.write("my bus card and the lamp is out", TWO)
    line.write("not the lamp", Understanding(denied="lamp"))
    assert state(line).wishes == ("trash",)


# --- two wishes


TWO = Understanding(service="card", confidence=0.9, also=("lamp", "trash"))


@pytest.mark.parametrize("medium", Medium)
def test_two_wishes_are_told_one_after_the_other(medium: Medium) -> None:
    line = call("1") if medium is Medium.VOICE else Line(medium=medium)
    if medium is not Medium.VOICE:
        line.write("hi", Understanding(language="en"))
    turn = line.write("my bus card and the lamp is out", TWO)
    assert said(turn)[0] == say.TWO_WISHES.id
    assert (top(turn).about, turn.prompts[-1].choices[-1].id) == ("card", "other_wish")
    turn = line.write(turn.prompts[-1].choices[-1].key)
    assert (top(turn).about, turn.prompts[-1].choices[-1].id) == ("lamp", "other_wish")
    turn = line.write(turn.prompts[-1].choices[-1].key)
    assert (top(turn).about, state(line).wishes) == ("trash", ())


def test_a_second_wish_is_offered_after_the_first_is_done() -> None:
    line = text()
    turn = line.write("report the lamp, and my card", replace(TWO, service="lamp", act=Act.START, also=("card",)))
    assert said(turn)[0] == say.TWO_WISHES.id
    assert top(turn).scene is Scene.STEP
    for words, reading in (("1", None), ("2", None), ("Ana", "Ana"), ("1", None), ("1", None)):
        turn = line.write(words, reading=Reading(value=reading) if reading else None)
    assert top(turn).scene is Scene.DONE
    turn = line.write(turn.prompts[-1].choices[-1].key)
    assert (top(turn).about, state(line).wishes) == ("card", ())


def test_a_wish_reached_otherwise_is_no_wish_any_more() -> None:
    line = call("1")
    line.write("my bus card and the lamp is out", TWO)
    line.press("8")
    line.press("415")
    assert state(line).wishes == ("trash",)


def test_a_new_start_forgets_wishes() -> None:
    line = call("1")
    line.write("my bus card and the lamp is out", TWO)
    line.press("**")
    assert state(line).wishes == ()


def test_two_wishes_heard_badly_are_asked_about() -> None:
    line = call("1")
    message = Inbound(
        conversation="c",
        medium=Medium.VOICE,
        address=state(line).address,
        message_id="m",
        kind=Kind.TEXT,
        text="my bus card and the lamp",
        confidence=0.2,
        at=AT,
    )
    turn = advance(state(line), message, TWO, known(), TOWN)
    assert [choice.id for choice in turn.prompts[-1].choices] == ["card", "lamp", "trash", "none"]


def test_a_wish_that_has_left_the_catalogue_is_passed_over() -> None:
    line = call("1", "1", "1")
    line.now = replace(state(line), wishes=("gone", "trash"))
    turn = line.press("9")
    assert turn.prompts[-1].choices[-1].id == "other_wish"
    turn = line.press(turn.prompts[-1].choices[-1].key)
    assert (top(turn).about, turn.prompts[-1].choices[-1].id) == ("trash", "text")


def test_of_two_wishes_one_that_was_chosen_from_an_offer_is_opened_alone() -> None:
    line = call("1")
    line.write("card or lamp", Understanding(alternatives=(Alternative(service="card", confidence=0.4),)))
    turn = line.write("the card and the lamp", replace(TWO, service="card", also=("lamp",)), choice="card")
    assert (top(turn).about, state(line).wishes) == ("card", ())


def test_who_is_understood_speaks_no_language_that_we_do_not_have() -> None:
    line = call("1")
    line.write("je voudrais parler", Understanding(foreign="fr"))
    assert state(line).foreign == "fr"
    line.now = replace(state(line), place=(Place(scene=Scene.HOME),))
    line.write("my lamp is out", replace(LAMP, corrected=""))
    assert state(line).foreign == ""
