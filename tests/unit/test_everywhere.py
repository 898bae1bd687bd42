"""What works everywhere: the first message, what spends a turn, faults, commands by key and by word, numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core import codes
from core import phrases as say
from core.dialogue import fresh
from core.types import (
    Act,
    Address,
    Alternative,
    CaseStatus,
    CodeFound,
    Command,
    Digits,
    Inbound,
    KeepCode,
    Kind,
    Later,
    Medium,
    Mode,
    Phrase,
    Place,
    Quote,
    Reading,
    Scene,
    Spelled,
    SpendCode,
    Understanding,
    WhyPerson,
)
from tests.unit.town import (
    AT,
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


def chat(hint: str) -> Line:
    """A chat on a telephone that is set to this language."""
    line = Line(medium=Medium.CHAT, hint=hint)
    line.do(Kind.START)
    return line


IN_SPANISH = Understanding(service="bus", act=Act.COST, language="es")


def test_the_language_of_a_telephone_is_a_guess_and_clear_words_in_another_of_ours_set_that() -> None:
    line = chat("en")
    assert state(line).language == "en"
    line.write("cuánto cuesta el autobús", IN_SPANISH)
    assert state(line).language == "es"
    line.write("the bus", replace(IN_SPANISH, language="en"))
    assert state(line).language == "es"  # it was they who set it, so one text in another language does not


def test_a_language_that_was_chosen_stays() -> None:
    chosen = text()
    chosen.write("cuánto cuesta el autobús", IN_SPANISH)
    assert state(chosen).language == "en"


@pytest.mark.parametrize("guessed", ["es", "en"])
def test_whatever_was_guessed_a_choice_of_the_language_stays(guessed: str) -> None:
    line = chat(guessed)
    line.write("language", Understanding(command=Command.LANGUAGE))
    line.write("1")
    line.write("cuánto cuesta el autobús", IN_SPANISH)
    assert state(line).language == "en"


def test_words_in_a_language_that_we_do_not_have_set_none() -> None:
    line = chat("en")
    line.write("combien coûte le bus", Understanding(foreign="fr", language="fr"))
    assert state(line).language == "en"


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
    assert line.write("my roof leaks").conversation.turn == before


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


def test_the_keys_work_while_a_person_is_awaited() -> None:
    assert top(text("1", "0").write("8")).scene is Scene.NUMBER
    assert top(call("1", "0").press("8")).scene is Scene.NUMBER


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


@pytest.mark.parametrize(("keys", "mode"), [(("2",), Mode.BOT), (("2", "0"), Mode.WAITING)])
def test_more_tells_the_rest_of_a_long_text_once_and_moves_nothing_else(keys: tuple[str, ...], mode: Mode) -> None:
    line = text(*keys)
    assert line.now
    was = line.now = replace(line.now, rest="The rest of it.")
    turn = command(line, Command.MORE)
    [told] = [prompt.phrase for prompt in turn.prompts]
    assert told == Phrase(id="{words}", params={"words": Quote(text="The rest of it.")})
    assert was.mode is mode
    assert turn.conversation == replace(was, rest="", turn=was.turn + 1)
    assert not turn.effects
    assert "The rest of it." not in str(command(line, Command.MORE).prompts)


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


# --- letter by letter


@pytest.mark.parametrize("how", ["word", "key"])
def test_an_address_is_spelled_by_word_and_by_the_third_press(how: str) -> None:
    line = call("1", "1", "1", "3")
    turn = command(line, Command.SPELL) if how == "word" else [line.press("9") for _ in range(3)][-1]
    [place] = [prompt.phrase for prompt in turn.prompts if prompt.phrase.id == say.GO_TO.id]
    assert isinstance(place.params["address"], Spelled)
    assert turn.conversation.place == state(line).place


def test_a_reference_is_spelled() -> None:
    line = call("1")
    line.now = replace(state(line), place=(Place(scene=Scene.DONE, about="card", value="123456780"),), offered=())
    turn = command(line, Command.SPELL)
    assert turn.prompts[0].phrase.params["reference"] == Spelled(text="123456780")


def test_what_is_written_is_spelled_already() -> None:
    line = text("card")
    turn = command(line, Command.SPELL)
    assert not any(isinstance(v, Spelled) for prompt in turn.prompts for v in prompt.phrase.params.values())
