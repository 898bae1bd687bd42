"""Conversations with the core alone: what was done, and what is said and caused."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core import codes
from core import phrases as say
from core.dialogue import NEAR
from core.types import (
    Act,
    Alternative,
    CaseStatus,
    CodeFound,
    Command,
    Kind,
    Later,
    Medium,
    Mode,
    OpenCase,
    Phone,
    Pick,
    Place,
    Reading,
    RequestHandoff,
    Scene,
    SendText,
    SettleHandoff,
    Understanding,
    Unfinished,
    WhyPerson,
)
from tests.unit.town import AT, CALLER, Line, call, command, effects, said, top


def in_form(*answers: str, **line: object) -> Line:
    """A call in the card's form, at the step after these answers."""
    made = Line(**line)  # type: ignore[arg-type]  # a test's shorthand
    made.start("1", "1", "1", "4")
    return made


# --- menus


def test_a_first_caller_chooses_a_language_and_every_language_is_spoken() -> None:
    turn = Line().start()
    assert [choice.language for choice in turn.prompts[0].choices] == ["en", "es", ""]


def test_three_keys_lead_to_an_answer() -> None:
    turn = Line().start("1", "1", "1")
    assert "About card." in said(turn)


def test_star_is_one_step_back_up_to_the_language() -> None:
    line = Line()
    line.start("1", "1", "1")
    scenes = [line.press("*").conversation.place[-1].scene for _ in range(4)]
    assert scenes == [Scene.CATEGORY, Scene.HOME, Scene.LANGUAGE, Scene.HOME]


def test_nine_repeats_and_a_second_nine_is_slower() -> None:
    line = Line()
    line.start("1", "1")
    assert line.press("9").conversation.pace == 0
    assert line.press("9").conversation.pace == 1


def test_nobody_loses_their_place_to_a_wrong_key() -> None:
    line = Line()
    line.start("1", "1", "1")
    turn = line.press("6")
    assert said(turn)[0] == say.NOT_A_CHOICE.id
    assert turn.conversation.place[-1].about == "card"


def test_the_third_wrong_key_leads_to_a_person() -> None:
    line = Line()
    line.start("1")
    turn = [line.press("5") for _ in range(3)][-1]
    assert effects(turn) == ["RequestHandoff", "Transfer"]


def test_services_without_a_key_are_behind_more() -> None:
    line = Line()
    line.start("1", "2")
    assert [c.label.id for c in line.press("7").prompts[-1].choices] == ["trash"]


def test_a_service_number_opens_the_service_anywhere() -> None:
    line = Line()
    line.start("1", "8")
    assert line.press("415").conversation.place[-1].about == "lamp"
    text = Line(medium=Medium.SMS)
    text.write("hello")
    assert text.write("1").conversation.language == "en"
    assert text.write("415").conversation.place[-1].about == "lamp"


def test_an_unknown_service_number_is_told_back() -> None:
    line = Line()
    line.start("1", "8")
    assert said(line.press("299"))[0] == say.NO_SUCH_SERVICE.id


# --- words


def test_a_named_service_is_answered_in_one_turn() -> None:
    line = Line()
    line.start("1")
    turn = line.write("my bus card", Understanding(service="card", confidence=0.9))
    assert "About card." in said(turn)


def test_an_act_without_a_service_is_about_the_service_talked_about() -> None:
    line = Line()
    line.start("1", "1", "1")
    turn = line.write("what does it cost", Understanding(act=Act.COST))
    assert "It is free." in said(turn)


def test_unsure_between_two_asks_and_opens_nothing() -> None:
    line = unsure()
    assert [c.id for c in line.turns[-1].prompts[-1].choices] == ["card", "bus", "none"]
    assert "About bus." in said(line.press("2"))


def test_speech_heard_badly_is_asked_back() -> None:
    line = Line()
    line.start("1")
    moment = Understanding(service="card", confidence=0.9)
    turn = line.do(Kind.TEXT, text="card", meant=moment)
    assert turn.conversation.place[-1].scene is Scene.SERVICE


def test_what_we_do_not_offer_is_said_at_once() -> None:
    line = Line()
    line.start("1")
    turn = line.write("tell me a joke", Understanding(act=Act.OUT_OF_SCOPE))
    assert said(turn)[0] == say.NOT_OURS.id
    assert top(turn).scene is Scene.HOME


def near(*services: tuple[str, float]) -> Understanding:
    """What we do not have, and how near these services come to it."""
    some = tuple(Alternative(service=slug, confidence=sure) for slug, sure in services)
    return Understanding(act=Act.OUT_OF_SCOPE, considered=some)


