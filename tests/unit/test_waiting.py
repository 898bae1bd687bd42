"""How long the wait for a person may be: the figure, what is said of it, and when."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import phrases as say
from core.types import Command, Kind, Medium, Mode, Phrase, Transfer, Understanding
from core.waiting import LEAST, LINE, LONGER, STEPS, minutes, sentence, usual
from tests.unit.town import FIRE, HALL, Line, call, command, said, text

TAKEN = [(float(seconds), True) for seconds in range(10, 110, 10)]
"""Ten that staff took, after 10, 20 ... 100 seconds."""

THERE = frozenset({""})


def waited(seconds: float) -> dict[str, float]:
    """What is known where people wait so long, whomever they want."""
    return {"": seconds, "streets": seconds}


def test_four_of_five_were_taken_by_then() -> None:
    assert usual(TAKEN) == 80
    assert usual(reversed(TAKEN)) == 80


def test_of_too_few_nothing_is_known() -> None:
    assert usual([]) is None
    assert usual(TAKEN[1:]) is None
    assert usual([*TAKEN[1:], (5.0, False)]) is None, "who was not taken does not make them enough"


def test_one_very_long_wait_changes_little() -> None:
    assert usual([*TAKEN[:-1], (100_000.0, True)]) == 80


def test_who_waits_still_or_gave_up_is_no_quick_one() -> None:
    assert usual([*TAKEN, *[(50.0, False)] * 3]) == 90
    assert usual([*TAKEN, *[(500.0, False)] * 3]) == inf, "more than one of five were never taken"


def test_who_came_this_moment_makes_no_wait_longer() -> None:
    assert usual([*TAKEN, *[(1.0, False)] * 50]) == 80


waits = st.lists(st.tuples(st.floats(0, 10_000), st.booleans()), max_size=60)


@given(waits)
def test_the_figure_is_a_wait_that_was_or_none(given: list[tuple[float, bool]]) -> None:
    found = usual(given)
    assert (found is None) == (sum(took for _, took in given) < LEAST)
    assert found is None or found == inf or (found, True) in given


@given(waits, st.floats(0, 10_000))
def test_one_more_who_waits_for_longer_than_all_makes_no_wait_shorter(
    given: list[tuple[float, bool]], more: float
) -> None:
    before, after = usual(given), usual([*given, (10_000 + more, False)])
    assert (before is None) == (after is None)
    assert before is None or (after is not None and after >= before)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, 1), (60, 1), (61, 2), (120, 2), (121, 5), (300, 5), (301, 10), (601, 30), (1800, 30), (1801, LONGER)],
)
def test_a_wait_is_rounded_up(seconds: float, told: int) -> None:
    assert minutes(seconds, 0, voice=False) == told


def test_a_caller_is_told_of_no_more_than_the_line_lets_them_wait() -> None:
    assert minutes(LINE, 0, voice=True) * 60 <= LINE
    assert minutes(LINE + 1, 0, voice=True) == LONGER
    assert minutes(inf, 0, voice=True) == LONGER


@given(st.none() | st.floats(0), st.sampled_from((0, *STEPS, LONGER)), st.booleans())
def test_nothing_shorter_is_ever_said_than_before(seconds: float | None, told: int, voice: bool) -> None:
    now = minutes(seconds, told, voice=voice)
    assert now == 0 if seconds is None else now >= max(told, 1)
    assert now in (0, *STEPS, LONGER)


@pytest.mark.parametrize(
    ("now", "voice", "phrase"),
    [
        (1, True, say.wait(1)),
        (LONGER, True, say.THEN_OFFICE),
        (1, False, say.wait(1)),
        (10, False, say.wait(10)),
        (30, False, say.WAIT_HALF_HOUR),
        (LONGER, False, say.WAIT_LONGER),
    ],
)
def test_each_has_a_sentence(now: int, voice: bool, phrase: Phrase) -> None:
    assert sentence(now, voice=voice) == phrase


# --- in the dialogue


def test_in_writing_the_first_answer_tells_the_wait_and_later_ones_do_not() -> None:
    line = text("1")
    assert said(line.write("0", waits=waited(130))) == [say.WAITING_TEXT.id, say.wait(5).id, say.CALL_US.id]
    assert said(line.write("0", waits=waited(130))) == [say.WAITING_TEXT.id, say.CALL_US.id]


def test_nothing_is_said_where_nothing_is_known() -> None:
    assert said(text("1").write("0", waits={"parks": 100.0})) == [say.WAITING_TEXT.id, say.CALL_US.id]
    assert said(call("1").press("0", on_duty=THERE)) == [say.PUTTING_THROUGH.id]


def test_a_closed_office_says_when_it_opens_and_no_wait() -> None:
    line = Line(medium=Medium.SMS, open_now=False)
    line.write("hi", Understanding(language="en"))
    assert said(line.write("0", waits=waited(130))) == [say.WAITING_CLOSED.id, say.CALL_US.id]


def test_who_asks_again_later_hears_nothing_shorter() -> None:
    line = text("1")
    line.write("0", waits=waited(500))
    assert command(line, Command.START).conversation.mode is Mode.BOT
    assert say.wait(10) in [p.phrase for p in line.write("0", waits=waited(30)).prompts]


@pytest.mark.parametrize("over", [Kind.CLAIM, Kind.CLOSE, Kind.HAND_BACK])
def test_once_a_person_came_the_next_wait_is_told_anew(over: Kind) -> None:
    line = text("1")
    line.write("0", waits=waited(500))
    assert line.do(over).conversation.wait_told == 0


def test_a_request_that_is_let_go_waits_on() -> None:
    line = text("1")
    line.write("0", waits=waited(500))
    assert line.do(Kind.RELEASE).conversation.wait_told == 10


def test_a_caller_hears_it_and_the_line_knows_what_they_heard() -> None:
    turn = call("1").press("0", on_duty=THERE, waits=waited(40))
    assert said(turn) == [say.PUTTING_THROUGH.id, say.wait(1).id]
    assert Transfer(phone=HALL, queued=True, wait_told=1) in turn.effects
    turn = call("1").press("0", on_duty=THERE, waits=waited(70))
    assert said(turn) == [say.PUTTING_THROUGH.id, say.THEN_OFFICE.id]


def test_put_through_again_a_caller_hears_it_no_second_time() -> None:
    line = call("1", "1", "1")
    line.press("0", on_duty=THERE, waits=waited(40))
    turn = line.press("5", on_duty=THERE, waits=waited(40))
    assert said(turn) == [say.PUTTING_THROUGH.id]
    assert turn.effects == (Transfer(phone=HALL, queued=True, department="streets", wait_told=1),)


def test_whose_call_rings_at_the_office_at_once_hears_no_wait() -> None:
    assert said(call("1").press("0", waits=waited(40))) == [say.PUTTING_THROUGH.id]


def test_after_a_talk_the_next_wait_is_told_anew() -> None:
    line = call("1")
    line.press("0", on_duty=THERE, waits=waited(40))
    assert line.do(Kind.DIAL, text="completed").conversation.wait_told == 0


def test_who_waited_in_vain_hears_nothing_shorter_when_they_ask_again() -> None:
    line = call("1")
    line.press("0", on_duty=THERE, waits=waited(40))
    line.do(Kind.DIAL, text="no-answer")
    line.press("1")
    assert said(line.press("0", on_duty=THERE, waits=waited(40))) == [say.PUTTING_THROUGH.id, say.THEN_OFFICE.id]


def test_in_danger_nothing_is_said_of_a_wait() -> None:
    line = call("1")
    line.write("fire", FIRE)
    assert said(line.press("1", on_duty=THERE, waits=waited(40))) == [say.EMERGENCY.id, say.PUTTING_THROUGH.id]


def test_who_needs_an_interpreter_is_told_no_ordinary_wait() -> None:
    assert say.wait(1).id not in said(call().press("3", on_duty=THERE, waits=waited(40)))
