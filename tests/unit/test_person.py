"""A person, danger and STOP: what the resident hears, and what staff are told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core import codes
from core import phrases as say
from core.types import (
    Act,
    Address,
    Command,
    ConsentSource,
    Digits,
    Expect,
    Kind,
    LanguageName,
    Medium,
    Mode,
    Phone,
    Phrase,
    Place,
    Reading,
    RecordConsent,
    RelayToDesk,
    RequestHandoff,
    Scene,
    SettleHandoff,
    Transfer,
    Understanding,
    WhyPerson,
)
from tests.unit.town import (
    CALLER,
    FIRE,
    HALL,
    Line,
    call,
    command,
    effects,
    said,
    state,
    text,
    top,
    wish,
)

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
    [through] = [effect for effect in turn.effects if isinstance(effect, Transfer)]
    assert (through.phone, through.queued) == (HALL, queued)


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


FRENCH = Understanding(foreign="fr", language="en")


def test_words_in_a_language_that_we_do_not_have_are_told_so_and_a_person_with_an_interpreter_offered() -> None:
    line = text()
    turn = line.write("je voudrais un acte de naissance", FRENCH)
    named = say.phrase(say.FOREIGN.id, language=LanguageName(code="fr"), choice=say.OTHER_LANGUAGE)
    assert turn.prompts[0].phrase == named
    assert (top(turn).scene, turn.prompts[-1].choices[-1].id) == (Scene.LANGUAGE, "other")
    asked = line.write("3")
    assert wish(asked) == RequestHandoff(why=WhyPerson.INTERPRETER, language="fr", callback=CALLER, words="3")
    assert said(asked)[0] == say.INTERPRETER.id


def test_foreign_words_three_times_lead_to_a_person_with_an_interpreter() -> None:
    line = text("1")
    for _ in range(3):
        turn = line.write("je voudrais un acte de naissance", FRENCH)
    assert (wish(turn).why, wish(turn).language) == (WhyPerson.INTERPRETER, "fr")


def test_foreign_words_that_are_understood_are_answered() -> None:
    turn = text().write("la carte de bus", replace(FRENCH, service="card", confidence=0.9))
    assert top(turn).about == "card"


def test_the_first_words_in_a_foreign_language_are_kept_for_the_person_who_takes_over() -> None:
    line = Line(medium=Medium.SMS)
    turn = line.write("je voudrais un acte de naissance", Understanding(foreign="fr"))
    assert said(turn)[0] == say.WELCOME.id
    line.write("?")
    assert wish(line.write("3")).language == "fr"


@pytest.mark.parametrize("words", [FIRE, Understanding(command=Command.PERSON)])
def test_a_foreign_language_is_told_with_every_request_for_a_person(words: Understanding) -> None:
    line = text()
    line.write("je voudrais un acte de naissance", FRENCH)
    assert wish(line.write("help", words)).language == "fr"


def test_whoever_then_chooses_a_language_of_ours_has_that_one() -> None:
    line = text()
    line.write("je voudrais un acte de naissance", FRENCH)
    line.write("1")
    assert wish(line.write("0")).language == "en"
    first = Line(medium=Medium.SMS)
    first.write("je voudrais un acte de naissance", Understanding(foreign="fr"))
    first.write("hello my friend", Understanding(language="en"))
    assert wish(first.write("0")).language == "en"


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


def test_before_a_language_is_chosen_only_the_last_of_all_languages_waits_for_the_answer() -> None:
    (*_, turn) = call("3", open_now=False).turns
    asked = [(p.language, p.expect) for p in turn.prompts if p.choices]
    assert asked == [("en", Expect.NOTHING), ("es", Expect.CHOICE)]


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
    told = ConsentSource.PROVIDER
    assert turn.effects == (RecordConsent(address=Address(channel="sms", value=CALLER), allowed=False, source=told),)
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
