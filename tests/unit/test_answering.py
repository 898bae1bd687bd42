"""What words are taken for, and how a form goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core import phrases as say
from core.dialogue import advance
from core.types import (
    Act,
    Alternative,
    Answer,
    Effect,
    Expect,
    Forget,
    Inbound,
    Kind,
    Later,
    Medium,
    OpenCase,
    Phone,
    Phrase,
    Place,
    Reading,
    Scene,
    Understanding,
    Unfinished,
)
from tests.unit.town import (
    AT,
    CALLER,
    TOWN,
    call,
    known,
    said,
    state,
    top,
)

# --- words


def test_a_wish_to_start_a_named_service_begins_its_form() -> None:
    turn = call("1").write("report a lamp", Understanding(service="lamp", act=Act.START, confidence=0.9))
    assert top(turn) == Place(scene=Scene.STEP, about="lamp")
    no_form = call("1").write("a bus", Understanding(service="bus", act=Act.START, confidence=0.9))
    assert top(no_form) == Place(scene=Scene.SERVICE, about="bus")


def test_a_wish_to_start_is_about_the_service_talked_about() -> None:
    turn = call("1", "2", "1").write("start", Understanding(act=Act.START))
    assert top(turn).scene is Scene.STEP


@pytest.mark.parametrize(("confidence", "scene"), [(0.39, Scene.OFFER), (0.4, Scene.SERVICE), (None, Scene.SERVICE)])
def test_a_service_heard_badly_is_offered_not_opened(confidence: float | None, scene: Scene) -> None:
    line = call("1")
    heard = Inbound(
        conversation="c",
        medium=Medium.VOICE,
        address=state(line).address,
        message_id="m",
        kind=Kind.TEXT,
        text="bus card",
        confidence=confidence,
        at=AT,
    )
    turn = advance(state(line), heard, Understanding(service="card", confidence=0.9), known(), TOWN)
    assert top(turn).scene is scene


@pytest.mark.parametrize(("confidence", "scene"), [(0.59, Scene.CHECK), (0.6, Scene.STEP), (None, Scene.STEP)])
def test_an_answer_heard_badly_is_asked_back(confidence: float | None, scene: Scene) -> None:
    line = call("1", "2", "1", "4", "1", "2")
    heard = Inbound(
        conversation="c",
        medium=Medium.VOICE,
        address=state(line).address,
        message_id="m",
        kind=Kind.TEXT,
        text="Ana",
        confidence=confidence,
        at=AT,
    )
    turn = advance(state(line), heard, Understanding(), known(reading=Reading(value="Ana")), TOWN)
    assert top(turn).scene is scene


def test_at_most_three_services_are_offered_and_none_of_them_leads_back() -> None:
    line = call("1", "1")
    four = tuple(Alternative(service=slug, confidence=0.3) for slug in ("card", "bus", "lamp", "trash"))
    turn = line.write("words", Understanding(alternatives=four))
    assert top(turn).value == "card,bus,lamp"
    again = line.write("words", Understanding(alternatives=four[:2]))
    assert [place.scene for place in again.conversation.place] == [Scene.HOME, Scene.CATEGORY, Scene.OFFER]
    assert top(line.press("3")).scene is Scene.CATEGORY


def test_a_question_about_a_case_asks_for_its_number() -> None:
    assert top(call("1").write("my case", Understanding(act=Act.STATUS))).scene is Scene.NUMBER


def test_services_offered_from_within_the_number_place_are_offered_once() -> None:
    line = call("1")
    pair = Understanding(
        alternatives=(Alternative(service="card", confidence=0.4), Alternative(service="bus", confidence=0.3))
    )
    line.write("words", pair)
    line.press("8")
    turn = line.write("words", pair)
    assert [place.scene for place in turn.conversation.place].count(Scene.OFFER) == 1


@pytest.mark.parametrize(("act", "answer"), [(Act.GREET, say.GREETING), (Act.THANKS, say.THANKS)])
def test_politeness_is_answered_and_is_no_miss(act: Act, answer: Phrase) -> None:
    line = call("1", "1")
    line.press("5")
    turn = line.write("words", Understanding(act=act))
    assert said(turn)[0] == answer.id
    assert turn.conversation.misses == 0


def test_what_nobody_understands_is_a_miss() -> None:
    turn = call("1").write("words")
    assert said(turn)[0] == say.NOT_UNDERSTOOD.id
    assert turn.conversation.misses == 1


@pytest.mark.parametrize(("act", "answer"), [(Act.YES, "size"), (Act.NO, "size")])
def test_yes_and_no_in_any_words_are_answers_where_they_are_asked(act: Act, answer: str) -> None:
    line = call("1", "1", "1", "4")
    line.press("67", reading=Reading(value=67))
    line.press("05031958", reading=Reading(value=AT.date() - timedelta(days=9000)))
    turn = line.write("words", Understanding(act=act))
    assert turn.conversation.answers["card"] is (act is Act.YES)


def test_yes_where_nothing_is_asked_with_yes_is_not_understood() -> None:
    assert call("1").write("yes", Understanding(act=Act.YES)).conversation.misses == 1


def test_the_number_of_a_choice_may_be_said_in_words() -> None:
    turn = call("1").write("two", reading=Reading(value=2))
    assert top(turn) == Place(scene=Scene.CATEGORY, about="streets")
    assert call("1").write("five", reading=Reading(value=5)).conversation.misses == 1
    assert call("1").write("true", reading=Reading(value=True)).conversation.misses == 1


def test_free_words_are_no_miss_in_a_menu_but_are_one_in_a_form() -> None:
    named = Understanding(service="bus", confidence=0.9)
    assert top(call("1", "1").write("the bus", named)).about == "bus"
    turn = call("1", "2", "1", "4").write("the bus", named)
    assert (top(turn).scene, turn.conversation.misses) == (Scene.STEP, 1)


def test_after_a_case_words_are_about_its_service() -> None:
    line = call("1", "2", "1", "4", "1", "2", "1", "1", "1")
    turn = line.write("what does it cost", Understanding(act=Act.COST))
    assert top(turn) == Place(scene=Scene.SERVICE, about="lamp", value="cost")


def test_a_service_that_was_offered_ends_the_trouble_and_so_does_none_of_them() -> None:
    pair = (Alternative(service="card", confidence=0.4), Alternative(service="bus", confidence=0.3))
    for key in ("1", "3"):
        line = call("1")
        line.write("words", Understanding(alternatives=pair))
        line.press("6")
        assert line.press(key).conversation.misses == 0


def test_a_named_service_ends_the_trouble_before_it_and_so_does_a_new_start() -> None:
    line = call("1")
    line.press("5")
    assert line.write("card", Understanding(service="card", confidence=0.9)).conversation.misses == 0
    line.press("6")
    assert line.do(Kind.START).conversation.misses == 0


# --- forms


def test_when_all_is_answered_it_is_read_back_above_the_service() -> None:
    turn = call("1", "2", "1", "4", "1", "2", "1").press("1")
    assert turn.conversation.place == (
        Place(scene=Scene.HOME),
        Place(scene=Scene.CATEGORY, about="streets"),
        Place(scene=Scene.SERVICE, about="lamp"),
        Place(scene=Scene.CONFIRM, about="lamp"),
    )


def test_a_case_is_opened_with_what_was_answered_and_nothing_else_is_kept() -> None:
    line = call("1", "2", "1", "4", "1", "2", "1", "1")
    turn = line.press("1")
    answers: dict[str, Answer] = {"area": "old", "pole": "", "name": Later(), "phone": Phone(e164=CALLER)}
    case: Effect = OpenCase(reference="123456780", service="lamp", answers=answers)
    assert turn.effects == (case,)
    assert turn.conversation.form == ""
    assert turn.conversation.place == (
        Place(scene=Scene.HOME),
        Place(scene=Scene.DONE, about="lamp", value="123456780"),
    )


def test_a_form_begins_without_the_trouble_before_it() -> None:
    line = call("1", "2", "1")
    line.press("9")
    line.press("6")
    now = line.press("4").conversation
    assert (now.misses, now.silences, now.agains) == (0, 0, 0)


def test_another_form_begins_without_the_answers_of_the_one_before() -> None:
    line = call("1", "2", "1", "4", "1")
    for key in ("**", "1", "1", "4"):
        turn = line.press(key)
    assert (turn.conversation.form, turn.conversation.answers) == ("card", {})


def test_what_was_begun_is_taken_up_at_the_question_where_it_was_left() -> None:
    left = Unfinished(conversation="x", service="lamp", step=1, answers={"area": "old"}, at=AT - timedelta(minutes=30))
    line = call()
    line.press("1", unfinished=left)
    assert said(line.press("1", unfinished=left)) == [say.BEGUN_BY_YOU.id]
    turn = line.press("1", unfinished=left)
    assert top(turn) == Place(scene=Scene.STEP, about="lamp", step=1)
    assert turn.effects == (Forget(conversation="x"),)
    assert turn.conversation.form == "lamp"


def test_an_answer_that_does_not_fit_is_a_miss_and_the_question_stays() -> None:
    line = call("1", "1", "1", "4")
    for reading in (Reading(), Reading(value=130), Reading(value=-1), None):
        line.now = replace(state(line), misses=0)
        turn = line.press("130", reading=reading)
        assert (turn.conversation.misses, top(turn).step) == (1, 0)


def test_a_wrong_key_at_a_choice_is_none_of_the_choices() -> None:
    turn = call("1", "2", "1", "4").press("5")
    assert said(turn)[0] == say.NOT_A_CHOICE.id


def test_to_give_an_answer_asks_for_it() -> None:
    turn = call("1", "2", "1", "4", "1").press("1")
    assert top(turn) == Place(scene=Scene.STEP, about="lamp", step=1, given=True)
    assert turn.prompts[-1].expect is Expect.DIGITS
    line = call("1", "2", "1", "4", "1", "1")
    assert line.press("37", reading=Reading(value=37)).conversation.answers["pole"] == 37


def test_the_answer_nought_ends_the_trouble() -> None:
    line = call("1", "1", "1", "4", "0")
    line.press("6")
    now = line.press("1").conversation
    assert (now.answers, now.misses) == ({"age": 0}, 0)
