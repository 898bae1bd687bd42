"""What works everywhere: commands by key and by word, a person, danger, STOP, and what staff are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core import codes
from core import phrases as say
from core.dialogue import advance, fresh
from core.types import (
    Act,
    Address,
    Alternative,
    Answer,
    CaseStatus,
    CodeFound,
    Command,
    Conversation,
    Digits,
    Effect,
    Expect,
    Forget,
    Inbound,
    KeepCode,
    Kind,
    Later,
    Medium,
    Mode,
    OpenCase,
    Phone,
    Phrase,
    Place,
    Reading,
    RecordConsent,
    RelayToDesk,
    RequestHandoff,
    Scene,
    SettleHandoff,
    SpendCode,
    Transfer,
    Turn,
    Understanding,
    Unfinished,
    WhyPerson,
)
from tests.unit.town import AT, CALLER, TOWN, Line, effects, known, said

FIRE = Understanding(danger="fire")
HALL = "+14155550101"


def command(line: Line, which: Command) -> Turn:
    return line.write(str(which), Understanding(command=which))


def text(*words: str) -> Line:
    """A thread of texts in English, after these words."""
    line = Line(medium=Medium.SMS)
    line.write("hi", Understanding(language="en"))
    for one in words:
        line.write(one)
    return line


def call(*keys: str, **line: object) -> Line:
    made = Line(**line)  # type: ignore[arg-type]  # a test's shorthand
    made.start(*keys)
    return made


def wish(turn: Turn) -> RequestHandoff:
    """The request for a person."""
    return next(effect for effect in turn.effects if isinstance(effect, RequestHandoff))


def top(turn: Turn) -> Place:
    return turn.conversation.place[-1]


def state(line: Line) -> Conversation:
    assert line.now is not None
    return line.now


# --- the first message


def test_a_hint_of_the_language_begins_in_the_first_menu() -> None:
    start = Inbound(
        conversation="c",
        medium=Medium.VOICE,
        address=Address(channel="voice", value=CALLER),
        message_id="1",
        kind=Kind.START,
        at=AT,
    )
    assert fresh(start).place == (Place(scene=Scene.LANGUAGE),)
    hinted = fresh(replace(start, language_hint="es"))
    assert (hinted.language, hinted.place) == ("es", (Place(scene=Scene.HOME),))
    assert hinted.address == start.address


# --- turns


def test_what_the_resident_does_spends_a_turn() -> None:
    line = call("1")
    before = state(line).turn
    assert line.press("5").conversation.turn == before + 1
    assert line.do(Kind.SILENCE).conversation.turn == before + 2
    assert line.write("words").conversation.turn == before + 3


def test_what_comes_back_from_others_spends_none() -> None:
    line = call("1", "0")
    before = state(line).turn
    for kind in (Kind.DIAL, Kind.FAULT, Kind.RESUME, Kind.CLAIM, Kind.HANG_UP):
        assert line.do(kind, text="busy").conversation.turn == before


def test_words_passed_on_and_stop_spend_none() -> None:
    line = text("0")
    before = state(line).turn
    assert line.write("my roof leaks").conversation.turn == before
    assert command(line, Command.STOP).conversation.turn == before


# --- a fault, and the same once more


def test_after_a_fault_it_is_said_that_nothing_is_lost_and_how_to_reach_a_person() -> None:
    line = call("1", "1")
    before = state(line)
    turn = line.do(Kind.FAULT)
    assert said(turn)[0] == say.FAULT.id
    assert turn.prompts[-1].helped
    assert turn.conversation == before


def test_once_more_is_the_question_without_a_word_of_a_fault() -> None:
    line = call("1", "1")
    turn = line.do(Kind.RESUME)
    assert turn.prompts == line.turns[-2].prompts
    assert not turn.prompts[-1].helped


def test_a_fault_while_the_call_is_put_through_puts_it_through_again() -> None:
    assert effects(call("1", "0").do(Kind.FAULT)) == ["Transfer"]


# --- again, slower, help


def test_the_second_again_in_a_row_is_slower_and_something_between_ends_the_row() -> None:
    line = call("1", "1")
    line.press("9")
    command(line, Command.HELP)
    assert line.press("9").conversation.pace == 0
    assert line.press("9").conversation.pace == 1
    assert line.press("9").conversation.pace == 2
    assert line.press("9").conversation.pace == 2


def test_a_wrong_key_or_a_silence_ends_the_row_of_agains() -> None:
    for kind, keys in ((Kind.KEYS, "5"), (Kind.SILENCE, "")):
        line = call("1", "1")
        line.press("9")
        line.do(kind, keys=keys)
        assert line.press("9").conversation.pace == 0


def test_slower_is_one_step_slower_at_once() -> None:
    line = call("1")
    turn = command(line, Command.SLOWER)
    assert turn.conversation.pace == 1
    assert said(turn) == [say.WHAT_ABOUT.id]


def test_help_by_voice_explains_the_keys_and_in_writing_tells_who_answers() -> None:
    line = call("1")
    turn = command(line, Command.HELP)
    assert turn.prompts[-1].helped
    assert said(turn) == [say.WHAT_ABOUT.id]
    written = text("1")
    before = state(written)
    turn = command(written, Command.HELP)
    assert said(turn) == [say.HELP_TEXT.id]
    assert turn.prompts[0].phrase.params == {"town": "Testtown", "number": Digits(text=HALL)}
    assert turn.forced
    assert replace(turn.conversation, turn=before.turn) == before


def test_trouble_before_a_command_is_forgotten() -> None:
    line = call("1")
    line.press("5")
    assert line.press("9").conversation.misses == 0
    line.do(Kind.SILENCE)
    assert line.press("9").conversation.silences == 0


# --- start, back, language, number, more


def test_start_is_the_first_menu_and_before_a_language_the_question_for_one() -> None:
    assert call("1", "1", "1").press("**").conversation.place == (Place(scene=Scene.HOME),)
    assert top(call().press("**")).scene is Scene.LANGUAGE


def test_back_from_an_answer_is_the_service_and_from_it_the_menu() -> None:
    line = call("1", "1", "1", "2")
    assert top(line.press("*")) == Place(scene=Scene.SERVICE, about="card")
    assert top(line.press("*")).scene is Scene.CATEGORY


def test_back_from_the_second_page_is_the_first() -> None:
    line = call("1", "2", "7")
    assert top(line.press("*")) == Place(scene=Scene.CATEGORY, about="streets")


def test_back_from_the_text_that_is_offered_is_the_service() -> None:
    assert top(call("1", "1", "1", "5").press("*")).scene is Scene.SERVICE


def test_back_from_the_first_question_of_a_form_is_the_service_and_from_the_reading_back_the_last_question() -> None:
    assert top(call("1", "2", "1", "4").press("*")).scene is Scene.SERVICE
    line = call("1", "2", "1", "4", "1", "2", "1", "1")
    assert top(line.press("*")) == Place(scene=Scene.STEP, about="lamp", step=3)
    assert "phone" not in state(line).answers


def test_back_from_giving_an_answer_is_the_question_whether_to_give_it() -> None:
    line = call("1", "2", "1", "4", "1", "1")
    assert top(line.press("*")) == Place(scene=Scene.STEP, about="lamp", step=1)


def test_back_from_the_question_about_danger_is_where_one_was() -> None:
    line = call("1", "1")
    line.write("fire", FIRE)
    assert top(line.press("*")) == Place(scene=Scene.CATEGORY, about="travel")


def test_back_before_a_language_asks_for_it_again() -> None:
    assert top(call().press("*")).scene is Scene.LANGUAGE


@pytest.mark.parametrize("which", [Command.START, Command.LANGUAGE, Command.NUMBER, Command.BACK, Command.MORE])
def test_what_leads_elsewhere_takes_the_conversation_from_the_person_who_was_awaited(which: Command) -> None:
    line = text("2", "0")
    assert command(line, which).conversation.mode is Mode.BOT


def test_back_takes_the_conversation_from_the_person_who_was_awaited() -> None:
    line = text("1", "0")
    assert line.write("*").conversation.mode is Mode.BOT


@pytest.mark.parametrize("which", [Command.AGAIN, Command.SLOWER, Command.HELP, Command.PERSON])
def test_what_leads_nowhere_else_leaves_the_conversation_to_the_person(which: Command) -> None:
    line = text("1", "0")
    assert command(line, which).conversation.mode is Mode.WAITING


def test_the_language_is_asked_for_once_and_not_upon_itself() -> None:
    line = call("1", "1")
    command(line, Command.LANGUAGE)
    turn = command(line, Command.LANGUAGE)
    assert [place.scene for place in turn.conversation.place] == [Scene.HOME, Scene.CATEGORY, Scene.LANGUAGE]
    assert top(line.press("2")).scene is Scene.CATEGORY


def test_a_question_that_another_one_interrupts_comes_back() -> None:
    line = call("1")
    pair = (Alternative(service="card", confidence=0.4), Alternative(service="bus", confidence=0.3))
    line.write("words", Understanding(alternatives=pair))
    command(line, Command.LANGUAGE)
    assert top(line.press("2")).scene is Scene.OFFER


def test_the_number_is_asked_for_once_and_not_upon_itself() -> None:
    line = call("1", "8")
    turn = command(line, Command.NUMBER)
    assert [place.scene for place in turn.conversation.place] == [Scene.HOME, Scene.NUMBER]


@pytest.mark.parametrize("key", ["7", "8"])
def test_before_a_language_is_chosen_neither_more_nor_a_number_leads_on(key: str) -> None:
    turn = call().press(key)
    assert top(turn).scene is Scene.LANGUAGE
    assert turn.conversation.misses == 0


def test_more_where_there_is_none_is_a_miss() -> None:
    turn = call("1", "1").press("7")
    assert said(turn)[0] == say.NOT_A_CHOICE.id
    assert turn.conversation.misses == 1
    assert call("1").press("7").conversation.misses == 1


def test_more_counts_as_a_miss_after_a_miss() -> None:
    line = call("1", "1")
    line.press("7")
    line.press("7")
    assert "Transfer" in effects(line.press("7"))


# --- keys where digits or words are awaited


@pytest.mark.parametrize(("key", "scene"), [("9", Scene.STEP), ("8", Scene.NUMBER), ("*", Scene.STEP)])
def test_on_the_phone_the_keys_work_where_words_are_awaited(key: str, scene: Scene) -> None:
    turn = call("1", "2", "1", "4", "1", "2").press(key)
    assert top(turn).scene is scene
    assert turn.conversation.misses == 0


def test_where_words_are_awaited_one_is_still_what_is_offered() -> None:
    assert call("1", "2", "1", "4", "1", "2").press("1").conversation.answers["name"] == Later()


@pytest.mark.parametrize("key", ["7", "8", "9"])
def test_where_digits_are_awaited_only_nought_and_star_are_commands(key: str) -> None:
    turn = call("1", "8").press(key)
    assert top(turn).scene is Scene.NUMBER
    assert turn.conversation.misses == 1


def test_nought_is_a_person_where_a_number_cannot_be_nought() -> None:
    assert "Transfer" in effects(call("1", "2", "1", "4", "1", "1").press("0"))
    assert "Transfer" in effects(call("1", "8").press("0"))


def test_nought_written_where_it_may_be_the_answer_is_the_answer() -> None:
    line = text("1", "1", "4")
    assert line.write("0", reading=Reading(value=0)).conversation.answers == {"age": 0}


def test_stop_spoken_on_the_phone_is_the_start_and_stops_no_texts() -> None:
    turn = command(call("1", "1"), Command.STOP)
    assert turn.conversation.place == (Place(scene=Scene.HOME),)
    assert effects(turn) == []


def test_words_beneath_a_picture_are_no_command() -> None:
    turn = text("1").do(Kind.PICTURE, text="0")
    assert said(turn)[0] == say.NOT_WRITTEN.id


# --- numbers


def test_a_service_number_is_three_digits_and_names_what_was_found() -> None:
    turn = call("1", "8").press("241")
    assert top(turn) == Place(scene=Scene.SERVICE, about="card")
    assert [p.scene for p in turn.conversation.place] == [Scene.HOME, Scene.CATEGORY, Scene.SERVICE]


def test_a_number_that_is_none_of_ours_is_a_miss() -> None:
    turn = call("1", "8").press("299")
    assert turn.prompts[0].phrase.params == {"number": Digits(text="299")}
    assert turn.conversation.misses == 1
    turn = call("1", "8").press("12")
    assert said(turn)[0] == say.NO_SUCH_NUMBER.id
    assert effects(turn) == ["CountTry"]


def test_after_too_many_tries_a_person_is_told_why() -> None:
    turn = call("1", "8").press(codes.reference(78), attempts_left=0)
    assert wish(turn).why is WhyPerson.STUCK
    assert said(turn)[0] == say.TOO_MANY_TRIES.id
    last = call("1", "8").press(codes.reference(78), attempts_left=1)
    assert "RequestHandoff" not in effects(last)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (CaseStatus.RECEIVED, say.CASE_RECEIVED),
        (CaseStatus.IN_WORK, say.CASE_IN_WORK),
        (CaseStatus.DONE, say.CASE_DONE),
    ],
)
def test_a_case_is_told_and_then_one_is_where_one_was(status: CaseStatus, words: Phrase) -> None:
    turn = call("1", "1", "8").press(codes.reference(77), case=status)
    assert said(turn)[0] == words.id
    assert top(turn).scene is Scene.CATEGORY


def test_a_case_asked_for_in_a_text_leaves_the_menu_as_it_was() -> None:
    turn = text("1").write(codes.reference(77), case=CaseStatus.DONE)
    assert top(turn).scene is Scene.CATEGORY


def test_a_code_brings_back_a_form_that_was_to_begin_in_the_language_that_was_spoken() -> None:
    found = CodeFound(service="lamp", starting=True, language="")
    turn = text().write(codes.code(77), code=found)
    assert top(turn) == Place(scene=Scene.STEP, about="lamp")
    assert turn.conversation.language == "en"
    assert turn.effects == (SpendCode(code=codes.code(77)),)


def test_a_code_is_taken_before_a_language_is_chosen_and_other_numbers_are_not() -> None:
    line = Line(medium=Medium.SMS)
    line.write("hello")
    found = CodeFound(service="card", starting=False, language="es")
    assert line.write(codes.code(77), code=found).conversation.language == "es"
    other = Line(medium=Medium.SMS)
    other.write("hello")
    assert top(other.write("241")).scene is Scene.LANGUAGE


def test_a_code_that_is_told_carries_the_service_and_the_language() -> None:
    line = call("2", "1", "1", number="")
    turn = line.press("5")
    assert turn.effects == (KeepCode(code="12345670", service="card", starting=False, language="es"),)
    assert top(turn).value == "12345670"


# --- a person


def test_staff_are_told_who_why_and_what_about() -> None:
    turn = call("2", "1", "1").press("0")
    assert turn.effects == (
        RequestHandoff(
            why=WhyPerson.ASKED, language="es", service="card", callback=CALLER, live=True, department="streets"
        ),
        Transfer(phone=HALL),
    )
    assert said(turn) == [say.PUTTING_THROUGH.id]


@pytest.mark.parametrize("keys", ["1214", "12141", "121412", "12141211", "121412112", "1214121", "121412111"])
def test_staff_are_told_the_service_in_its_form_and_after_it(keys: str) -> None:
    turn = command(call(*keys), Command.PERSON)
    assert (wish(turn).service, wish(turn).department) == ("lamp", "streets")


def test_in_writing_a_request_is_not_live_and_the_wait_is_told_with_a_number_to_call() -> None:
    turn = text("1").write("0")
    assert not wish(turn).live
    assert said(turn) == [say.WAITING_TEXT.id, say.CALL_US.id]
    assert turn.prompts[1].phrase.params["number"] == Digits(text=HALL)
    closed = text("1")
    closed.open_now = False
    assert said(closed.write("0"))[0] == say.WAITING_CLOSED.id


@pytest.mark.parametrize(
    ("keys", "there", "queued"),
    [
        ("1", set(), False),
        ("1", {""}, True),
        ("1", {"parks"}, True),
        ("111", {"streets"}, True),
        ("111", {""}, True),
        ("111", {"parks"}, False),
        ("111", set(), False),
    ],
)
def test_a_call_waits_for_the_desk_only_if_someone_of_the_department_is_there(
    keys: str, there: set[str], queued: bool
) -> None:
    turn = call(*keys).press("0", on_duty=frozenset(there))
    assert Transfer(phone=HALL, queued=queued) in turn.effects


def test_whoever_waits_on_the_phone_is_put_through_again_whatever_they_do() -> None:
    line = call("1", "0")
    for turn in (line.press("5"), line.do(Kind.SILENCE), line.write("hello"), line.press("0")):
        assert effects(turn) == ["Transfer"]
        assert said(turn) == [say.PUTTING_THROUGH.id]


def test_whoever_writes_to_a_person_hears_that_it_was_passed_on() -> None:
    line = text("0")
    turn = line.write("my roof leaks")
    assert turn.effects == (RelayToDesk(),)
    assert said(turn) == [say.PASSED_ON.id]


def test_whoever_is_with_a_person_and_asks_for_one_is_told_so() -> None:
    line = text("0")
    line.do(Kind.CLAIM)
    assert said(command(line, Command.PERSON)) == [say.WITH_PERSON.id]


def test_words_for_a_person_ask_for_one_and_words_for_another_language_for_that() -> None:
    assert "Transfer" in effects(call("1").write("a human", Understanding(act=Act.PERSON)))
    assert top(call("1").write("chinese", Understanding(act=Act.OTHER_LANGUAGE))).scene is Scene.LANGUAGE


def test_none_of_our_languages_is_told_to_staff_with_the_words() -> None:
    turn = call().press("3")
    assert wish(turn).why is WhyPerson.INTERPRETER
    assert say.INTERPRETER.id in said(turn)


def test_why_one_waits_for_a_person_is_said_in_writing_too() -> None:
    line = Line(medium=Medium.SMS)
    line.write("dzień dobry")
    turn = line.write("3")
    assert said(turn)[0] == say.INTERPRETER.id
    assert wish(turn).words == "3"
    tried = text().write(codes.reference(78), attempts_left=0)
    assert said(tried)[0] == say.TOO_MANY_TRIES.id


def test_after_a_talk_the_caller_is_welcomed_back_and_asked_where_they_were() -> None:
    line = call("1", "1", "1", "0")
    turn = line.do(Kind.DIAL, text="completed")
    assert said(turn)[0] == say.BACK_WITH_US.id
    assert top(turn).about == "card"


@pytest.mark.parametrize(("status", "told"), [("completed", say.BACK_WITH_US), ("busy", say.NOBODY_FREE)])
def test_news_of_a_transfer_that_nobody_waits_for_changes_nothing(status: str, told: Phrase) -> None:
    line = call("1", "1")
    before = state(line)
    turn = line.do(Kind.DIAL, text=status)
    assert effects(turn) == []
    assert said(turn) == [told.id, say.WHICH.id]
    assert turn.conversation == before


def test_when_nobody_answers_the_known_number_is_noted_before_it_is_asked_about() -> None:
    line = call("1", "0")
    turn = line.do(Kind.DIAL, text="busy")
    assert turn.effects == (SettleHandoff(reached=False, callback=CALLER),)
    assert top(turn) == Place(scene=Scene.CALLBACK, value=CALLER)
    assert turn.conversation.transferred
    assert turn.conversation.mode is Mode.BOT


def test_another_number_for_the_call_back_is_asked_for_and_read_back() -> None:
    line = call("1", "1", open_now=False)
    line.press("0")
    assert top(line.press("2")) == Place(scene=Scene.CALLBACK_NUMBER)
    turn = line.press("4155550124", reading=Reading(value=Phone(e164="+14155550124")))
    assert top(turn) == Place(scene=Scene.CALLBACK, value="+14155550124")
    done = line.press("1")
    assert said(done)[0] == say.CALL_BACK_NOTED.id
    assert done.effects == (SettleHandoff(reached=False, callback="+14155550124"),)
    assert top(done).scene is Scene.CATEGORY


def test_a_number_that_is_given_or_confirmed_ends_the_trouble() -> None:
    line = call("1", open_now=False)
    line.press("0")
    line.press("5")
    assert line.press("2").conversation.misses == 0
    line.press("99")
    good = Reading(value=Phone(e164="+14155550124"))
    assert line.press("4155550124", reading=good).conversation.misses == 0
    line.press("5")
    assert line.press("1").conversation.misses == 0


def test_what_is_no_telephone_number_is_told_so() -> None:
    line = call("1", number="", open_now=False)
    line.press("0")
    for reading in (None, Reading(), Reading(value=7)):
        line.now = replace(state(line), misses=0)
        turn = line.press("99", reading=reading)
        assert said(turn)[0] == say.NOT_A_PHONE.id
        assert turn.conversation.misses == 1


def test_trouble_with_a_call_back_does_not_pile_up_call_backs() -> None:
    known_number = call("1", "1", open_now=False)
    for key in ("0", "2", "9", "9", "9"):
        turn = known_number.press(key)
    assert [p.scene for p in turn.conversation.place] == [Scene.HOME, Scene.CATEGORY, Scene.CALLBACK]
    withheld = call("1", "1", number="", open_now=False)
    withheld.press("0")
    withheld.press("4155550124", reading=Reading(value=Phone(e164="+14155550124")))
    for _ in range(3):
        turn = withheld.press("5")
    assert [p.scene for p in turn.conversation.place] == [Scene.HOME, Scene.CATEGORY, Scene.CALLBACK_NUMBER]


@pytest.mark.parametrize(("number", "scene"), [(CALLER, Scene.CALLBACK), ("", Scene.CALLBACK_NUMBER)])
def test_asking_for_a_person_from_above_a_call_back_asks_about_it_once(number: str, scene: Scene) -> None:
    line = call("1", number=number, open_now=False)
    line.press("0")
    command(line, Command.NUMBER)
    turn = line.press("0")
    assert [p.scene for p in turn.conversation.place] == [Scene.HOME, Scene.NUMBER, scene]


def test_asking_for_a_person_once_more_does_not_pile_up_call_backs() -> None:
    line = call("1", "1", open_now=False)
    line.press("0")
    turn = line.press("0")
    assert [p.scene for p in turn.conversation.place] == [Scene.HOME, Scene.CATEGORY, Scene.CALLBACK]


def test_the_third_miss_forgets_the_trouble_and_tells_staff_that_someone_is_stuck() -> None:
    line = call("1")
    turn = [line.press("5") for _ in range(3)][-1]
    assert wish(turn).why is WhyPerson.STUCK
    assert turn.conversation.misses == 0


def test_the_third_silence_tells_staff_that_someone_is_stuck() -> None:
    line = call("1")
    turn = [line.do(Kind.SILENCE) for _ in range(3)][-1]
    assert wish(turn).why is WhyPerson.STUCK
    assert turn.conversation.silences == 0


def test_in_writing_silence_asks_for_a_person_and_never_says_goodbye() -> None:
    line = text("1")
    line.open_now = False
    turn = [line.do(Kind.SILENCE) for _ in range(3)][-1]
    assert effects(turn) == ["RequestHandoff"]


def test_silence_after_a_transfer_failed_ends_with_a_call_back_instead_of_another_try() -> None:
    line = call("1", "0")
    line.do(Kind.DIAL, text="busy")
    line.press("1")
    turn = [line.do(Kind.SILENCE) for _ in range(3)][-1]
    assert effects(turn) == ["RequestHandoff", "HangUp"]
    assert said(turn) == [
        say.NO_KEY_THREE_TIMES.id,
        say.CALL_BACK.id,
        say.EMERGENCY.id,
        say.GOODBYE_CALL_BACK.id,
    ]
    assert turn.conversation.ended
    assert wish(turn) == RequestHandoff(why=WhyPerson.STUCK, language="en", callback=CALLER)


def test_a_withheld_caller_in_hours_whose_transfer_failed_hears_no_hours() -> None:
    line = call("1", "0", number="")
    line.do(Kind.DIAL, text="busy")
    turn = [line.do(Kind.SILENCE) for _ in range(3)][-1]
    assert said(turn) == [say.NO_KEY_THREE_TIMES.id, say.EMERGENCY.id, say.GOODBYE_HOURS.id]
    assert effects(turn) == ["HangUp"]


def test_a_call_that_is_hung_up_is_over_and_keeps_its_form() -> None:
    line = call("1", "2", "1", "4", "1")
    turn = line.do(Kind.HANG_UP)
    assert turn.reason == "hung_up"
    assert turn.conversation.ended
    assert turn.conversation.answers == {"area": "old"}


# --- danger


def test_danger_tells_staff_the_words_and_the_number_to_call() -> None:
    turn = call("1", "1").write("there is a fire", FIRE)
    assert turn.effects == (
        RequestHandoff(why=WhyPerson.DANGER, language="en", callback=CALLER, words="there is a fire"),
    )
    assert turn.prompts[0].phrase.params == {"number": Digits(text="911")}
    assert turn.forced


def test_someone_in_danger_hears_the_number_again_and_staff_hear_what_was_said() -> None:
    line = call("1", "1")
    line.write("there is a fire", FIRE)
    turn = line.press("1")
    assert said(turn) == [say.EMERGENCY.id, say.PUTTING_THROUGH.id]
    assert wish(turn).why is WhyPerson.DANGER
    assert wish(turn).words == "there is a fire"
    assert turn.forced
    assert top(turn).scene is Scene.CATEGORY


def test_words_of_danger_in_answer_to_the_question_about_danger_are_a_yes() -> None:
    line = call("1", "1")
    line.write("there is a fire", FIRE)
    turn = line.write("yes, a fire", FIRE)
    assert "Transfer" in effects(turn)
    assert top(turn).scene is Scene.CATEGORY


def test_danger_upon_danger_is_asked_about_once() -> None:
    line = call("1", "1")
    line.write("there is a fire", FIRE)
    line.press("8")
    turn = line.press("911")
    assert [place.scene for place in turn.conversation.place].count(Scene.DANGER) == 1


@pytest.mark.parametrize("key", ["2", "*"])
def test_no_and_back_put_the_words_to_whoever_was_answering(key: str) -> None:
    line = call("1", "2", "1", "4", "1", "2")
    line.press("7")
    line.write("there is a fire", FIRE)
    turn = line.press(key)
    assert top(turn) == Place(scene=Scene.CHECK, about="lamp")
    assert said(turn) == [say.DID_YOU_SAY.id]
    assert (turn.conversation.held, turn.conversation.misses) == ("", 0)


def test_a_wrong_key_in_answer_to_the_question_about_danger_is_a_miss_and_no_no() -> None:
    line = call("1", "1")
    line.write("there is a fire", FIRE)
    turn = line.press("6")
    assert (top(turn).scene, turn.conversation.misses) == (Scene.DANGER, 1)
    assert line.press("2").conversation.misses == 0


def test_a_language_ends_the_trouble_of_choosing_one() -> None:
    line = call()
    line.press("6")
    assert line.press("1").conversation.misses == 0


def test_any_other_words_in_answer_to_the_question_about_danger_lead_back() -> None:
    line = text("1")
    line.write("there is a fire", FIRE)
    turn = line.write("it is out")
    assert top(turn).scene is Scene.CATEGORY
    assert effects(turn) == []


def test_whoever_waits_for_a_person_hears_the_number_and_that_the_person_is_told() -> None:
    turn = text("0").write("there is a fire", FIRE)
    assert said(turn) == [say.EMERGENCY.id, say.DANGER_PERSON.id]
    assert turn.effects == (RelayToDesk(danger=True),)
    assert turn.forced
    assert turn.conversation.mode is Mode.WAITING


def test_keys_of_an_emergency_number_are_danger_only_where_a_service_number_is_asked() -> None:
    assert said(call("1", "8").press("112"))[0] == say.EMERGENCY.id
    assert said(call("1").press("112"))[0] != say.EMERGENCY.id
    assert said(call("1", "8").press("415"))[0] != say.EMERGENCY.id


def test_an_emergency_number_written_where_no_number_is_asked_is_danger() -> None:
    line = text("1", "1", "4")
    line.write("67", reading=Reading(value=67))
    assert said(line.write("112", Understanding(danger="112"), reading=Reading()))[0] == say.EMERGENCY.id


def test_words_of_danger_where_a_number_is_asked_are_danger() -> None:
    assert said(text("1", "1", "4").write("fire", FIRE))[0] == say.EMERGENCY.id


def test_danger_where_a_choice_is_asked_puts_no_words_back() -> None:
    line = call("1", "2", "1", "4")
    line.write("there is a fire", FIRE)
    turn = line.press("2")
    assert top(turn) == Place(scene=Scene.STEP, about="lamp")
    assert turn.conversation.held == ""


# --- STOP


def test_the_providers_stop_is_noted_and_not_answered() -> None:
    turn = text("1").do(Kind.STOP)
    assert turn.effects == (RecordConsent(address=Address(channel="sms", value=CALLER), allowed=False),)
    assert turn.prompts == ()
    assert turn.conversation.stopped


def test_stop_is_confirmed_once_and_keeps_the_place() -> None:
    line = text("1")
    turn = command(line, Command.STOP)
    assert said(turn) == [say.STOPPED.id]
    assert turn.forced
    assert top(turn).scene is Scene.CATEGORY


def test_after_stop_words_go_to_staff_and_a_wish_for_a_person_stands() -> None:
    line = text("1")
    command(line, Command.STOP)
    turn = line.write("my roof leaks")
    assert (turn.prompts, turn.effects) == ((), (RelayToDesk(),))
    turn = command(line, Command.PERSON)
    assert turn.prompts == ()
    assert effects(turn) == ["RequestHandoff"]


def test_stop_once_more_is_confirmed_once_more_and_other_commands_are_not_answered() -> None:
    line = text("1")
    command(line, Command.STOP)
    assert said(command(line, Command.STOP)) == [say.STOPPED.id]
    for which in set(Command) - {Command.STOP, Command.HELP, Command.START}:
        assert command(line, which).prompts == ()


def test_after_stop_help_danger_and_start_are_answered() -> None:
    line = text("1")
    command(line, Command.STOP)
    assert command(line, Command.HELP).forced
    assert line.write("fire", FIRE).forced
    line.press("0")
    turn = command(line, Command.START)
    assert turn.forced
    assert turn.effects == (RecordConsent(address=Address(channel="sms", value=CALLER), allowed=True),)
    assert turn.conversation.place == (Place(scene=Scene.HOME),)


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