def test_what_comes_nearest_to_what_we_do_not_offer_is_offered_with_a_person() -> None:
    line = call("1")
    turn = line.write("a taxi", near(("bus", NEAR), ("card", NEAR), ("lamp", NEAR)))
    assert said(turn) == [say.NOT_OURS.id, say.NEAREST.id]
    assert [choice.id for choice in turn.prompts[-1].choices] == ["bus", "card", "none"]
    assert turn.prompts[-1].open
    assert turn.conversation.misses == 0
    assert "About card." in said(line.press("2"))


def test_who_wants_none_of_the_nearest_is_back_where_they_were() -> None:
    line = call("1", "1")
    line.write("a taxi", near(("bus", NEAR)))
    assert top(line.press("2")) == Place(scene=Scene.CATEGORY, about="travel")


@pytest.mark.parametrize("far", [(), (("bus", NEAR - 0.001), ("card", 0.0))])
def test_nothing_is_offered_where_nothing_comes_near(far: tuple[tuple[str, float], ...]) -> None:
    turn = call("1").write("tell me a joke", near(*far))
    assert said(turn)[0] == say.NOT_OURS.id
    assert (top(turn).scene, turn.conversation.misses) == (Scene.HOME, 1)


def test_the_service_that_is_talked_about_is_not_offered_as_the_nearest() -> None:
    line = call("1", "1", "1")
    turn = line.write("a taxi", near(("card", 0.4), ("bus", 0.2)))
    assert [choice.id for choice in turn.prompts[-1].choices] == ["bus", "none"]


def test_the_nearest_is_asked_again_with_the_same_words() -> None:
    line = call("1")
    line.write("a taxi", near(("bus", NEAR)))
    assert said(command(line, Command.AGAIN)) == [say.NOT_OURS.id, say.NEAREST.id]


def test_words_in_a_language_of_ours_choose_it() -> None:
    line = Line(medium=Medium.SMS)
    turn = line.write("tarjeta", Understanding(service="card", confidence=0.9, language="es"))
    assert turn.conversation.language == "es"
    assert "About card." in said(turn)


def test_words_in_no_language_of_ours_get_the_choice_of_language() -> None:
    line = Line(medium=Medium.SMS)
    turn = line.write("dzień dobry", Understanding())
    assert turn.prompts[-1].choices[-1].id == "other"


def test_none_of_our_languages_leads_to_a_person_with_an_interpreter() -> None:
    turn = Line().start("3")
    wish = next(e for e in turn.effects if isinstance(e, RequestHandoff))
    assert wish.why is WhyPerson.INTERPRETER
    assert wish.live


# --- a form


def test_a_form_reads_every_answer_back_and_opens_one_case() -> None:
    line = in_form()
    line.press("67", reading=Reading(value=67))
    line.press("05031958", reading=Reading(value=date(1958, 5, 3)))
    for key in ("1", "1", "2", "2"):
        line.press(key)
    line.write("Ana", reading=Reading(value="Ana"))
    confirm = line.press("1")
    assert sum(p == say.READ_BACK.id for p in said(confirm)) == 8
    done = line.press("1")
    case = next(e for e in done.effects if isinstance(e, OpenCase))
    assert case.answers["age"] == 67
    assert case.answers["area"] == "new"
    assert case.answers["pole"] == ""
    assert case.answers["phone"] == Phone(e164=CALLER)
    assert done.conversation.answers == {}


def test_two_possible_days_are_asked_about() -> None:
    line = in_form()
    line.press("67", reading=Reading(value=67))
    days = (date(1958, 5, 3), date(1958, 3, 5))
    turn = line.write("3/5/1958", reading=Reading(candidates=days))
    assert turn.conversation.place[-1].scene is Scene.CHECK
    line.press("2")
    assert line.now is not None
    assert line.now.answers["born"] == days[1]


def test_of_two_days_only_the_one_that_fits_is_taken() -> None:
    line = in_form()
    line.press("67", reading=Reading(value=67))
    line.write("May 3", reading=Reading(candidates=(date(2025, 5, 3), date(2026, 5, 3))))
    assert line.now is not None
    assert line.now.answers["born"] == date(2025, 5, 3)


def test_a_value_out_of_range_is_told_with_the_range() -> None:
    turn = in_form().press("130", reading=Reading(value=130))
    assert said(turn)[0] == say.NUMBER_RANGE.id


def test_a_lone_zero_is_asked_about_where_it_may_be_an_answer() -> None:
    line = in_form()
    assert line.press("0").conversation.place[-1].scene is Scene.ZERO
    line.press("1")
    assert line.now is not None
    assert line.now.answers["age"] == 0


