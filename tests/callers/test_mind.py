"""What a caller does about what they hear, and that it is by what they hear alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.callers.chance import Luck
from simulator.callers.mind import HANG_UP, PRESS, SAY, SILENCE, Act, Mind, Sound
from simulator.callers.personas import Persona, personas
from simulator.callers.sense import sense_of
from simulator.callers.sentences import sentences
from simulator.callers.tasks import COST, FIND, PERSON, START, Facts, Task

CALM = replace(
    personas()["usual_person"], hearing_loss=0, tremor=0, familiarity=1, waits=0, speaks=0, knows=0, fetches=0
)
MENU = "Please choose. For care at home, press 1. buses and parking, 2. streets and trash, 3. For a person, press 0."
SERVICES = "Which one? For Broken streetlight, press 1. Fallen tree, 2. Trash days, 3. For a person, press 0."
LAMP = "Tell us where the lamp is. We fix most lamps within 5 working days. What else? For cost and time, press 1."


def somebody(persona: Persona = CALM, seed: str = "1", task: Task | None = None) -> Mind:
    task = task or Task(kind=FIND, service="streetlight")
    made = Mind(
        persona=persona, sense=sense_of("en"), luck=Luck(seed=seed), task=task, facts=Facts(number="+14155550123")
    )
    made.addressed = True
    return made


def hears(mind: Mind, said: str, voice: str = "en-US", at: float = 0.0) -> Act:
    parts = sentences(said)
    sounds = [
        Sound(text=part, voice=voice, begins=at + 2 * place, ends=at + 2 * place + 2)
        for place, part in enumerate(parts)
    ]
    return mind.act(sounds, at + 2 * len(parts))


def test_the_key_of_what_is_wanted_is_pressed_and_then_the_answer_ends_it() -> None:
    mind = somebody()
    assert hears(mind, MENU).keys == "3"
    assert hears(mind, SERVICES, at=20).keys == "1"
    done = hears(mind, LAMP, at=40)
    assert (done.kind, mind.content) == (HANG_UP, True)


def test_keys_are_pressed_as_soon_as_the_wanted_thing_was_heard_or_at_the_end() -> None:
    early = hears(somebody(), SERVICES)
    late = hears(somebody(replace(CALM, waits=1.0, capacity=100)), SERVICES)
    assert early.at < late.at


def test_a_person_is_asked_for_by_what_is_said() -> None:
    assert hears(somebody(task=Task(kind=PERSON)), MENU).keys == "0"
    moved = MENU.replace("For a person, press 0", "For a person, press 6")
    assert hears(somebody(task=Task(kind=PERSON)), moved).keys == "6"


def test_other_voices_say_nothing_to_them() -> None:
    act = hears(somebody(), MENU, voice="cmn-CN")
    assert act.why in {"did not get it", "does not know what to do", "tries a key"}


def test_nonsense_makes_nobody_content() -> None:
    for seed in range(50):
        mind = somebody(seed=str(seed))
        for at in range(0, 160, 20):
            if hears(mind, "Zub gor mip kal tor vem nus. Gol bim, 1. nuf tad, 2. zom pel, 3.", at=at).kind == HANG_UP:
                break
        assert not mind.content


def taken(menu: str, persona: Persona) -> int:
    """How many of 300 callers press the lamp's key."""
    return sum(hears(somebody(persona, str(seed)), menu).keys == "1" for seed in range(300))


def test_a_longer_list_is_remembered_worse() -> None:
    waiting = replace(CALM, waits=1.0, capacity=2)
    longer = SERVICES.replace("For a person", "Noise, 4. Parks, 5. Sidewalks, 6. Snow, 7. Signs, 8. For a person")
    assert taken(longer, waiting) < taken(SERVICES, waiting) - 30


def test_the_key_before_the_thing_is_remembered_worse() -> None:
    key_first = "Which one? Press 1 for Broken streetlight. Press 2 for Fallen tree. Press 0 for a person."
    thing_first = "Which one? For Broken streetlight, press 1. Fallen tree, 2. For a person, press 0."
    assert taken(key_first, CALM) < taken(thing_first, CALM) - 30


