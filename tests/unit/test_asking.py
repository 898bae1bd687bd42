"""What is said and asked in each place, as ids of sentences, and how an answer is entered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core import phrases as say
from core.asking import prompts, summary_text
from core.dialogue import advance
from core.types import (
    Act,
    Address,
    Conversation,
    Digits,
    Entry,
    Expect,
    Inbound,
    Kind,
    Later,
    Medium,
    Money,
    Phone,
    Place,
    Prompt,
    Quote,
    Reading,
    Scene,
    SendText,
    Understanding,
    Unfinished,
)
from tests.unit.town import AT, CALLER, TOWN, Line, effects, known, said

STEPS = [step.name for step in TOWN.services["card"].steps]


def asked(*places: Place, medium: Medium = Medium.VOICE, number: str = CALLER, **more: object) -> tuple[Prompt, ...]:
    """What is asked in this place."""
    address = Address(channel=medium.value, value=number) if number else None
    now = Conversation(id="c", medium=medium, address=address, language="en", place=places)
    return prompts(replace(now, **more), known(), TOWN)  # type: ignore[arg-type]  # fields of a conversation


def step(name: str, *, given: bool = True) -> Place:
    return Place(scene=Scene.STEP, about="card", step=STEPS.index(name), given=given)


def ids(prompt: Prompt) -> list[str]:
    return [choice.id for choice in prompt.choices]


# --- forms


@pytest.mark.parametrize(
    ("name", "expect", "entry"),
    [
        ("age", Expect.DIGITS, Entry.NUMBER),
        ("born", Expect.DIGITS, Entry.DATE),
        ("card", Expect.CHOICE, Entry.NONE),
        ("size", Expect.CHOICE, Entry.NONE),
        ("area", Expect.CHOICE, Entry.NONE),
        ("pole", Expect.DIGITS, Entry.NUMBER),
        ("name", Expect.TEXT, Entry.WORDS),
        ("phone", Expect.DIGITS, Entry.PHONE),
    ],
)
def test_each_question_says_how_it_is_answered(name: str, expect: Expect, entry: Entry) -> None:
    (prompt,) = asked(step(name))
    assert (prompt.expect, prompt.entry) == (expect, entry)


@pytest.mark.parametrize(
    ("name", "choices"),
    [("card", ["yes", "no"]), ("size", ["s"]), ("area", ["old", "new"]), ("name", ["later"]), ("age", [])],
)
def test_each_question_offers_its_choices(name: str, choices: list[str]) -> None:
    assert ids(asked(step(name))[0]) == choices


def test_what_may_be_skipped_is_asked_about_first() -> None:
    (prompt,) = asked(step("pole", given=False))
    assert (ids(prompt), prompt.expect) == (["give", "skip"], Expect.CHOICE)


def test_a_telephone_number_may_be_the_one_that_is_called_from() -> None:
    (prompt,) = asked(step("phone", given=False))
    assert (ids(prompt), prompt.expect) == (["mine", "give"], Expect.CHOICE)
    (withheld,) = asked(step("phone", given=False), number="")
    assert (ids(withheld), withheld.expect) == ([], Expect.DIGITS)


def test_in_writing_words_need_not_be_left_for_later() -> None:
    assert ids(asked(step("name"), medium=Medium.SMS)[0]) == []


def test_one_reading_of_words_is_asked_back_and_several_days_are_offered() -> None:
    check = Place(scene=Scene.CHECK, about="card")
    (words,) = asked(check, candidates=("Ana",))
    assert (words.phrase.id, ids(words), words.expect) == (say.DID_YOU_SAY.id, ["yes", "no"], Expect.CHOICE)
    (days,) = asked(check, candidates=(date(1958, 5, 3), date(1958, 3, 5)))
    assert (ids(days), days.expect) == (["candidate_0", "candidate_1", "no"], Expect.CHOICE)


def test_every_answer_is_read_back_as_what_it_is() -> None:
    answers = {
        "age": 67,
        "born": date(1958, 5, 3),
        "card": True,
        "size": "s",
        "area": "new",
        "pole": "",
        "name": Later(),
        "phone": Phone(e164=CALLER),
    }
    *back, question = asked(Place(scene=Scene.CONFIRM, about="card"), answers=answers)
    read = [prompt.phrase.params["answer"] for prompt in back]
    small, new = say.text("small"), say.text("new town")
    assert read == [67, date(1958, 5, 3), say.YES, small, new, say.SKIPPED, say.LATER, Digits(text=CALLER)]
    assert (ids(question), question.expect) == (["yes", "no"], Expect.CHOICE)
    (no, words, _) = asked(Place(scene=Scene.CONFIRM, about="card"), answers={"card": False, "name": "Ana"})
    assert [p.phrase.params["answer"] for p in (no, words)] == [say.NO, Quote(text="Ana")]


def test_what_is_to_be_changed_is_chosen_from_all_questions() -> None:
    (prompt,) = asked(Place(scene=Scene.REDO, about="card"))
    assert (ids(prompt), prompt.expect) == (STEPS, Expect.CHOICE)


def test_the_end_of_a_form_tells_the_reference_slowly_and_what_comes_next() -> None:
    opened, done, question = asked(Place(scene=Scene.DONE, about="card", value="123456780"))
    assert opened.phrase.params["reference"] == Digits(text="123456780")
    assert opened.pen
    assert done.phrase.id == "We call you."
    assert (ids(question), question.expect) == (["else", "text", "news", "pin", "all"], Expect.CHOICE)
    done_place = Place(scene=Scene.DONE, about="card", value="123456780")
    assert ids(asked(done_place, medium=Medium.SMS)[-1]) == ["else", "news"]
    assert ids(asked(done_place, number="")[-1]) == ["else", "pin", "all"]
    assert ids(asked(replace(done_place, given=True), number="")[-1]) == ["else", "all"]


# --- questions in between


@pytest.mark.parametrize(
    ("place", "choices"),
    [
        (Place(scene=Scene.UNFINISHED), ["go_on", "else"]),
        (Place(scene=Scene.ZERO), ["zero"]),
        (Place(scene=Scene.NEWS, value="123456780"), ["day", "morning", "afternoon", "evening", "no"]),
        (Place(scene=Scene.DANGER), ["yes", "no"]),
        (Place(scene=Scene.RATE, about="card"), ["yes", "no"]),
        (Place(scene=Scene.CALLBACK, value=CALLER), ["yes", "no", "message"]),
        (Place(scene=Scene.RECORD), ["yes", "no"]),
        (Place(scene=Scene.RECORDED, value="RE1", step=7), ["keep", "listen", "again", "delete"]),
        (Place(scene=Scene.OFFER, value="card,bus"), ["card", "bus", "none"]),
        (Place(scene=Scene.CONFIRM, about="card", value="text"), ["yes", "no"]),
        (Place(scene=Scene.HOME), ["travel", "streets"]),
        (Place(scene=Scene.LANGUAGE), ["en", "es", "other"]),
    ],
)
def test_each_question_in_between_is_answered_by_choosing(place: Place, choices: list[str]) -> None:
    *_, last = asked(place)
    assert (ids(last), last.expect) == (choices, Expect.CHOICE)


@pytest.mark.parametrize(("scene", "entry"), [(Scene.NUMBER, Entry.CODE), (Scene.CALLBACK_NUMBER, Entry.PHONE)])
def test_numbers_are_asked_for_as_digits(scene: Scene, entry: Entry) -> None:
    *_, last = asked(Place(scene=scene))
    assert (last.expect, last.entry, last.choices) == (Expect.DIGITS, entry, ())


def test_the_emergency_number_is_said_before_the_question_about_danger() -> None:
    assert [prompt.phrase.id for prompt in asked(Place(scene=Scene.DANGER))] == [say.EMERGENCY.id, say.IN_DANGER.id]


def test_free_words_are_welcome_in_the_first_menu() -> None:
    assert asked(Place(scene=Scene.HOME))[0].open


# --- menus and answers


def test_a_menu_is_headed_by_its_name_where_it_is_read() -> None:
    for category in ("travel", "streets"):
        place = Place(scene=Scene.CATEGORY, about=category)
        assert asked(place)[0].phrase == say.WHICH
        assert asked(place, medium=Medium.SMS)[0].phrase.params["category"] == say.text(category)


def test_more_is_offered_while_there_is_more() -> None:
    (first,) = asked(Place(scene=Scene.CATEGORY, about="streets"))
    assert [(choice.key, choice.id) for choice in first.choices] == [("1", "lamp"), ("7", "more")]
    assert ids(asked(Place(scene=Scene.CATEGORY, about="streets", step=1))[0]) == ["trash"]
    assert ids(asked(Place(scene=Scene.CATEGORY, about="travel"))[0]) == ["card", "bus"]


def test_what_is_offered_about_a_service_is_what_can_be_done_with_it() -> None:
    card, bus = Place(scene=Scene.SERVICE, about="card"), Place(scene=Scene.SERVICE, about="bus")
    assert ids(asked(card)[-1]) == ["papers", "cost", "where", "start", "text"]
    assert ids(asked(card, number="")[-1]) == ["papers", "cost", "where", "start", "code"]
    assert ids(asked(bus, medium=Medium.SMS)[-1]) == ["papers", "cost", "where"]


def test_to_start_is_called_what_it_is() -> None:
    start = [asked(Place(scene=Scene.SERVICE, about=slug))[-1].choices[3].label for slug in ("card", "lamp")]
    assert start == [say.ASK_START, say.ASK_REPORT]


def about(value: str, slug: str = "card", medium: Medium = Medium.VOICE) -> list[str]:
    """The sentences told before the question."""
    return [p.phrase.id for p in asked(Place(scene=Scene.SERVICE, about=slug, value=value), medium=medium)[:-1]]


def test_each_part_of_an_answer_is_told_alone() -> None:
    assert about("papers") == ["Everyone.", say.BRING.id]
    assert about("papers", "bus") == ["Everyone.", say.BRING_NOTHING.id]
    assert about("cost") == ["It is free.", say.takes("days", 2).id]
    assert about("where") == [say.GO_TO.id, say.OPEN_NOW.id]
    assert about("where", "bus") == [say.NO_NEED_TO_COME.id]
    assert about("told") == []
    assert about("") == ["About card."]
    assert about("", medium=Medium.SMS) == [say.TITLE.id, "About card."]
    assert about("12345670") == [say.CODE_IS.id]


def test_an_sms_names_two_offices_and_the_hours_of_the_first() -> None:
    hall = TOWN.offices["hall"]
    offices = {id: replace(hall, id=id) for id in ("hall", "north", "south")}
    card = replace(TOWN.services["card"], where=tuple(offices))
    catalog = replace(TOWN, offices=offices, services={**TOWN.services, "card": card})
    state = known().offices["hall"]
    there = known(offices=dict.fromkeys(offices, state))
    place = (Place(scene=Scene.SERVICE, about="card", value="where"),)

    def told(medium: Medium) -> list[str]:
        now = Conversation(id="c", medium=medium, language="en", place=place)
        return [prompt.phrase.id for prompt in prompts(now, there, catalog)[:-1]]

    assert told(Medium.SMS) == [say.GO_TO.id, say.OPEN_NOW.id, say.GO_TO.id]
    assert told(Medium.VOICE) == [say.GO_TO.id, say.OPEN_NOW.id] * 3


def test_a_text_names_the_first_office_alone_and_a_price_is_money() -> None:
    hall = TOWN.offices["hall"]
    offices = {id: replace(hall, id=id) for id in ("hall", "north")}
    card = replace(TOWN.services["card"], where=tuple(offices), cost="It costs {amount}.", amount=Decimal(5))
    catalog = replace(TOWN, offices=offices, services={**TOWN.services, "card": card})
    told = [prompt.phrase for prompt in summary_text(card, catalog)]
    assert [phrase.id for phrase in told].count(say.GO_TO.id) == 1
    assert told[2].params == {"amount": Money(amount=Decimal(5))}
    free = [prompt.phrase for prompt in summary_text(TOWN.services["card"], TOWN)]
    assert free[2].params == {}


def test_a_time_that_is_no_span_is_told_in_its_own_words() -> None:
    soon = replace(TOWN.services["card"], time="You get it at once.")
    assert "You get it at once." in [prompt.phrase.id for prompt in summary_text(soon, TOWN)]


def test_pages_follow_one_another_and_lead_back_one_by_one() -> None:
    lamp = TOWN.services["trash"]
    more = {f"s{n}": replace(lamp, slug=f"s{n}", number=f"{500 + n}") for n in range(8)}
    catalog = replace(TOWN, services={**TOWN.services, **more})
    steps = []
    now = Conversation(
        id="c", medium=Medium.VOICE, language="en", place=(Place(scene=Scene.CATEGORY, about="streets"),)
    )
    for key in ("7", "7", "7", "*", "*"):
        now = replace(now, expect=Expect.CHOICE)
        pressed = Inbound(
            conversation="c", medium=Medium.VOICE, address=None, message_id="m", kind=Kind.KEYS, keys=key, at=AT
        )
        now = advance(now, pressed, Understanding(), known(), catalog).conversation
        steps.append((now.place[-1].step, now.misses))
    assert steps == [(1, 0), (2, 0), (2, 1), (1, 0), (0, 0)]


def test_of_a_closed_office_it_is_told_when_it_opens_if_that_is_known() -> None:
    place = (Place(scene=Scene.SERVICE, about="card", value="where"),)
    now = Conversation(id="c", medium=Medium.VOICE, language="en", place=place)
    closed = known(open_now=False)
    assert [p.phrase.id for p in prompts(now, closed, TOWN)[:-1]] == [say.GO_TO.id, say.OPENS.id]
    for_good = known(offices={"hall": replace(closed.offices["hall"], opens=None)})
    assert [p.phrase.id for p in prompts(now, for_good, TOWN)[:-1]] == [say.GO_TO.id]


def test_why_nobody_is_there_now_is_said_before_a_call_back() -> None:
    place = (Place(scene=Scene.CALLBACK_NUMBER),)
    now = Conversation(id="c", medium=Medium.VOICE, language="en", place=place)
    first = [prompts(now, known(open_now=there), TOWN)[0].phrase.id for there in (True, False)]
    assert first == [say.NOBODY_FREE.id, say.OFFICE_CLOSED.id]


@pytest.mark.parametrize(
    ("act", "first"),
    [
        (Act.WHO, "Everyone."),
        (Act.PAPERS, "Everyone."),
        (Act.COST, "It is free."),
        (Act.TIME, "It is free."),
        (Act.WHERE, say.GO_TO.id),
        (Act.ABOUT, "About card."),
    ],
)
def test_what_is_asked_about_a_service_is_told(act: Act, first: str) -> None:
    line = Line()
    line.start("1")
    turn = line.write("words", Understanding(service="card", act=act, confidence=0.9))
    assert said(turn)[:2] == [say.TITLE.id, first]


# --- as a text message


def test_a_text_about_a_service_holds_all_that_is_needed_to_go() -> None:
    line = Line()
    line.start("1", "1", "1", "5")
    turn = line.press("1")
    (text,) = turn.effects
    assert isinstance(text, SendText)
    assert text.language == "en"
    facts = [say.TITLE.id, say.BRING.id, "It is free.", say.takes("days", 2).id, say.GO_TO.id]
    assert [prompt.phrase.id for prompt in text.prompts] == facts
    assert said(turn) == [say.TEXT_SENT.id, say.ANYTHING_ELSE.id]


def test_no_to_a_text_sends_none_and_goes_back_without_saying_it_all_again() -> None:
    line = Line()
    line.start("1", "1", "1", "5")
    turn = line.press("2")
    assert effects(turn) == []
    assert said(turn) == [say.ANYTHING_ELSE.id]


def test_a_text_about_a_case_holds_its_reference_and_no_private_words() -> None:
    line = Line()
    line.start("1", "2", "1", "4", "1", "2", "1", "1", "1")
    assert said(line.press("2")) == [say.TEXT_TO.id]
    turn = line.press("1")
    (text,) = turn.effects
    assert isinstance(text, SendText)
    assert [prompt.phrase.id for prompt in text.prompts] == [say.TITLE.id, say.OPENED.id, "We come."]
    assert text.prompts[1].phrase.params["reference"] == Digits(text="123456780")
    assert turn.conversation.place[-1].scene is Scene.DONE


def test_after_a_case_something_else_begins_at_the_start() -> None:
    line = Line()
    line.start("1", "2", "1", "4", "1", "2", "1", "1", "1")
    assert line.press("1").conversation.place == (Place(scene=Scene.HOME),)


# --- what was begun


def test_who_does_not_go_on_with_what_was_begun_is_at_the_start() -> None:
    left = Unfinished(conversation="x", service="lamp", step=1, answers={"area": "old"}, at=AT)
    line = Line()
    line.start()
    line.press("1", unfinished=left)
    turn = line.press("2", unfinished=left)
    assert turn.conversation.place == (Place(scene=Scene.HOME),)
    assert effects(turn) == []


def test_what_was_begun_and_is_gone_meanwhile_leads_to_the_start() -> None:
    left = Unfinished(conversation="x", service="lamp", step=1, answers={"area": "old"}, at=AT)
    line = Line()
    line.start()
    line.press("1", unfinished=left)
    turn = line.press("1", unfinished=None)
    assert turn.conversation.place == (Place(scene=Scene.HOME),)


def test_a_change_of_language_within_a_call_asks_about_nothing_begun() -> None:
    left = Unfinished(conversation="x", service="lamp", step=1, answers={"area": "old"}, at=AT)
    line = Line()
    line.start("1", "1")
    for key in ("*", "*"):
        line.press(key)
    turn = line.press("2", unfinished=left)
    assert turn.conversation.place[-1].scene is Scene.HOME
    assert turn.conversation.language == "es"


# --- help


def test_help_comes_with_the_second_miss_and_slower() -> None:
    line = Line()
    line.start("1")
    first, second = line.press("5"), line.press("5")
    assert (first.prompts[-1].helped, first.conversation.pace) == (False, 0)
    assert (second.prompts[-1].helped, second.conversation.pace) == (True, 1)


def test_where_digits_are_asked_the_first_silence_is_helped() -> None:
    line = Line()
    line.start("1", "8")
    turn = line.do(Kind.SILENCE)
    assert said(turn)[0] == say.NO_ANSWER_HEARD.id
    assert turn.prompts[-1].helped


def test_a_silence_after_misses_counts_anew() -> None:
    line = Line()
    line.start("1")
    line.press("5")
    now = line.do(Kind.SILENCE).conversation
    assert (now.misses, now.silences) == (0, 1)
    now = line.press("5").conversation
    assert (now.misses, now.silences) == (1, 0)


def test_a_right_key_ends_the_trouble() -> None:
    line = Line()
    line.start("1")
    line.press("5")
    line.do(Kind.SILENCE)
    now = line.press("1").conversation
    assert (now.misses, now.silences, now.agains) == (0, 0, 0)


def test_of_a_form_that_is_left_and_begun_again_only_the_first_question_is_headed() -> None:
    line = Line()
    first = line.start("1", "2", "1", "4")
    assert said(first)[0] == say.form_begins(4).id
    line.press("1")
    line.press("**")
    again = [line.press(key) for key in ("2", "1", "4")][-1]
    assert said(again)[0] != say.form_begins(4).id


def test_the_right_candidate_is_the_answer_and_the_form_goes_on() -> None:
    line = Line()
    line.start("1", "1", "1", "4")
    line.press("67", reading=Reading(value=67))
    line.press("03051958", reading=Reading(candidates=(date(1958, 5, 3), date(1958, 3, 5))))
    now = line.press("1").conversation
    assert now.answers["born"] == date(1958, 5, 3)
    assert [p.scene for p in now.place] == [Scene.HOME, Scene.CATEGORY, Scene.SERVICE, Scene.STEP]
    assert (now.place[-1].step, now.candidates) == (2, ())


def test_a_candidate_that_is_none_asks_the_question_again() -> None:
    line = Line()
    line.start("1", "1", "1", "4")
    line.press("67", reading=Reading(value=67))
    line.press("03051958", reading=Reading(candidates=(date(1958, 5, 3), date(1958, 3, 5))))
    turn = line.press("3")
    assert turn.conversation.place[-1].scene is Scene.STEP
    assert (turn.conversation.candidates, turn.conversation.answers) == ((), {"age": 67})