def test_a_second_zero_is_a_person() -> None:
    line = in_form()
    line.press("0")
    assert "RequestHandoff" in effects(line.press("0"))


def test_words_on_the_phone_may_be_left_for_the_person_who_calls() -> None:
    line = Line()
    line.start("1", "2", "1", "4", "1", "2")
    turn = line.press("1")
    assert turn.conversation.answers["name"] == Later()


def test_who_says_that_words_are_left_for_later_is_not_taken_at_their_word() -> None:
    line = Line()
    line.start("1", "2", "1", "4", "1", "2")
    turn = line.write("telling it to the person who calls you", choice="later")
    assert turn.conversation.answers["name"] == Later()


def test_one_answer_is_changed_and_the_others_stay() -> None:
    line = Line()
    line.start("1", "2", "1", "4", "1", "2", "1", "1")
    line.press("2")
    line.press("1")
    line.press("2")
    assert line.now is not None
    assert line.now.answers["area"] == "new"
    assert line.now.place[-1].scene is Scene.CONFIRM


def test_star_in_a_form_asks_the_question_before_again() -> None:
    line = Line()
    line.start("1", "2", "1", "4", "1")
    turn = line.press("*")
    assert turn.conversation.place[-1].step == 0
    assert "area" not in turn.conversation.answers


def test_a_form_left_by_the_start_goes_on_where_it_was() -> None:
    line = Line()
    line.start("1", "2", "1", "4", "1")
    line.press("*")
    line.press("1")
    line.do(Kind.TEXT, text="start", meant=Understanding(command=Command.START))
    turn = [line.press(key) for key in ("2", "1", "4")][-1]
    assert turn.conversation.answers["area"] == "old"


# --- a person


def test_zero_puts_through_in_office_hours() -> None:
    line = Line()
    line.start("1")
    turn = line.press("0")
    assert effects(turn) == ["RequestHandoff", "Transfer"]
    assert turn.conversation.mode is Mode.WAITING


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled"])
def test_when_nobody_answers_a_call_back_is_offered_and_the_place_kept(status: str) -> None:
    line = Line()
    line.start("1", "1", "1")
    line.press("0")
    turn = line.do(Kind.DIAL, text=status)
    assert effects(turn) == ["SettleHandoff"]
    assert said(turn)[0] == say.NOBODY_FREE.id
    assert line.press("1").conversation.place[-1].about == "card"


@pytest.mark.parametrize("status", ["completed", "answered"])
def test_after_a_talk_the_caller_is_back_where_they_were(status: str) -> None:
    line = Line()
    line.start("1", "1", "1")
    line.press("0")
    turn = line.do(Kind.DIAL, text=status)
    assert turn.effects == (SettleHandoff(reached=True),)
    assert turn.conversation.mode is Mode.BOT


def test_out_of_hours_the_request_stands_before_anything_is_asked() -> None:
    line = Line(open_now=False)
    line.start("1")
    turn = line.press("0")
    wish = next(e for e in turn.effects if isinstance(e, RequestHandoff))
    assert wish.callback == CALLER
    assert not wish.live
    assert said(turn)[0] == say.OFFICE_CLOSED.id


def test_a_withheld_caller_is_asked_for_a_number_and_hears_it_back() -> None:
    line = Line(number="", open_now=False)
    line.start("1")
    line.press("0")
    turn = line.press("4155550124", reading=Reading(value=Phone(e164="+14155550124")))
    assert say.CALL_BACK.id in said(turn)
    assert line.press("1").effects == (SettleHandoff(reached=False, callback="+14155550124"),)


def test_in_writing_a_person_is_waited_for_and_words_are_passed_on() -> None:
    line = Line(medium=Medium.SMS)
    line.write("hi", Understanding(language="en"))
    line.write("0")
    turn = line.write("my roof leaks")
    assert effects(turn) == ["RelayToDesk"]
    assert line.write("start", Understanding(command=Command.START)).conversation.mode is Mode.BOT


def test_three_silences_put_through_in_hours() -> None:
    line = Line()
    line.start("1")
    turn = [line.do(Kind.SILENCE) for _ in range(3)][-1]
    assert "Transfer" in effects(turn)


def test_three_silences_out_of_hours_book_a_call_back_and_end_the_call() -> None:
    line = Line(open_now=False)
    line.start("1")
    turn = [line.do(Kind.SILENCE) for _ in range(3)][-1]
    assert effects(turn) == ["RequestHandoff", "HangUp"]
    assert say.CALL_BACK.id in said(turn)