def test_trembling_hands_hit_other_keys() -> None:
    trembling = replace(CALM, tremor=0.5)
    acts = [hears(somebody(trembling, str(seed)), SERVICES) for seed in range(100)]
    assert 30 < sum(act.keys != act.meant for act in acts) < 70


def test_whoever_speaks_says_it_where_the_line_asks_them_to() -> None:
    act = hears(somebody(replace(CALM, speaks=1.0, word_errors=0)), f"{MENU} Or say what you need.")
    assert act.kind == SAY
    assert act.words in {one.text for one in sense_of("en").said["streetlight"]}


def test_patience_ends() -> None:
    assert hears(somebody(), MENU, at=1000).kind == HANG_UP


@pytest.mark.parametrize("kind", [PRESS, SILENCE])
def test_whoever_missed_it_hears_it_again(kind: str) -> None:
    deaf = replace(CALM, hearing_loss=0.95)
    mind = somebody(deaf)
    mind.knows_again = kind == PRESS
    act = hears(mind, SERVICES)
    assert act.kind == kind
    assert act.keys == ("9" if kind == PRESS else "")


def test_an_answer_that_is_told_again_is_still_the_answer() -> None:
    """Who asked what it costs may be told at once, and once more when they choose it."""
    mind = somebody(task=Task(kind=FIND, service="streetlight", part=COST))
    mind.sure = 1.0
    told = "It is free for everybody who lives here. What else? For cost and time, press 2."
    assert hears(mind, told).keys == "2"
    assert (hears(mind, told, at=20).kind, mind.content) == (HANG_UP, True)


def test_what_was_said_before_they_chose_is_no_answer() -> None:
    notice = "Please listen carefully since our choices have changed."
    mind = somebody()
    hears(mind, f"{notice} {MENU}")
    assert hears(mind, f"{notice} {SERVICES}", at=20).kind == PRESS
    assert not mind.arrived


READ_BACK = (
    "How old are you? {age}. Do you already have a card? {card}. Shall we send it like this? "
    "For yes, send it, press 1. no, change something, 2. For a person, press 0."
)
CHANGE = "Which answer do you want to change? For How old are you, press 1. Do you already have a card, 2."


def in_a_form(seed: str) -> Mind:
    """Somebody of 72 who has answered both questions of a form, that they have a card with no."""
    mind = somebody(seed=seed, task=Task(kind=START, service="senior_transport_card"))
    mind.arrived = mind.in_form = True
    mind.given = {"How old are you?": "72", "Do you already have a card?": "no"}
    return mind


def agreed(age: str, card: str) -> int:
    """How many of 100 agree to what is read back."""
    told = READ_BACK.format(age=age, card=card)
    return sum(hears(in_a_form(str(seed)), told).keys == "1" for seed in range(100))


def test_what_is_read_back_right_is_agreed_to_and_what_is_wrong_mostly_noticed() -> None:
    assert agreed("72", "no") == 100
    assert 15 < agreed("75", "no") < 45
    assert 15 < agreed("72", "yes") < 45


def test_the_answer_that_was_wrong_is_the_one_that_is_changed() -> None:
    noticed = next(mind for mind in map(in_a_form, map(str, range(20))) if disagrees(mind))
    assert hears(noticed, CHANGE, at=30).keys == "2"


def disagrees(mind: Mind) -> bool:
    return hears(mind, READ_BACK.format(age="72", card="yes")).keys == "2"


def test_the_same_answer_is_not_corrected_for_ever() -> None:
    mind, wrong = in_a_form("3"), READ_BACK.format(age="75", card="no")
    assert [hears(mind, wrong).keys for _ in range(8)].count("2") <= 2


def test_a_call_back_that_was_agreed_to_ends_the_call() -> None:
    mind = somebody(task=Task(kind=PERSON))
    mind.fetching = True
    hears(mind, "We call you back on 4 1 5, 5 5 5, 0 1 2 3. Is this number right? For yes, press 1. no, 2.")
    assert hears(mind, "When shall we call you? For today at noon, press 1. none of these, 2.", at=20).kind == PRESS
    assert hears(mind, f"We remind you half an hour before. {MENU}", at=40).kind == HANG_UP
    assert mind.content
