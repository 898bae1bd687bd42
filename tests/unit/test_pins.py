"""Secret numbers with the core alone: what is refused, what is looked up, and what is hidden."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import codes
from core import phrases as say
from core.dialogue import needs
from core.pins import hides, objection
from core.types import (
    SECRET,
    Address,
    CaseDetails,
    CaseStatus,
    CheckHelper,
    CheckPin,
    ComparePin,
    Conversation,
    Inbound,
    Kind,
    Known,
    Medium,
    PinCheck,
    Place,
    Scene,
    SealPin,
    Understanding,
)
from tests.unit.town import AT, CALLER, TOWN, Line, call, effects, said, state, top

REFERENCE = codes.reference(86351206)
DETAILS = CaseDetails(service="card", opened=AT, answers={"age": 72})
DIGITS = st.text("0123456789", min_size=1, max_size=8)


def standing(scene: Scene, value: str = REFERENCE, about: str = "", medium: Medium = Medium.VOICE) -> Conversation:
    place = (Place(scene=Scene.HOME), Place(scene=scene, value=value, about=about))
    address = Address(channel="voice", value=CALLER)
    return Conversation(id="c", medium=medium, address=address, language="en", place=place)


def keyed(digits: str, kind: Kind = Kind.KEYS) -> Inbound:
    words, keys = ("", digits) if kind is Kind.KEYS else (digits, "")
    at = {"message_id": "m", "at": AT}
    return Inbound(conversation="c", medium=Medium.VOICE, address=None, kind=kind, keys=keys, text=words, **at)  # type: ignore[arg-type]  # a test's shorthand


@given(DIGITS)
def test_whatever_is_taken_is_hard_to_guess(digits: str) -> None:
    if objection(digits, REFERENCE, CALLER) is not None:
        return
    assert 4 <= len(digits) <= 6
    assert len(set(digits)) > 1
    assert digits not in CALLER
    assert digits not in REFERENCE
    assert digits not in "01234567890123456789"
    assert digits not in "98765432109876543210"
    assert not (len(digits) == 4 and digits[:2] in ("19", "20"))


def test_most_numbers_of_four_digits_may_be_chosen() -> None:
    taken = [n for n in range(10_000) if objection(f"{n:04d}", REFERENCE, CALLER) is None]
    assert len(taken) > 9_600


@pytest.mark.parametrize("digits", ["٤٧١٩", "²³¹⁴", "12a4", "", "47 19"])
def test_only_plain_digits_are_a_number(digits: str) -> None:
    assert objection(digits, REFERENCE, "") == say.PIN_LENGTH
    for scene in SECRET:
        assert needs(standing(scene), keyed(digits), Understanding(), TOWN) == ()


def test_what_is_looked_up_depends_on_what_is_asked() -> None:
    wanted = {
        Scene.PIN_NEW: SealPin(digits="4719"),
        Scene.PIN: CheckPin(reference=REFERENCE, digits="4719"),
        Scene.HELPER: CheckHelper(reference=REFERENCE, address=Address(channel="voice", value=CALLER), digits="4719"),
    }
    for scene, need in wanted.items():
        assert needs(standing(scene), keyed("4719"), Understanding(), TOWN) == (need,)
    sure = standing(Scene.PIN_SURE, f"{REFERENCE} $sealed")
    assert needs(sure, keyed("4719"), Understanding(), TOWN) == (ComparePin(sealed="$sealed", digits="4719"),)


def test_no_need_shows_the_digits_when_it_is_printed() -> None:
    address = Address(channel="voice", value=CALLER)
    for need in (
        SealPin(digits="4719"),
        ComparePin(sealed="$sealed", digits="4719"),
        CheckPin(reference=REFERENCE, digits="4719"),
        CheckHelper(reference=REFERENCE, address=address, digits="4719"),
    ):
        assert "4719" not in repr(need)
        assert "$sealed" not in repr(need)


def test_a_number_that_is_easy_to_guess_is_never_sealed() -> None:
    assert needs(standing(Scene.PIN_NEW), keyed("1234"), Understanding(), TOWN) == ()


@pytest.mark.parametrize("scene", sorted(SECRET))
def test_what_comes_where_a_secret_number_is_asked_is_hidden(scene: Scene) -> None:
    for kind in (Kind.KEYS, Kind.TEXT):
        assert hides(keyed("4719", kind), standing(scene))
    assert not hides(keyed("", Kind.SILENCE), standing(scene))


def test_digits_that_are_no_number_of_ours_are_hidden_where_one_is_asked() -> None:
    number = standing(Scene.NUMBER)
    assert [n for n in range(1, 11) if hides(keyed("4" * n), number)] == [2, 4, 5, 6, 7, 8, 10]
    assert hides(keyed("47 19", Kind.TEXT), number)
    assert not hides(keyed("a person please", Kind.TEXT), number)
    assert not hides(keyed("4719"), replace(number, medium=Medium.SMS))
    assert not hides(keyed("4719"), standing(Scene.HOME))


def asked(**known: object) -> Line:
    """A call that asks for the secret number of a case."""
    line = call("1", "8")
    line.press(REFERENCE, case=CaseStatus.IN_WORK, openable=True, **known)
    line.press("1")
    return line


def test_how_far_a_case_is_stays_to_be_heard_again() -> None:
    line = call("1", "8")
    turn = line.press(REFERENCE, case=CaseStatus.IN_WORK, openable=True)
    assert said(turn) == [say.CASE_IN_WORK.id, say.ASK_ELSE.id]
    assert said(line.press("9")) == said(turn)
    assert top(line.press("*")).scene is Scene.HOME


def test_the_right_number_tells_the_case_and_a_wrong_one_is_counted() -> None:
    line = asked()
    line.press("1")
    wrong = line.press("4718", pin=PinCheck.WRONG)
    assert (said(wrong)[0], effects(wrong)) == (say.PIN_WRONG.id, ["CountPinTry"])
    right = line.press("4719", pin=PinCheck.RIGHT, details=DETAILS)
    assert said(right) == [say.CASE_IS.id, say.READ_BACK.id, say.ASK_ELSE.id]
    assert effects(right) == ["Admit"]


def test_a_number_of_another_length_is_told_in_the_same_words_and_not_counted() -> None:
    line = asked()
    line.press("1")
    turn = line.press("471")
    assert (said(turn)[0], effects(turn)) == (say.PIN_WRONG.id, [])


def test_the_third_wrong_number_in_a_row_is_counted_and_leads_to_a_person() -> None:
    line = asked()
    line.press("1")
    turn = [line.press("4718", pin=PinCheck.WRONG) for _ in range(3)][-1]
    assert effects(turn) == ["RequestHandoff", "Transfer", "CountPinTry"]


def test_a_closed_case_leads_to_a_person() -> None:
    line = asked()
    line.press("1")
    turn = line.press("4719", pin=PinCheck.CLOSED)
    assert said(turn)[0] == say.PIN_CLOSED.id
    assert effects(turn) == ["RequestHandoff", "Transfer"]
    assert state(line).place[-1].scene is Scene.CASE


def test_words_are_no_number() -> None:
    line = asked()
    line.press("1")
    assert said(line.write(""))[0] == say.NOT_ALOUD.id


def test_a_case_of_a_service_that_is_gone_tells_only_when_it_was_sent() -> None:
    line = asked()
    line.press("1")
    turn = line.press("4719", pin=PinCheck.RIGHT, details=replace(DETAILS, service="gone"))
    assert said(turn) == [say.CASE_WAS.id, say.ASK_ELSE.id]


def test_a_call_that_ends_drops_what_was_keyed_once() -> None:
    line = call("1")
    line.now = standing(Scene.PIN_SURE, f"{REFERENCE} $sealed")
    assert "$sealed" not in str(line.do(Kind.HANG_UP).conversation)


def test_a_new_number_does_not_show_when_it_is_printed() -> None:
    assert "$sealed" not in repr(Known(emergency="911", offices={}, today=AT.date(), sealed="$sealed"))