def test_three_silences_of_a_withheld_caller_end_with_the_hours_and_the_emergency_number() -> None:
    line = Line(number="", open_now=False)
    line.start("1")
    turn = [line.do(Kind.SILENCE) for _ in range(3)][-1]
    assert effects(turn) == ["HangUp"]
    assert {say.OFFICE_CLOSED.id, say.EMERGENCY.id} <= set(said(turn))


def test_without_a_language_silence_is_answered_in_all_of_them() -> None:
    line = Line(open_now=False)
    line.start()
    turn = [line.do(Kind.SILENCE) for _ in range(3)][-1]
    assert {prompt.language for prompt in turn.prompts} == {"en", "es"}


# --- danger


FIRE = Understanding(danger="fire")


def test_danger_in_a_form_says_the_number_and_gives_the_words_back() -> None:
    line = Line()
    line.start("1", "2", "1", "4", "1", "2")
    turn = line.write("fire at number 12", FIRE)
    assert said(turn)[0] == say.EMERGENCY.id
    assert turn.forced
    back = line.press("2")
    assert back.prompts[-1].phrase.id == say.DID_YOU_SAY.id
    assert line.press("1").conversation.answers["name"] == "fire at number 12"


def test_someone_in_danger_is_put_through_in_hours() -> None:
    line = Line()
    line.start("1")
    line.write("fire", FIRE)
    assert "Transfer" in effects(line.press("1"))


def test_an_age_of_112_is_an_age() -> None:
    line = in_form()
    turn = line.write("112", Understanding(danger="112"), reading=Reading(value=112))
    assert turn.conversation.answers["age"] == 112


def test_a_typed_emergency_number_in_the_number_place_is_danger() -> None:
    line = Line()
    line.start("1", "8")
    assert said(line.press("911"))[0] == say.EMERGENCY.id


def test_while_waiting_danger_is_relayed_and_nothing_is_asked() -> None:
    line = Line(medium=Medium.SMS)
    line.write("hi", Understanding(language="en"))
    line.write("0")
    turn = line.write("fire", FIRE)
    assert effects(turn) == ["RelayToDesk"]
    assert all(prompt.expect.value == "nothing" for prompt in turn.prompts)


# --- texts, codes, cases, calls that broke off


def test_an_answer_is_texted_only_after_yes() -> None:
    line = Line()
    line.start("1", "1", "1")
    assert effects(line.press("5")) == []
    text = line.press("1").effects[0]
    assert isinstance(text, SendText)
    assert text.address.channel == "sms"


def test_a_number_that_said_stop_gets_no_text() -> None:
    line = Line()
    line.start("1", "1", "1")
    line.press("5")
    turn = line.press("1", texts_allowed=False)
    assert effects(turn) == []
    assert said(turn)[0] == say.TEXT_NOT_ALLOWED.id


def test_a_withheld_caller_gets_a_code_instead_of_a_text() -> None:
    line = Line(number="")
    line.start("1", "1", "1")
    turn = line.press("5")
    assert effects(turn) == ["KeepCode"]
    assert said(turn)[0] == say.CODE_IS.id


def test_a_code_brings_back_the_place_in_its_language_and_is_spent() -> None:
    line = Line(medium=Medium.SMS)
    line.write("hi", Understanding(language="en"))
    found = CodeFound(service="card", starting=False, language="es")
    turn = line.write(codes.code(77), code=found)
    assert effects(turn) == ["SpendCode"]
    assert turn.conversation.language == "es"


def test_a_case_reference_tells_its_status_and_nothing_else() -> None:
    line = Line()
    line.start("1", "8")
    turn = line.press(codes.reference(77), case=CaseStatus.IN_WORK)
    assert said(turn)[0] == say.CASE_IN_WORK.id


def test_a_wrong_reference_is_counted_and_too_many_lead_to_a_person() -> None:
    line = Line()
    line.start("1", "8")
    assert "CountTry" in effects(line.press(codes.reference(77)))
    assert "RequestHandoff" in effects(line.press(codes.reference(78), attempts_left=0))


@pytest.mark.parametrize(("minutes", "kept"), [(5, True), (31, False)])
def test_what_broke_off_goes_on_and_old_answers_are_asked_again(minutes: int, kept: bool) -> None:
    left = Unfinished(
        conversation="x", service="lamp", step=1, answers={"area": "old"}, at=AT - timedelta(minutes=minutes)
    )
    line = Line()
    line.start()
    turn = line.press("1", unfinished=left)
    assert said(turn) == [say.BEGUN.id]
    turn = line.press("1", unfinished=left)
    if kept:
        assert said(turn) == [say.BEGUN_BY_YOU.id]
        turn = line.press("1", unfinished=left)
    assert ("area" in turn.conversation.answers) is kept
    assert effects(turn) == ["Forget"]


