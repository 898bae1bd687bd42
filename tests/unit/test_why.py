"""Who asks "why?" is told in a sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core import phrases as say
from core.explaining import LONGEST_WORD, heard_as
from core.types import (
    NEAREST,
    Act,
    Alternative,
    Command,
    Counted,
    Evidence,
    Heard,
    Kind,
    Medium,
    Mode,
    Phrase,
    RequestHandoff,
    Rule,
    Scene,
    Turn,
    Understanding,
)
from tests.unit.town import FIRE, Line, Plain, call, command, effects, said, state, text, top


def because(*words: str, rules: tuple[Rule, ...] = ()) -> Evidence:
    return Evidence(words=tuple(Counted(words=word, share=0.2) for word in words), rules=rules)


CARD = Understanding(service="card", confidence=0.9, because=because("bus", "ticket"))
PAIR = (Alternative(service="card", confidence=0.4), Alternative(service="bus", confidence=0.3))
UNSURE = Understanding(alternatives=PAIR, because=because("bus"))
JOKE = Understanding(act=Act.OUT_OF_SCOPE, considered=PAIR, because=because("joke"))


def told(phrase: Phrase) -> str:
    """A sentence in English, with the words it quotes."""
    words = phrase.params.get("words")
    listed = " and ".join(Plain().say(item, "en") for item in getattr(words, "items", ()))
    return Plain().say(phrase, "en").replace(str(words), listed)


def why(line: Line) -> Turn:
    """Ask why; one is where one was, with the same question, and nothing else happens."""
    was = state(line)
    turn = command(line, Command.WHY)
    now = turn.conversation
    assert (now.place, now.offered, now.expect) == (was.place, was.offered, was.expect)
    assert (turn.effects, turn.reason, len(turn.prompts) > 1) == ((), "why", True)
    return turn


def reason(line: Line) -> str:
    return told(why(line).prompts[0].phrase)


def test_after_an_answer_to_words_the_words_are_told_and_the_question_alone_is_asked_again() -> None:
    line = call("1")
    line.write("a ticket for the bus", CARD)
    turn = why(line)
    assert told(turn.prompts[0].phrase) == 'You said "bus" and "ticket". That sounds like: card.'
    assert said(turn)[1:] == [say.ANYTHING_ELSE.id]


@pytest.mark.parametrize("medium", Medium)
def test_it_is_told_on_every_channel(medium: Medium) -> None:
    line = Line(medium=medium)
    line.write(
        "a ticket for the bus", Understanding(service="card", confidence=0.9, because=CARD.because, language="en")
    )
    assert reason(line) == 'You said "bus" and "ticket". That sounds like: card.'


def test_after_an_offer_the_words_are_told_with_what_they_come_nearest_to() -> None:
    line = call("1")
    line.write("something with a bus", UNSURE)
    turn = why(line)
    assert told(turn.prompts[0].phrase) == 'You said "bus". That sounds like: card.'
    assert said(turn)[1:] == [say.UNSURE.id]


def test_who_said_a_name_is_told_that_it_was_the_name() -> None:
    line = call("1")
    line.write("card", Understanding(service="card", confidence=1.0, because=because("card", rules=(Rule.NAME,))))
    assert reason(line) == "You said its name: card."


def test_an_engine_that_tells_no_words_is_no_reason_to_invent_some() -> None:
    line = call("1")
    line.write("a ticket for the bus", Understanding(service="card", confidence=0.9))
    assert reason(line) == "What you said sounds like: card."


def test_what_was_chosen_by_key_was_chosen() -> None:
    assert reason(call("1", "1", "1")) == "You chose this: card."


def test_what_was_taken_out_of_an_offer_was_said_if_the_words_were_for_it_and_else_chosen() -> None:
    first, second = call("1"), call("1")
    for line, key in ((first, "1"), (second, "2")):
        line.write("something with a bus", UNSURE)
        line.press(key)
    assert reason(first) == 'You said "bus". That sounds like: card.'
    assert reason(second) == "You chose this: bus."


def test_words_are_forgotten_with_what_they_led_to() -> None:
    line = call("1")
    line.write("a ticket for the bus", CARD)
    assert state(line).heard == Heard(service="card", words=("bus", "ticket"))
    line.press("*")
    assert state(line).heard is None
    line.press("1")
    assert reason(line) == "You chose this: card."


def test_words_that_ask_more_about_a_service_leave_its_reason() -> None:
    line = call("1")
    line.write("a ticket for the bus", CARD)
    line.write("what does it cost", Understanding(act=Act.COST, because=because("cost")))
    assert reason(line) == 'You said "bus" and "ticket". That sounds like: card.'


def test_who_refuses_an_offer_is_told_why_they_are_where_they_are_again() -> None:
    line = call("1", "2", "1")
    line.write("something with a bus", UNSURE)
    line.press("3")
    assert top(line.turns[-1]).about == "lamp"
    assert reason(line) == "You chose this: lamp."


def test_speech_heard_badly_is_told_as_it_was_heard() -> None:
    line = call("1")
    line.do(Kind.TEXT, text="a ticket for the bus", meant=CARD)
    assert state(line).heard == Heard(service="card", words=("bus", "ticket"))


def test_the_nearest_to_what_we_do_not_have_is_explained_by_what_we_do_not_have() -> None:
    line = call("1")
    line.write("tell me a joke", JOKE)
    turn = why(line)
    assert top(turn).about == NEAREST
    assert told(turn.prompts[0].phrase) == 'You said "joke". That sounds like something we do not offer.'
    assert said(turn)[1:] == [say.NOT_OURS.id, say.NEAREST.id]


def test_the_nearest_without_words_says_that_we_do_not_have_it() -> None:
    line = call("1")
    line.write("tell me a joke", Understanding(act=Act.OUT_OF_SCOPE, considered=PAIR))
    assert said(why(line))[0] == say.NOT_OURS.id


def test_who_chooses_the_nearest_is_not_told_words_that_spoke_against_it() -> None:
    line = call("1")
    line.write("tell me a joke", JOKE)
    line.press("1")
    assert reason(line) == "You chose this: card."


def test_what_we_do_not_have_said_again_leads_to_a_person() -> None:
    line = call("1")
    line.write("tell me a joke", JOKE)
    again = line.write("another joke", JOKE)
    assert said(again)[0] == say.NOT_OURS.id
    assert (top(again).about, state(line).misses) == (NEAREST, 1)
    line.write("a third one", JOKE)
    assert [type(one) for one in line.write("and a fourth", JOKE).effects][:1] == [RequestHandoff]


@pytest.mark.parametrize("word", ["anna@lopez.org", "555-2345", "٥٥٥", "x" * (LONGEST_WORD + 1)])
def test_numbers_and_addresses_are_not_kept_to_be_told(word: str) -> None:
    meant = replace(CARD, because=because(word, "bus"))
    assert heard_as(meant, "card").words == ("bus",)


def form(line: Line) -> Line:
    """In the form of the street lamp, at its first question, after words that led there."""
    line.write("lamp", Understanding(service="lamp", confidence=0.9, because=because("lamp")))
    line.press("4")
    assert top(line.turns[-1]).scene is Scene.STEP
    return line


def test_in_a_form_it_is_told_what_it_is_asked_for_and_whom_the_answers_go_to() -> None:
    line = form(call("1"))
    turn = why(line)
    assert told(turn.prompts[0].phrase) == "We ask this for: lamp. Your answers go to: Streets."
    assert said(turn)[1:] == ["Which part of town?"]


def test_when_all_was_read_back_it_is_not_read_again_for_who_asks_why() -> None:
    line = form(call("1"))
    for key in ("1", "2", "1", "1"):
        line.press(key)
    assert top(line.turns[-1]).scene is Scene.CONFIRM
    turn = why(line)
    assert told(turn.prompts[0].phrase) == "We ask this for: lamp. Your answers go to: Streets."
    assert said(turn)[1:] == [say.ALL_RIGHT.id]


def test_who_asks_why_a_text_is_sent_is_told_of_no_form() -> None:
    line = form(call("1"))
    line.press("*")
    line.press("5")
    assert top(line.turns[-1]).value == "text"
    assert said(why(line)) == [say.WHY_HERE.id, say.TEXT_TO.id]


def test_in_danger_the_number_is_said_again_with_the_reason() -> None:
    line = call("1")
    line.write("there is a fire", FIRE)
    assert said(why(line)) == [say.WHY_DANGER.id, say.EMERGENCY.id, say.IN_DANGER.id]


@pytest.mark.parametrize("keys", [("1",), ("1", "1"), ("1", "8")])
def test_where_nothing_was_decided_it_is_told_what_this_is_and_what_can_be_done(keys: tuple[str, ...]) -> None:
    assert reason(call(*keys)) == say.WHY_HERE.id.replace("{town}", "Testtown")


def test_without_a_language_the_languages_are_asked_again() -> None:
    line = Line()
    line.start()
    turn = command(line, Command.WHY)
    assert said(turn) == [say.WELCOME.id]


def test_an_offer_of_an_older_version_without_a_reason_is_still_explained() -> None:
    line = call("1")
    line.write("something with a bus", UNSURE)
    line.now = replace(state(line), heard=None)
    assert reason(line) == say.WHY_HERE.id.replace("{town}", "Testtown")


def test_a_person_is_asked_why_like_anything_else() -> None:
    line = text()
    command(line, Command.PERSON)
    turn = command(line, Command.WHY)
    assert (effects(turn), turn.conversation.mode, turn.reason) == (["RelayToDesk"], Mode.WAITING, "relayed")


def test_who_asks_why_is_no_nearer_to_the_third_miss() -> None:
    line = call("1")
    line.write("hmm")
    line.write("hmm")
    assert command(line, Command.WHY).conversation.misses == 0


def test_few_words_are_kept_and_none_that_is_too_long_to_hear() -> None:
    meant = Understanding(because=because("x" * (LONGEST_WORD + 1), "y" * LONGEST_WORD, "a", "b", "c"))
    assert heard_as(meant, "card").words == ("y" * LONGEST_WORD, "a", "b")


def test_why_is_asked_even_where_a_choice_is_worded_so() -> None:
    line = call("1", "1", "1")
    turn = line.write("why", Understanding(command=Command.WHY), choice="start")
    assert turn.reason == "why"