# --- STOP


def test_stop_is_recorded_confirmed_once_and_then_nothing_is_sent() -> None:
    line = Line(medium=Medium.SMS)
    line.write("hi", Understanding(language="en"))
    turn = line.write("alto", Understanding(command=Command.STOP))
    assert effects(turn) == ["RecordConsent"]
    assert turn.forced
    assert line.write("hello").prompts == ()


def test_start_after_stop_allows_texts_again() -> None:
    line = Line(medium=Medium.SMS)
    line.write("hi", Understanding(language="en"))
    line.write("stop", Understanding(command=Command.STOP))
    turn = line.write("start", Understanding(command=Command.START))
    assert said(turn)[0] == say.STARTED.id
    assert not turn.conversation.stopped


def test_a_stale_button_repeats_the_question_and_changes_nothing() -> None:
    line = Line(medium=Medium.CHAT, number="77")
    line.write("hi", Understanding(language="en"))
    assert line.now is not None
    before = line.now
    stale = replace(before, turn=before.turn)
    turn = line.do(Kind.PICK)
    assert turn.conversation.place == stale.place
    assert Pick(choice="travel", turn=0).turn == 0


def test_the_words_of_a_choice_choose_it() -> None:
    line = Line(medium=Medium.SMS)
    line.write("hi", Understanding(language="en"))
    turn = line.write("streets", choice="streets")
    assert turn.conversation.place[-1].about == "streets"


def test_the_name_of_a_language_chooses_it_though_it_is_a_command_elsewhere() -> None:
    line = Line(medium=Medium.SMS)
    line.write("hi")
    turn = line.write("español", Understanding(command=Command.LANGUAGE), choice="es")
    assert turn.conversation.language == "es"


def unsure() -> Line:
    """A call in which one of two services is to be chosen, or something else."""
    line = Line()
    line.start("1")
    pair = (Alternative(service="card", confidence=0.4), Alternative(service="bus", confidence=0.3))
    line.write("the bus thing", Understanding(alternatives=pair))
    return line


def test_the_words_of_a_choice_choose_it_though_they_are_a_command_elsewhere() -> None:
    turn = unsure().write("something else", Understanding(command=Command.MORE), choice="none")
    assert (turn.conversation.place[-1].scene, turn.conversation.misses) == (Scene.HOME, 0)


@pytest.mark.parametrize("command", [Command.PERSON, Command.HELP, Command.START])
def test_no_choice_is_worded_so_that_it_hides(command: Command) -> None:
    line = unsure()
    hidden = line.write("the words of both", Understanding(command=command), choice="none")
    assert hidden == unsure().write("the words of both", Understanding(command=command))


def test_an_answer_to_free_words_names_its_service() -> None:
    line = Line(medium=Medium.SMS)
    turn = line.write("what does the card cost", Understanding(service="card", act=Act.COST, language="en"))
    assert said(turn)[:2] == [say.TITLE.id, "It is free."]


def test_on_the_phone_a_service_chosen_by_key_is_answered_at_once_and_named_before_the_question() -> None:
    assert said(Line().start("1", "1", "1")) == ["About card.", say.TITLE.id, say.ANYTHING_ELSE.id]


def test_on_the_phone_a_service_reached_by_number_or_words_is_named_first() -> None:
    by_number = Line().start("1", "8", "241")
    line = Line()
    line.start("1", "1")
    by_words = line.write("card", choice="card")
    assert said(by_number)[:2] == said(by_words)[:2] == [say.TITLE.id, "About card."]


def test_in_writing_every_answer_is_headed_by_its_title() -> None:
    line = Line(medium=Medium.SMS)
    line.write("hi", Understanding(language="en"))
    line.write("1")
    assert said(line.write("1"))[:2] == [say.TITLE.id, "About card."]


def test_in_writing_a_question_that_may_be_skipped_is_answered_at_once() -> None:
    line = Line(medium=Medium.SMS)
    line.write("hi", Understanding(language="en"))
    for typed in ("2", "1", "4", "1"):
        line.write(typed)
    turn = line.write("37", reading=Reading(value=37))
    assert turn.conversation.answers["pole"] == 37


def test_in_writing_another_number_is_given_at_once() -> None:
    line = Line(medium=Medium.SMS)
    line.write("hi", Understanding(language="en"))
    for typed in ("2", "1", "4", "1", "2"):
        line.write(typed)
    line.write("Ana", reading=Reading(value="Ana"))
    turn = line.write("415 555 0124", reading=Reading(value=Phone(e164="+14155550124")))
    assert turn.conversation.answers["phone"] == Phone(e164="+14155550124")
